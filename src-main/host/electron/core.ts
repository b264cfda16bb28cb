/** @file Entry of the core inside Electron, a utility process: thin wiring of `host/core.ts` to main's messages and the windows' ports. */
import type { MessagePortMain } from 'electron';
import { contained, defectLine, toAppError } from '../../base/index.ts';
import { electronPort, servePort } from '../../rpc/index.ts';
import { sourceEntries, startCore } from '../core.ts';
import { demoDirectory } from '../demo-directory.ts';
import { experimentsDirectory } from '../experiments-directory.ts';
import { publishedFrom } from '../published-from.ts';
import { goOnAfterDefects } from '../last-line.ts';
import type { Core } from '../core.ts';
import { watchStarter } from '../starter.ts';
import { watchCore } from './core-watch.ts';
import { coreAnswers } from './core-answers.ts';
import type { CoreQuestions, FromCore, MainQuestions, ToCore } from './core-messages.ts';
import { sendMedia } from './media-stream.ts';
import { isQuestionMessage, Questions } from './questions.ts';

const post = (message: FromCore): void => process.parentPort.postMessage(message);
const report = (error: unknown): void => post({ type: 'defect', text: defectLine(error) });

watchStarter();
let core: Core | undefined;
const questions = new Questions<MainQuestions, CoreQuestions>(
  post,
  coreAnswers(
    () => core,
    () => process.exit(0),
  ),
);

goOnAfterDefects(report);
// Ctrl-C in a terminal reaches every process; main decides and asks this one to close.
process.on('SIGINT', () => undefined);

async function start({ dataDirectory, version }: Extract<ToCore, { type: 'start' }>): Promise<void> {
  try {
    core = await startCore({
      dataDirectory,
      host: {
        kind: 'electron',
        version,
        chooseFolder: () => questions.ask('chooseFolder', null),
        chooseWeights: () => questions.ask('chooseWeights', null),
        reveal: async (path) => void (await questions.ask('reveal', { path })),
      },
      entries: sourceEntries,
      report,
      publishedFrom: publishedFrom(),
      demoDirectory: demoDirectory(),
      experimentsDirectory: experimentsDirectory(),
    });
    post({ type: 'ready', theme: core.theme() });
    watchCore(core, post, report);
  } catch (error) {
    post({ type: 'failed', error: toAppError(error, 'start').toData() });
  }
}

function receive(message: ToCore, port: MessagePortMain | undefined): void {
  if (isQuestionMessage(message)) questions.receive(message);
  else if (message.type === 'start') void start(message);
  else if (core === undefined || port === undefined) port?.close();
  else if (message.type === 'window') servePort(core.router, electronPort(port));
  else void sendMedia(core.media, message.order, port).catch(report);
}

process.parentPort.on(
  'message',
  contained(
    ({ data, ports }) => receive(data as ToCore, ports[0]),
    (error, { ports }) => {
      ports[0]?.close();
      report(error);
    },
  ),
);
