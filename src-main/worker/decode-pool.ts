/**
 * @file Decoding on several threads. A thread works on one file at a time; a file waits until one is free. Blocks are handed over without
 * copying, and a thread stops after a few that nobody has taken. A thread that dies fails the file that it worked on and is replaced.
 */
import { defaultBlockSamples } from '../audio/index.ts';
import type { AudioProbe } from '../audio/index.ts';
import { AppError, assert, AsyncQueue } from '../base/index.ts';
import type { DecodeEnd, DecodeTask, FromThread } from './decode-messages.ts';
import { closed, DecodeWorker } from './decode-worker.ts';

/** How a pool is set up. */
export type DecodePoolOptions = {
  /** How many files are worked on at a time. */
  threads: number;
  /** The thread's program, where it does not lie beside this file. */
  entry?: URL;
};

/** What {@link DecodePool.decode} is asked for. */
export type PoolDecodeOptions = {
  /** Hertz. */
  sampleRate: number;
  signal?: AbortSignal;
  blockSamples?: number;
  /** As `decodeMono` has them. */
  inParts?: boolean;
  startMs?: number;
  endMs?: number;
};

/** Blocks of one file that may wait to be taken. */
const blocksAhead = 3;

/** Threads that decode. They are started when they are first needed. */
export class DecodePool {
  readonly #threads: number;
  readonly #entry: URL;
  readonly #running = new Set<DecodeWorker>();
  readonly #idle: DecodeWorker[] = [];
  #waiting: { take: (worker: DecodeWorker) => void; fail: (error: AppError) => void }[] = [];
  #isClosed = false;

  constructor({ threads, entry = new URL('./decode-thread.ts', import.meta.url) }: DecodePoolOptions) {
    assert(threads >= 1, 'a pool of at least one thread');
    this.#threads = threads;
    this.#entry = entry;
  }

  /**
   * Tells what a file holds, without decoding it.
   * @param path stored form (see `toStoredPath`)
   * @throws AppError as `probeAudio`; DECODER_CRASHED
   */
  async probe(path: string): Promise<AudioProbe> {
    const answer = await this.#carryOut({ type: 'probe', path });
    assert(answer.type === 'probed', 'a probe for an answer');
    return answer.probe;
  }

  /**
   * Writes a FLAC copy of a file's sound.
   * @throws AppError as `transcodeToFlac`; DECODER_CRASHED
   */
  async transcodeToFlac(path: string, outPath: string): Promise<void> {
    await this.#carryOut({ type: 'transcode', path, outPath });
  }

  /**
   * Makes a file's fingerprint.
   * @throws AppError as `printAudio`; DECODER_CRASHED
   */
  async fingerprint(path: string): Promise<Uint8Array> {
    const answer = await this.#carryOut({ type: 'fingerprint', path });
    assert(answer.type === 'printed', 'a fingerprint for an answer');
    return answer.print;
  }

  /**
   * Decodes a file to mono. The thread is free again when the generator has ended, in whatever way.
   * @param path stored form (see `toStoredPath`)
   * @returns blocks of float32 samples; at the end the summary with the outline's bins (`peaksPerSecond`)
   * @throws AppError as `decodeMono`; CANCELLED; DECODER_CRASHED
   */
  async *decode(path: string, options: PoolDecodeOptions): AsyncGenerator<Float32Array, DecodeEnd> {
    const { signal, blockSamples = defaultBlockSamples, inParts = false, ...wanted } = options;
    const worker = await this.#acquire(signal);
    const answers = new AsyncQueue<FromThread>(Infinity);
    const abort = (): void => answers.fail(cancelled());
    try {
      if (signal?.aborted === true) throw cancelled();
      signal?.addEventListener('abort', abort, { once: true });
      const listener = { hear: (message: FromThread) => void answers.push(message), fail: (error: AppError) => answers.fail(error) };
      worker.begin({ type: 'decode', path, blockSamples, inParts, ...wanted }, listener);
      for (let i = 0; i < blocksAhead; i++) worker.askMore();
      for await (const answer of answers) {
        if (answer.type === 'block') {
          worker.askMore();
          yield answer.samples;
        } else if (answer.type === 'decoded') return answer.end;
        else if (answer.type === 'failed') throw AppError.fromData(answer.error);
      }
      throw new AppError('INTERNAL', `Decoding ${path} ended without a result.`);
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#release(worker);
    }
  }

  /** Ends every thread; what is under way fails as cancelled. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { fail } of waiting) fail(closed());
    await Promise.all([...this.#running].map((worker) => worker.close()));
    this.#running.clear();
    this.#idle.length = 0;
  }

  async #carryOut(task: DecodeTask): Promise<FromThread> {
    const worker = await this.#acquire();
    try {
      const answer = await new Promise<FromThread>((resolve, reject) => worker.begin(task, { hear: resolve, fail: reject }));
      if (answer.type === 'failed') throw AppError.fromData(answer.error);
      return answer;
    } finally {
      this.#release(worker);
    }
  }

  async #acquire(signal?: AbortSignal): Promise<DecodeWorker> {
    if (this.#isClosed) throw closed();
    if (signal?.aborted === true) throw cancelled();
    for (let worker = this.#idle.pop(); worker !== undefined; worker = this.#idle.pop()) {
      if (!worker.isDead) return worker;
      this.#running.delete(worker);
    }
    if (this.#running.size < this.#threads) return this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<DecodeWorker>();
    const place = { take: resolve, fail: reject };
    const leave = (): void => {
      this.#waiting = this.#waiting.filter((other) => other !== place);
      reject(cancelled());
    };
    this.#waiting.push(place);
    signal?.addEventListener('abort', leave, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', leave));
  }

  #start(): DecodeWorker {
    const worker = new DecodeWorker(this.#entry);
    this.#running.add(worker);
    return worker;
  }

  /** Takes a worker back; the file that has waited longest gets it, or another one in its place when it has died. */
  #release(worker: DecodeWorker): void {
    worker.end();
    if (worker.isDead) this.#running.delete(worker);
    if (this.#isClosed) return;
    const next = this.#waiting.shift();
    if (next !== undefined) next.take(worker.isDead ? this.#start() : worker);
    else if (!worker.isDead) this.#idle.push(worker);
  }
}

function cancelled(): AppError {
  return new AppError('CANCELLED', 'The work was cancelled.');
}
