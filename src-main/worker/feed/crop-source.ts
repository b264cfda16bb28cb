/** @file Where a crop's samples come from: the cache of decoded audio, else the track itself. Both give the same numbers. */
import { decodeMono } from '../../audio/index.ts';
import { AppError } from '../../base/index.ts';
import { readKept } from './pcm-cache.ts';
import { fromKept, toKept } from './samples.ts';

/** A track's file, and its decoded audio where that is kept. */
export type CropSource = { path: string; keptPath: string | null };

type Place = { start: number; cropSamples: number; sampleRate: number };

/**
 * Samples `[start, start + cropSamples)`.
 * @throws AppError as `decodeMono`; TOO_SHORT when the track ends before `start`
 */
export function readCrop({ path, keptPath }: CropSource, place: Place): Float32Array<ArrayBuffer> {
  if (keptPath !== null) {
    try {
      return readKept(keptPath, place.start, place.cropSamples);
    } catch {
      // Somebody deleted the cache, which they may: the track itself is still there.
    }
  }
  return decodeCrop(path, place);
}

/** A track that ends within the crop is followed by silence. */
function decodeCrop(path: string, { start, cropSamples, sampleRate }: Place): Float32Array<ArrayBuffer> {
  const crop = new Float32Array(cropSamples);
  const [startMs, endMs] = [(start * 1000) / sampleRate, ((start + cropSamples) * 1000) / sampleRate];
  let filled = 0;
  for (const block of decodeMono(path, { sampleRate, startMs, endMs, blockSamples: cropSamples, inParts: true })) {
    crop.set(block.subarray(0, cropSamples - filled), filled);
    filled += block.length;
  }
  if (filled === 0)
    throw new AppError('TOO_SHORT', `${path} is shorter than the library says. Scan the library again.`, { details: { path } });
  return fromKept(toKept(crop));
}
