/** @file Runs a head over embeddings. */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { AppError, defined } from '../../base/index.ts';
import { headLogits } from '../../learn/index.ts';
import type { WeightArrays } from '../../learn/index.ts';
import { record } from '../record/record.ts';
import { openSession } from '../session.ts';
import type { Session } from '../session.ts';
import { headThreads } from './fold-problem.ts';

/** Runs heads, and keeps the graph of the last one open: suggestions ask the same head many times. One prediction at a time. */
export class HeadPredictor {
  #open: { key: string; session: Session } | null = null;

  /**
   * Logits of embeddings.
   * @param weights `fc.weight` `[labels, inputs]` and `fc.bias`; `hidden.…` before them where there are two layers
   * @param embeddings `[rows, dimensions]`
   * @returns `[rows, labels]`
   * @throws AppError WEIGHTS_MISMATCH, BAD_INPUT, DEVICE_FAILED, OUT_OF_MEMORY
   */
  async predict(weights: WeightArrays, embeddings: Float32Array): Promise<Float32Array> {
    const first = weights.get('hidden.weight') ?? weights.get('fc.weight');
    const dimensions = first?.shape[1];
    if (dimensions === undefined || !weights.has('fc.weight') || !weights.has('fc.bias'))
      throw new AppError('WEIGHTS_MISMATCH', 'The head has no layer of weights. Train the tags again.');
    if (embeddings.length % dimensions !== 0)
      throw new AppError(
        'BAD_INPUT',
        `The head takes embeddings of ${dimensions} numbers; ${embeddings.length} numbers are no rows of that.`,
      );
    if (embeddings.length === 0) return new Float32Array(0);
    const session = await this.#sessionOf(weights, dimensions);
    const { logits } = await session.run({ rows: { shape: [embeddings.length / dimensions, dimensions], data: embeddings } });
    return defined(logits, 'logits').data as Float32Array;
  }

  /** Frees the head that is open. */
  async close(): Promise<void> {
    await this.#open?.session.close();
    this.#open = null;
  }

  /** Weights are inputs of the graph, so that heads of the same sizes share it; they travel with every call and cost less than opening one. */
  async #sessionOf(weights: WeightArrays, dimensions: number): Promise<Session> {
    const layers = [...weights].filter(([name]) => /^(hidden|fc)\./.test(name));
    const key = layers.map(([name, { shape }]) => `${name} ${shape.join()}`).join(';');
    if (this.#open?.key !== key) {
      await this.close();
      const graph = record({
        name: 'head',
        inputs: [
          { name: 'rows', type: 'float32', shape: ['rows', dimensions] },
          ...layers.map(([name, { shape }]) => ({ name, type: 'float32' as const, shape })),
        ],
        run: ({ rows, ...tensors }) => ({ logits: headLogits(tensors, rows as Tensor2D) }),
      });
      this.#open = { key, session: await openSession({ graph, device: 'cpu', threads: headThreads() }) };
    }
    const { session } = this.#open;
    const feeds = Object.fromEntries(layers.map(([name, { shape, data }]) => [name, { shape, data }]));
    return { run: (rows) => session.run({ ...feeds, ...rows }), close: () => session.close() };
  }
}
