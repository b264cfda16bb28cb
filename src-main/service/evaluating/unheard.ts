/** @file Contestants that cannot hear a data set, most often since its clips are shorter than what they take in at a time. */
import { countOf } from '../../base/index.ts';
import type { DatasetReading } from '../../datasets/index.ts';
import type { StoredEncoder } from '../../store/index.ts';

const parts = [
  ['train', 'for training'],
  ['test', 'for testing'],
] as const;

/**
 * Why nothing can be said of a contestant, as a sentence; null where it heard something of what is taught and of what is tested.
 * @param counts segments that it heard of each clip of the table
 */
export function whyUnheard(
  { clips }: Pick<DatasetReading, 'clips'>,
  { counts, name, encoder: { cropSamples, sampleRate } }: { counts: ArrayLike<number>; name: string; encoder: StoredEncoder },
): string | null {
  for (const [part, what] of parts) {
    const places = [...clips.keys()].filter((at) => clips[at]?.part === part);
    if (places.length === 0 || places.some((at) => (counts[at] ?? 0) > 0)) continue;
    const seconds = (cropSamples / sampleRate).toFixed(2);
    return `${name} was left out: it heard none of the ${countOf(places.length, 'clip')} ${what}. It takes ${seconds} s at a time, and clips that are shorter, missing or broken cannot be heard.`;
  }
  return null;
}
