/** @file The media process as async functions: probing, tags, peaks, pictures, transcoding. When it dies it is started again, and the file that killed it is found. */
import { AppError } from '../../base/index.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import type { MediaAnswers, MediaReply, MediaRequest, MediaTask } from './messages.ts';

type Waiting = { resolve(value: unknown): void; reject(error: unknown): void; timer: NodeJS.Timeout };

/** A task that has not answered for this long is taken for stuck. */
const stuckAfterMs = 10 * 60_000;

/** Runs media tasks in a child process that is started when first needed. */
export class MediaWorker {
  readonly #entry: URL;
  readonly #waiting = new Map<number, Waiting>();
  #child: Child<MediaRequest> | undefined;
  #nextId = 1;
  #isClosed = false;
  /** Retries of suspects run one after the other, with nothing beside them. */
  #alone: Promise<unknown> = Promise.resolve();
  #aloneCount = 0;
  #idle: (() => void)[] = [];

  /** @param entry `worker/media-process` */
  constructor(entry: URL) {
    this.#entry = entry;
  }

  /**
   * Carries out a task. A file during which the process dies is tried once more alone; if it dies again the file is the reason.
   * @throws AppError what the task threw, DECODER_CRASHED, or CANCELLED after `close`
   */
  async run<Type extends MediaTask['type']>(task: Extract<MediaTask, { type: Type }>): Promise<MediaAnswers[Type]> {
    while (this.#aloneCount > 0) await this.#alone.catch(() => undefined);
    try {
      return (await this.#attempt(task)) as MediaAnswers[Type];
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'DECODER_CRASHED' || this.#isClosed) throw error;
      return (await this.#runAlone(task)) as MediaAnswers[Type];
    }
  }

  /** Ends the process; tasks under way fail as cancelled. */
  close(): void {
    this.#isClosed = true;
    this.#child?.kill();
  }

  async #runAlone(task: MediaTask): Promise<unknown> {
    this.#aloneCount++;
    const turn = this.#alone
      .catch(() => undefined)
      .then(async () => {
        while (this.#waiting.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
        return this.#attempt(task);
      });
    this.#alone = turn;
    try {
      return await turn;
    } finally {
      this.#aloneCount--;
    }
  }

  #attempt(task: MediaTask): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new AppError('CANCELLED', 'Earmark is closing.'));
    this.#child ??= startChild<MediaRequest, MediaReply>(this.#entry, {
      onMessage: (reply) => this.#settle(reply),
      onExit: (how) => this.#failAll(how),
    });
    const child = this.#child;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => child.kill(), stuckAfterMs);
      timer.unref();
      this.#waiting.set(id, { resolve, reject: (error) => reject(nameFile(error, task.path)), timer });
      child.send({ id, task });
    });
  }

  #settle(reply: MediaReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    this.#waiting.delete(reply.id);
    clearTimeout(waiting.timer);
    if ('error' in reply) waiting.reject(AppError.fromData(reply.error));
    else waiting.resolve(reply.value);
    if (this.#waiting.size === 0) for (const wake of this.#idle.splice(0)) wake();
  }

  #failAll(how: string): void {
    this.#child = undefined;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    const code = this.#isClosed ? 'CANCELLED' : 'DECODER_CRASHED';
    for (const { reject, timer } of all) {
      clearTimeout(timer);
      reject(new AppError(code, how));
    }
    for (const wake of this.#idle.splice(0)) wake();
  }
}

function nameFile(error: unknown, path: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'DECODER_CRASHED') return error;
  const message = `The decoder process ${error.message} while it read ${path}. The file is skipped; "Try again" reads it once more.`;
  return new AppError('DECODER_CRASHED', message, { details: { path } });
}
