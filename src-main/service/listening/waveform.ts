/** @file The small waveform in a segment's row: a few bars cut from the track's peaks. */
import { waveformBars } from '../../contract/index.ts';
import type { TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';

/**
 * Bars of a stretch of a track, each the largest of the peaks below it.
 * @returns bytes `[waveformBars]`, 255 = full scale; zeros while the track has no peaks
 */
export function waveformOf(
  peaks: Pick<Store['peaks'], 'rate' | 'slice'>,
  { trackId, startMs, durationMs }: { trackId: TrackId; startMs: number; durationMs: number },
): Uint8Array {
  const bars = new Uint8Array(waveformBars);
  const rate = peaks.rate(trackId);
  if (rate === null) return bars;
  const first = Math.floor((startMs * rate) / 1000);
  const count = Math.max(1, Math.ceil((durationMs * rate) / 1000));
  const bins = peaks.slice(trackId, first, count);
  for (let bar = 0; bar < waveformBars; bar++) {
    const from = Math.floor((bar * count) / waveformBars);
    const to = Math.max(from + 1, Math.ceil(((bar + 1) * count) / waveformBars));
    for (let bin = from; bin < to; bin++) bars[bar] = Math.max(bars[bar] ?? 0, bins[bin] ?? 0);
  }
  return bars;
}
