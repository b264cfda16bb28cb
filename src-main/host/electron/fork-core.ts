/** @file Starts the core as a utility process of Electron. */
import { utilityProcess } from 'electron';
import type { MessagePortMain } from 'electron';
import { contained } from '../../base/index.ts';
import { tellDefect } from '../last-line.ts';
import { starterVariable } from '../starter.ts';
import type { CoreProcess } from './core-keeper.ts';
import type { FromCore } from './core-messages.ts';

/** @param entry the built `core.js` */
export function forkCore(entry: string): CoreProcess<MessagePortMain> {
  const env = { ...process.env, [starterVariable]: String(process.pid) };
  const child = utilityProcess.fork(entry, [], { serviceName: 'Earmark core', stdio: 'inherit', env });
  return {
    post: (message, ports = []) => child.postMessage(message, ports),
    onMessage: (listener) =>
      void child.on(
        'message',
        contained((message: FromCore) => listener(message), tellDefect),
      ),
    onExit: (listener) => void child.once('exit', (code) => listener(code)),
    kill: () => void child.kill(),
  };
}
