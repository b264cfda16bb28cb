/** @file Child processes of the core: whatever may crash or run out of memory runs in one of these, so that it ends a job and not the app. */
import { fork } from 'node:child_process';
import { contained, defectLine } from '../../base/index.ts';
import { guardedArguments } from '../../base/parent-watch.ts';
import { registerChild } from './child-register.ts';

/** The files that child processes, and threads of the core itself, start from; the host knows where they lie. */
export type ProcessEntries = {
  indexProcess: URL;
  mediaProcess: URL;
  trainProcess: URL;
  headProcess: URL;
  conceptsProcess: URL;
  spectraProcess: URL;
  probeProcess: URL;
  weightsProcess: URL;
  databaseProcess: URL;
  scanThread: URL;
  inspectThread: URL;
  mapThread: URL;
};

/** A running child process. */
export type Child<Request> = {
  readonly pid: number | undefined;
  send(message: Request): void;
  /** Ends it at once. */
  kill(): void;
};

/**
 * `onExit` hears once, with a sentence on how it ended; a child that was killed by `kill` counts too. A message that the core cannot take ends the
 * child, with that as the reason.
 */
export type ChildListeners<Reply> = { onMessage(message: Reply): void; onExit(how: string): void };

const keptErrorOutput = 4000;

/**
 * Starts a child that speaks structured clones over its process channel. It does not outlive this process, whatever it computes (see
 * `base/parent-watch.ts`), and while it lives it stands in the registers of `child-register.ts`. `heapMegabytes` limits what its JavaScript may hold.
 */
export function startChild<Request, Reply>(
  entry: URL,
  listeners: ChildListeners<Reply>,
  { heapMegabytes }: { heapMegabytes?: number } = {},
): Child<Request> {
  const [file, ...args] = guardedArguments(entry);
  const child = fork(file, args, {
    serialization: 'advanced',
    ...(heapMegabytes === undefined ? {} : { execArgv: [...process.execArgv, `--max-old-space-size=${heapMegabytes}`] }),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Inside Electron the program is Electron itself; this makes it plain Node.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const unregister = registerChild(child.pid);
  let errorOutput = '';
  let hasEnded = false;
  const end = (how: string): void => {
    if (hasEnded) return;
    hasEnded = true;
    unregister();
    listeners.onExit(how);
  };
  // A pipe that breaks belongs to a child that ends, which is told by itself.
  child.stderr?.on('error', () => undefined);
  child.stderr?.on('data', (data: Buffer) => (errorOutput = (errorOutput + data.toString('utf8')).slice(-keptErrorOutput)));
  let failure: string | undefined;
  const giveUp = (error: unknown): void => {
    failure ??= `sent what could not be taken: ${defectLine(error)}`;
    child.kill('SIGKILL');
  };
  const hear = (message: unknown): unknown => (hasEnded ? undefined : listeners.onMessage(message as Reply));
  child.on('message', contained(hear, giveUp));
  child.on('error', (error) => end(`could not be started: ${error.message}`));
  child.on('close', (code, signal) => end(failure ?? describeExit(code, signal, errorOutput)));
  return {
    pid: child.pid,
    send: (message) => {
      // A send to a child that is about to die is answered by its exit, not by an error here.
      if (child.connected) child.send(message as Parameters<typeof child.send>[0], () => undefined);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function describeExit(code: number | null, signal: NodeJS.Signals | null, errorOutput: string): string {
  const how = signal === 'SIGKILL' ? 'was killed (out of memory?)' : signal === null ? `ended with code ${code}` : `crashed (${signal})`;
  const reason = /^(?:\w*Error|FATAL ERROR): .*$/m.exec(errorOutput)?.[0];
  return reason === undefined ? how : `${how}: ${reason.slice(0, 300)}`;
}
