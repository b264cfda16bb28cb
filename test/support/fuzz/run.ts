/** @file A real core under contract messages from a seed: real store, services and router, real processes but for training; every answer is looked at. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCodes, seededRandom } from '../../../src-main/base/index.ts';
import { sourceEntries, startCore } from '../../../src-main/host/core.ts';
import type { Core } from '../../../src-main/host/core.ts';
import { pretraining } from '../../../src-main/contract/index.ts';
import type { TrackId } from '../../../src-main/contract/index.ts';
import { memoryPorts, servePort } from '../../../src-main/rpc/index.ts';
import type { Port } from '../../../src-main/rpc/index.ts';
import { writeWav } from '../wav.ts';
import { fuzzMessages } from './messages.ts';
import type { FuzzMessage, FuzzPaths } from './messages.ts';

/** What came of all messages. `wrong`: answers that no call may have; each with its procedure and the message. */
export type FuzzResult = {
  sent: number;
  valid: number;
  malformed: number;
  results: number;
  errors: Map<string, number>;
  wrong: string[];
  /** Of each procedure: valid messages, those with a result, the slowest answer in ms. */
  procedures: Map<string, { valid: number; results: number; slowestMs: number }>;
};

/** Longer than any call takes; one that is not answered by then hangs. */
const hangsAfterMs = 300_000;
const inFlight = 60;

type Answer = { i: string; t?: number; p?: { s?: number; b?: { json?: { code?: string; message?: string } } } };

/** Sends `count` valid messages and malformed ones beside them. */
export async function fuzzCore({
  seed,
  count,
  onProgress = () => undefined,
}: {
  seed: number;
  count: number;
  onProgress?: (so: FuzzResult) => void;
}): Promise<FuzzResult> {
  const root = mkdtempSync(join(tmpdir(), 'earmark-fuzz-'));
  const wrong: string[] = [];
  const core = await openCore(root, wrong);
  try {
    return await sendAll(core, { messages: fuzzMessages(seededRandom(seed), count, { paths: makePaths(root) }), wrong, onProgress });
  } finally {
    await core.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function openCore(root: string, wrong: string[]): Promise<Core> {
  const music = join(root, 'music');
  mkdirSync(music);
  for (let i = 1; i <= 6; i++) writeWav(join(music, `track ${i}.wav`), { seconds: 3, seed: i });
  const core = await startCore({
    dataDirectory: join(root, 'data'),
    host: { kind: 'serve', version: '0', chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
    entries: { ...sourceEntries, trainProcess: new URL('../entries/brief-train-process.ts', import.meta.url) },
    publishedFrom: 'http://127.0.0.1:9',
    report: (error) => wrong.push(`a defect was reported: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  const { services } = core;
  const added = await services.library.addFolder(music);
  await added.settled;
  const encoder = await services.encoders.createUntrained({ sampleRate: 8000, seed: 1, name: 'one' });
  await services.encoders.index({ encoderId: encoder.id }).settled;
  await fillCore(core);
  return core;
}

/** Something of every kind, so that most calls find what they name. */
async function fillCore({ services: { handlers } }: Core): Promise<void> {
  const { signal } = new AbortController();
  const ids = [1, 2, 3] as TrackId[];
  for (const name of ['rain', 'sun', 'for sets']) {
    const { tag } = await handlers.tags.create({ name, kind: '' }, signal);
    await handlers.tags.mark({ tagIds: [tag.id], targets: ids.map((trackId) => ({ trackId })), answer: 'yes' }, signal);
    await handlers.playlists.create({ name, trackIds: ids, smart: null }, signal);
  }
  const { clmr } = pretraining.recipeDefaults;
  const settings = { ...clmr, batch: 2, encoder: pretraining.withRate(clmr.encoder, 8000) };
  for (let run = 0; run < 2; run++) await handlers.pretrain.start({ settings, selection: { kind: 'library' }, device: 'cpu' }, signal);
}

function makePaths(root: string): FuzzPaths {
  const made = join(root, 'made');
  mkdirSync(made);
  const [pipe, garbage, music] = [join(root, 'pipe.pt'), join(root, 'garbage.ckpt'), join(root, 'music')];
  if (process.platform !== 'win32') execFileSync('mkfifo', [pipe]);
  writeFileSync(garbage, Buffer.from('80027d7d7d7d4b01', 'hex'));
  const odd = ['relative/path', '.', `${root}/a\0b`, join(root, 'not there'), `${root}/${'x'.repeat(300)}`, '\u001b[2J'];
  const endings = ['.m3u8', '.jspf', '.csv', '.xml', '.safetensors', '.onnx', '.json', '.mp3', ''];
  return {
    folders: [music, root, join(root, 'music', 'track 1.wav'), join(root, 'data'), ...odd.slice(2)],
    readable: [pipe, garbage, '/dev/zero', '/dev/null', join(music, 'track 1.wav'), ...odd],
    writable: [...endings.map((ending, i) => join(made, `${i}${ending}`)), join(made, 'no/such/folder.json'), '/dev/full', pipe, ...odd],
  };
}

type Sending = { messages: Iterable<FuzzMessage>; wrong: string[]; onProgress: (so: FuzzResult) => void };

async function sendAll(core: Core, { messages, wrong, onProgress }: Sending): Promise<FuzzResult> {
  const [server, client] = memoryPorts();
  servePort(core.router, server);
  const ask = asker(client);
  const result: FuzzResult = { sent: 0, valid: 0, malformed: 0, results: 0, errors: new Map(), wrong, procedures: new Map() };
  const source = messages[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = source.next(); next.done !== true; next = source.next()) {
      const message = next.value;
      const id = String(++result.sent);
      const startedMs = performance.now();
      const answer = await ask(id, message.text(id));
      note(result, message, { answer, text: message.text(id), ms: performance.now() - startedMs });
      if (result.sent % 500 === 0) onProgress(result);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  client.close();
  return result;
}

function asker(port: Port): (id: string, text: string) => Promise<Answer | null> {
  const waiting = new Map<string, (answer: Answer) => void>();
  port.onMessage((message) => {
    const answer = JSON.parse(String(message)) as Answer;
    waiting.get(answer.i)?.(answer);
    waiting.delete(answer.i);
    // A stream has begun: that was the answer.
    if (answer.t === undefined) port.send(JSON.stringify({ i: answer.i, t: 4 }));
  });
  return async (id, text) => {
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    const hangs = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), hangsAfterMs)));
    port.send(text);
    return Promise.race([answered, hangs]).finally(() => clearTimeout(timer));
  };
}

function note(
  result: FuzzResult,
  { procedure, isValid }: FuzzMessage,
  { answer, text, ms }: { answer: Answer | null; text: string; ms: number },
): void {
  const status = answer?.p?.s ?? 200;
  const hasResult = answer !== null && status === 200;
  if (isValid) result.valid++;
  else result.malformed++;
  if (hasResult) result.results++;
  const known = result.procedures.get(procedure) ?? { valid: 0, results: 0, slowestMs: 0 };
  known.valid += isValid ? 1 : 0;
  known.results += isValid && hasResult ? 1 : 0;
  known.slowestMs = Math.max(known.slowestMs, ms);
  result.procedures.set(procedure, known);
  const fault = answer === null ? 'no answer' : hasResult ? null : faultOf(answer, result);
  if (fault !== null) result.wrong.push(`${procedure}: ${fault} to ${text.slice(0, 600)}`);
}

function faultOf(answer: Answer, { errors }: FuzzResult): string | null {
  const { code = 'none', message = '' } = answer.p?.b?.json ?? {};
  errors.set(code, (errors.get(code) ?? 0) + 1);
  const isKnown = (errorCodes as readonly string[]).includes(code);
  if (!isKnown || code === 'INTERNAL') return `${code} (${message})`;
  return message === '' || /\n\s+at /.test(message) ? `a stack or nothing (${message})` : null;
}
