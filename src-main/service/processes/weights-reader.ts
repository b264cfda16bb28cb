/**
 * @file Files of weights, read in a process of their own: they come from anywhere, and whatever one of them does to its reader, the core goes on.
 * One file of others at a time, one process a file.
 */
import { stat } from 'node:fs/promises';
import { AppError, openRegularFile } from '../../base/index.ts';
import type { ErrorData } from '../../base/index.ts';
import type { ForeignSummary, OnnxWish, PatchWish } from '../../compute/index.ts';
import { startChild } from './child.ts';
import type { ReadWeights, WeightsReply, WeightsRequest } from './weights-messages.ts';

/** What a reader's heap may hold beside the numbers; the numbers have a budget of their own (`compute/tensors/budget.ts`). */
const heapMegabytes = 1024;

type ReadOptions = {
  signal?: AbortSignal | undefined;
  wantsProjector?: boolean;
  isOwn?: boolean;
  headPath?: string | undefined;
  onnx?: OnnxWish | undefined;
  patches?: PatchWish | undefined;
};

/** Reads files of weights. */
export class WeightsReader {
  readonly #entry: URL;
  readonly #closing = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();

  /** @param entry `worker/weights-process` */
  constructor(entry: URL) {
    this.#entry = entry;
  }

  /**
   * Reads an encoder's weights from a file of any known kind, an archive of such files, or a model's folder.
   * @param options.headPath a file whose head belongs to the encoder
   * @param options.isOwn a file that Earmark wrote: it does not wait behind those of others, since a run's end waits for it
   * @throws AppError as `loadWeights`; BAD_INPUT for what is no file; WEIGHTS_UNREADABLE when the file ends its reader; CANCELLED when the signal fires
   */
  async read(
    path: string,
    { signal, wantsProjector = false, isOwn = false, headPath, onnx, patches }: ReadOptions = {},
  ): Promise<ReadWeights> {
    // What is neither a file nor a model's folder needs no process to say so.
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    for (const file of [...(isFolder ? [] : [path]), ...(headPath === undefined ? [] : [headPath])])
      await (await openRegularFile(file)).file.close();
    const request = { path, wantsProjector, headPath, onnx, patches };
    const either = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    if (isOwn) return this.#read(request, either);
    const turn = this.#turn.then(() => this.#read(request, either));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /**
   * What an ONNX file takes and gives; it is not run.
   * @throws AppError WEIGHTS_UNREADABLE, WEIGHTS_UNSAFE; BAD_INPUT for what is no file; CANCELLED when the signal fires
   */
  async inspect(path: string, signal?: AbortSignal): Promise<ForeignSummary> {
    await (await openRegularFile(path)).file.close();
    const either = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
    const reply = await this.#ask({ path, wantsProjector: false, isInspected: true }, either);
    if ('summary' in reply) return reply.summary;
    throw died(path, 'said something else');
  }

  /** Ends the reading under way, and those that wait. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#turn;
  }

  async #read(request: WeightsRequest, signal: AbortSignal): Promise<ReadWeights> {
    const reply = await this.#ask(request, signal);
    if ('weights' in reply) return reply.weights;
    throw died(request.path, 'said something else');
  }

  #ask(request: WeightsRequest, signal: AbortSignal): Promise<Exclude<WeightsReply, { error: ErrorData }>> {
    if (signal.aborted) return Promise.reject(cancelled());
    const { promise, resolve, reject } = Promise.withResolvers<Exclude<WeightsReply, { error: ErrorData }>>();
    let reply: WeightsReply | undefined;
    const leave = (): void => child.kill();
    const child = startChild<WeightsRequest, WeightsReply>(
      this.#entry,
      {
        onMessage: (message) => {
          reply = message;
          child.kill();
        },
        onExit: (how) => {
          signal.removeEventListener('abort', leave);
          if (signal.aborted) reject(cancelled());
          else if (reply === undefined) reject(died(request.path, how));
          else if ('error' in reply) reject(AppError.fromData(reply.error));
          else resolve(reply);
        },
      },
      { heapMegabytes },
    );
    signal.addEventListener('abort', leave);
    child.send(request);
    return promise;
  }
}

const cancelled = (): AppError => new AppError('CANCELLED', 'The reading of the weights was cancelled.');

function died(path: string, how: string): AppError {
  const message = `Could not read the weights in ${path}: the process that read them ${how}. Copy or download the file again.`;
  return new AppError('WEIGHTS_UNREADABLE', message, { details: { path } });
}
