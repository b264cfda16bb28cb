/**
 * @file Entry of a feed's thread: takes crops out of tracks and makes views of them, one after the other. It asks nobody meanwhile, for a device
 * that computes on the processor blocks the thread that wants the views.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Augmenter } from '../../audio/index.ts';
import type { AugmentationSettings } from '../../audio/index.ts';
import { defined, toAppError } from '../../base/index.ts';
import type { ErrorData } from '../../base/index.ts';
import { ThreadControl } from '../thread-control.ts';
import { readCrop } from './crop-source.ts';
import type { CropSource } from './crop-source.ts';
import { cropStarts, randomFor } from './order.ts';

/** What a thread works with from its start. */
export type ThreadSetup = { control: SharedArrayBuffer; sampleRate: number; cropSamples: number; settings: AugmentationSettings };

/** A view to make. `places`: how many starts a crop can have; `seeds` name its random numbers; `isPlain`: the crop alone. */
export type ViewTask = { id: number; source: CropSource; places: number; seeds: readonly number[]; isPlain: boolean };

/** A view, and the sample of the track that it begins at; or why there is none. */
export type ViewAnswer =
  { id: number; samples: Float32Array<ArrayBuffer>; start: number; applied: string[] } | { id: number; error: ErrorData };

const port = defined(parentPort, 'the thread that started this one');
const { control: shared, sampleRate, cropSamples, settings } = workerData as ThreadSetup;
const control = new ThreadControl(shared);
const augmenter = new Augmenter({ sampleRate, settings });
const transforms = 1;

function make({ id, source, places, seeds, isPlain }: ViewTask): void {
  let start = 0;
  let samples = new Float32Array(0);
  for (start of cropStarts(seeds, places)) {
    samples = readCrop(source, { start, cropSamples, sampleRate });
    if (samples.some((value) => value !== 0)) break;
  }
  const applied = isPlain ? [] : augmenter.augment(samples, randomFor(...seeds, transforms));
  port.postMessage({ id, samples, start, applied } satisfies ViewAnswer, [samples.buffer]);
}

port.on('message', (message: ViewTask | 'close') => {
  if (message === 'close') return port.close();
  try {
    control.whileBusy(() => make(message));
  } catch (error) {
    const known = toAppError(error, `read ${message.source.path}`);
    port.postMessage({ id: message.id, error: known.toData() } satisfies ViewAnswer);
  }
});
