/** @file Entry of an augmenting thread: crops come in, views go out, one after the other. */
import { parentPort } from 'node:worker_threads';
import { Augmenter } from '../../audio/index.ts';
import type { AugmentationSettings } from '../../audio/index.ts';
import { randomFor } from './order.ts';

/** A crop to make a view of; `seeds` name its random numbers. */
export type AugmentTask = { id: number; samples: Float32Array<ArrayBuffer>; seeds: number[] };
export type AugmentSetup = { sampleRate: number; settings: AugmentationSettings };
export type AugmentAnswer = { id: number; samples: Float32Array<ArrayBuffer>; applied: string[] } | { id: number; message: string };

let augmenter: Augmenter | undefined;

parentPort?.on('message', (message: AugmentSetup | AugmentTask) => {
  if ('settings' in message) {
    augmenter = new Augmenter(message);
    return;
  }
  const { id, samples, seeds } = message;
  try {
    const applied = augmenter?.augment(samples, randomFor(...seeds)) ?? [];
    parentPort?.postMessage({ id, samples, applied } satisfies AugmentAnswer, [samples.buffer]);
  } catch (error) {
    parentPort?.postMessage({ id, message: error instanceof Error ? error.message : String(error) } satisfies AugmentAnswer);
  }
});
