/** @file The threads that search among vectors. They start when they are first needed; when one dies all go, and the next question starts new ones. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../base/index.ts';
import type { ErrorData } from '../../base/index.ts';
import { steadyThreads } from '../../base/steady-threads.ts';
import type { ScanTasks } from '../../store/index.ts';

/** What a thread is asked. */
export type ScanOrder = { [Name in keyof ScanTasks]: { id: number; name: Name; input: ScanTasks[Name]['input'] } }[keyof ScanTasks];
/** What it answers. */
export type ScanAnswer = { id: number; output: unknown } | { id: number; error: ErrorData };

/** More threads than this gain little: the memory is what limits a scan. */
const mostThreads = 4;

/** A thread computes in memory that is shared; its own heap holds messages. V8 would give each one's young generation as much as the core's. */
const threadLimits = { maxYoungGenerationSizeMb: 8 };

type Waiting = { resolve: (output: never) => void; reject: (error: AppError) => void };
type Thread = { worker: Worker; exited: Promise<void> };

/** Running threads. */
export class ScanPool {
  /** How many threads there are. */
  readonly size = Math.min(mostThreads, availableParallelism());
  readonly #entry: URL;
  readonly #onDeath: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #threads: Thread[] = [];
  #next = 0;
  #isClosed = false;

  /** @param onDeath hears that the threads, and every space that they had, are gone */
  constructor(entry: URL, onDeath: () => void) {
    this.#entry = entry;
    this.#onDeath = onDeath;
  }

  /** Asks one thread. @throws AppError of the task; INTERNAL when the threads died, CANCELLED when they were closed */
  run<Name extends keyof ScanTasks>(thread: number, name: Name, input: ScanTasks[Name]['input']): Promise<ScanTasks[Name]['output']> {
    if (this.#isClosed) return Promise.reject(closed());
    if (this.#threads.length === 0) this.#threads = Array.from({ length: this.size }, (_, i) => this.#start(i));
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<ScanTasks[Name]['output']>();
    this.#waiting.set(id, { resolve, reject });
    this.#threads[thread]?.worker.postMessage({ id, name, input });
    return promise;
  }

  /** Asks every thread the same. */
  all<Name extends keyof ScanTasks>(name: Name, input: ScanTasks[Name]['input']): Promise<ScanTasks[Name]['output'][]> {
    return Promise.all(Array.from({ length: this.size }, (_, thread) => this.run(thread, name, input)));
  }

  /** Hands out inputs one after the other to whichever thread is free; `take` hears the outputs in the inputs' order. */
  async deal<Name extends keyof ScanTasks>(
    name: Name,
    inputs: readonly ScanTasks[Name]['input'][],
    take: (output: ScanTasks[Name]['output'], index: number) => Promise<void> | void,
  ): Promise<void> {
    let next = 0;
    let taken = Promise.resolve();
    const work = async (thread: number): Promise<void> => {
      while (next < inputs.length) {
        const index = next++;
        const before = taken;
        const { promise, resolve } = Promise.withResolvers<void>();
        taken = promise;
        try {
          const output = await this.run(thread, name, inputs[index] as ScanTasks[Name]['input']);
          await before;
          await take(output, index);
        } catch (error) {
          next = inputs.length;
          throw error;
        } finally {
          resolve();
        }
      }
    };
    await Promise.all(Array.from({ length: this.size }, (_, thread) => work(thread)));
  }

  /** Ends the threads; what waits fails as cancelled. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const threads = this.#threads;
    this.#fail(closed());
    for (const { worker } of threads) worker.postMessage('close');
    await Promise.all(threads.map(({ exited }) => exited));
  }

  #start(thread: number): Thread {
    steadyThreads();
    const worker = new Worker(this.#entry, { workerData: { thread }, resourceLimits: threadLimits });
    worker.on('message', (answer: ScanAnswer) => this.#take(answer));
    const { promise: exited, resolve } = Promise.withResolvers<void>();
    let cause: unknown;
    worker.on('error', (error: unknown) => (cause = error));
    worker.on('exit', () => {
      resolve();
      if (!this.#threads.some((one) => one.worker === worker)) return;
      const why = cause instanceof Error ? `: ${cause.message}` : '';
      const others = this.#threads;
      this.#fail(new AppError('INTERNAL', `A thread that searches for similar music ended${why}. Search again.`, { cause }));
      for (const one of others) void one.worker.terminate();
      this.#onDeath();
    });
    return { worker, exited };
  }

  #take(answer: ScanAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(AppError.fromData(answer.error));
    else waiting?.resolve(answer.output as never);
  }

  #fail(error: AppError): void {
    this.#threads = [];
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function closed(): AppError {
  return new AppError('CANCELLED', 'The search was ended.');
}
