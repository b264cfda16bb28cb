/** @file Where the links of a chained file begin on the file's time line, by the samples that each holds. */
import { openAudio } from './open-audio.ts';
import type { ByteSpan } from './ogg-links.ts';
import { measureLink } from './probe.ts';

/** @returns milliseconds from the file's beginning, one number a link */
export function linkStarts(path: string, links: readonly (ByteSpan | null)[]): number[] {
  const starts = [0];
  for (const [i, link] of links.slice(0, -1).entries()) starts.push((starts[i] ?? 0) + lengthOf(path, link, i === 0));
  return starts;
}

/** A link that cannot be read takes no time; the first one's error is the file's. */
function lengthOf(path: string, link: ByteSpan | null, isFirst: boolean): number {
  try {
    const audio = openAudio(path, link);
    try {
      return audio.declaredDurationMs ?? measureLink(audio).durationMs;
    } finally {
      audio.close();
    }
  } catch (error) {
    if (isFirst) throw error;
    return 0;
  }
}
