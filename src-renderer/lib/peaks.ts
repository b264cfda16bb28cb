/** @file A track's waveform made as short as a screen is wide. */

/** The largest of every stretch of peaks, 0..1, at most `most` of them. */
export function shortenPeaks(peaks: Uint8Array, most: number): Float32Array {
  const count = Math.min(most, peaks.length);
  const short = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const end = Math.floor(((i + 1) * peaks.length) / count);
    let largest = 0;
    for (let at = Math.floor((i * peaks.length) / count); at < end; at++) largest = Math.max(largest, peaks[at] ?? 0);
    short[i] = largest / 255;
  }
  return short;
}
