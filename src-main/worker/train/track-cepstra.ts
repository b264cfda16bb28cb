/** @file Statistics of the cepstral coefficients of tracks, over the same crops of them that a run measures. */
import { cepstralStatistics } from '../../learn/index.ts';
import type { TrainTrack } from '../../service/index.ts';
import type { BatchFeed } from '../feed/index.ts';

/** What is needed. `crops`: so many of a track at most. `isStopping`: what is asked for is no longer wanted. */
export type CepstraOptions = {
  feed: Pick<BatchFeed, 'consecutive' | 'expect'>;
  sampleRate: number;
  crops: number;
  isStopping: () => boolean;
  onTrack: (done: number) => void;
};

/**
 * Of the tracks that could be heard: their places among those that were asked for, and `[tracks, 2 · cepstralCoefficients]`.
 * @returns null where it was told to stop
 */
export async function cepstraOf(
  tracks: readonly TrainTrack[],
  { feed, sampleRate, crops, isStopping, onTrack }: CepstraOptions,
): Promise<{ places: number[]; cepstra: Float32Array } | null> {
  feed.expect(tracks);
  const found: { place: number; own: Float32Array }[] = [];
  for (const [place, track] of tracks.entries()) {
    if (isStopping()) return null;
    const heard = (await feed.consecutive(track, crops)) ?? [];
    if (heard.length > 0) found.push({ place, own: cepstralStatistics(joined(heard), sampleRate) });
    onTrack(place + 1);
  }
  return { places: found.map(({ place }) => place), cepstra: joined(found.map(({ own }) => own)) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
