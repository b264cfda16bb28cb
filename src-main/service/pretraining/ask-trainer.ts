/** @file Short questions to a training process of their own: what a run would take, what it would hear. One at a time. */
import { AppError } from '../../base/index.ts';
import { startChild } from '../processes/child.ts';
import type { RowsInParts } from './known-rows.ts';
import type { TrainReply, TrainRequest } from '../processes/train-messages.ts';

type Question = Extract<TrainRequest, { type: 'estimate' | 'hear' }>;
type Answers = { estimate: Extract<TrainReply, { type: 'estimated' }>; hear: Extract<TrainReply, { type: 'heard' }> };

/** Asks training processes, one after the other, so that a measurement is not disturbed by another. */
export class TrainerQuestions {
  readonly #entry: URL;
  readonly #closing = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  /** @param entry `worker/train-process` */
  constructor(entry: URL) {
    this.#entry = entry;
  }

  /** @param rows what it is fed with, where it asks @throws AppError what the process could not do; DEVICE_FAILED when it died; CANCELLED when the signal fires */
  async ask<Type extends Question['type']>(
    question: Extract<Question, { type: Type }>,
    signal: AbortSignal,
    rows?: Pick<RowsInParts, 'next'>,
  ): Promise<Answers[Type]> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const turn = this.#last.then(() => this.#ask(question, either, rows));
    this.#last = turn.catch(() => undefined);
    return (await turn) as Answers[Type];
  }

  /** Ends the question under way, and those that wait. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#last;
  }

  #ask(question: Question, signal: AbortSignal, rows?: Pick<RowsInParts, 'next'>): Promise<Answers[Question['type']]> {
    const { promise, resolve, reject } = Promise.withResolvers<Answers[Question['type']]>();
    if (signal.aborted) return Promise.reject(cancelled());
    let answer: Answers[Question['type']] | undefined;
    let failure: AppError | undefined;
    const leave = (): void => child.kill();
    const child = startChild<TrainRequest, TrainReply>(this.#entry, {
      onMessage: (reply) => {
        if (reply.type === 'estimated' || reply.type === 'heard') answer = reply;
        else if (reply.type === 'failed') failure = AppError.fromData(reply.error);
        else if (reply.type === 'rowsWanted') return child.send({ type: 'rows', rows: rows?.next() ?? null });
        else return;
        child.kill();
      },
      onExit: (how) => {
        signal.removeEventListener('abort', leave);
        if (answer !== undefined) resolve(answer);
        else reject(signal.aborted ? cancelled() : (failure ?? died(how)));
      },
    });
    signal.addEventListener('abort', leave);
    child.send(question);
    return promise;
  }
}

const cancelled = (): AppError => new AppError('CANCELLED', 'The work was cancelled.');

function died(how: string): AppError {
  const way = 'Choose a smaller batch, a chunk, or another device, and try again.';
  return new AppError('DEVICE_FAILED', `The training process ${how}. ${way}`);
}
