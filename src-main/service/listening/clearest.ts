/** @file The neurons of an encoder that are worth hearing first: clear ones that differ, with segments of several tracks at both of their ends. */
import { breather, countOf } from '../../base/index.ts';
import { featureName } from '../../contract/index.ts';
import type { ClearestNeurons, ClearNeuron, EncoderId, HeardSegment, SegmentRow, TrackId } from '../../contract/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { clearFeatures, fewestTracks } from './clear-features.ts';
import type { ClearFeature } from './clear-features.ts';
import { sampleTracks } from './track-sample.ts';
import type { PlacedSample } from './track-sample.ts';

/** A segment by its place. */
export type Place = { row: number; trackId: TrackId; segment: number };

/** What is looked for. `rowsOf` gives segments as pages list them. */
export type ClearestWish = {
  store: Store;
  encoder: StoredEncoder;
  timing: { hopMs: number; segmentMs: number };
  count: number;
  rowsOf: (places: readonly Place[]) => SegmentRow[];
};

/** Segments at the upper and at the lower end of a neuron. */
const [loudTracks, quietTracks] = [3, 2];
/** An index is replaced by its compacted self when a job ends: then it is looked at again, so many times at most. */
const mostTries = 3;

/** Chooses neurons; says in words where there is too little to hear differences. */
export async function clearestNeurons(wish: ClearestWish): Promise<ClearestNeurons> {
  const { store, encoder, timing, count } = wish;
  const pause = breather();
  const sample = await sampled(store, encoder.id, { timing, pause });
  const tracks = sample?.trackIds.length ?? 0;
  if (sample === null || tracks < fewestTracks) return { tracks, neurons: [], says: tooFewSay(tracks, othersOf(wish, tracks)) };
  const isWanted = (feature: number): boolean => isPlain(featureName(encoder.architecture, feature));
  const found = await clearFeatures(sample, { count, isWanted, pause });
  const says =
    found.length === 0 ? 'None of these neurons tells the tracks apart that were heard so far: they sound too much alike to it.' : '';
  return { tracks, neurons: found.map((feature) => described(sample, feature, wish.rowsOf)), says };
}

async function sampled(
  store: Store,
  encoderId: EncoderId,
  { timing, pause }: { timing: ClearestWish['timing']; pause: () => Promise<void> },
): Promise<PlacedSample | null> {
  for (let tries = 0; tries < mostTries; tries++) {
    const index = store.index.current(encoderId);
    if (index === null) return null;
    const sample = await sampleTracks(store, { index, timing, pause });
    if (sample !== null) return sample;
  }
  return null;
}

/** What nobody knows by name, and what is called by a word that is soon understood; a cepstral coefficient is neither. */
function isPlain(name: string): boolean {
  return !name.startsWith('colour ');
}

/** What became of the other tracks, in words: those in which no sound was found, and those that could not be heard. */
function othersOf({ store, encoder: { index } }: ClearestWish, tracks: number): string[] {
  if (index === null) return [];
  const silent = index.tracks - tracks;
  const unheard = store.tracks.summary().tracks - index.tracks - index.waiting;
  return [
    ...(silent > 0 ? [`${countOf(silent, 'is', 'are')} silent`] : []),
    ...(unheard > 0 ? [`${countOf(unheard, 'is', 'are')} too short or not readable`] : []),
  ];
}

function tooFewSay(tracks: number, about: readonly string[]): string {
  const heard = tracks === 0 ? 'no track with sound has been heard' : `only ${countOf(tracks, 'track has', 'tracks have')} been heard`;
  const others = about.length === 0 ? '' : ` (${about.join(', ')})`;
  return `There is too little to hear differences: ${heard} so far${others}, and it takes ${fewestTracks}. Add more music.`;
}

function described(sample: PlacedSample, { feature, clarity, centres }: ClearFeature, rowsOf: ClearestWish['rowsOf']): ClearNeuron {
  const order = Array.from(centres.keys()).sort((a, b) => (centres[b] as number) - (centres[a] as number) || a - b);
  const ends = [order.slice(0, loudTracks), order.toReversed().slice(0, Math.min(quietTracks, order.length - loudTracks))] as const;
  const [top, bottom] = ends.map((tracks, end) => {
    const found = tracks.map((track) => extreme(sample, { track, feature, isGreatest: end === 0 }));
    const rows = rowsOf(found.map(({ place }) => place));
    return rows.map((row, i): HeardSegment => ({ ...row, activation: found[i]?.value ?? 0 }));
  }) as [HeardSegment[], HeardSegment[]];
  return { feature, clarity, top, bottom };
}

/** The segment of a track on which a feature is greatest, or least. */
function extreme(
  { values, dimensions, starts, places, trackIds }: PlacedSample,
  { track, feature, isGreatest }: { track: number; feature: number; isGreatest: boolean },
): { place: Place; value: number } {
  const valueAt = (row: number): number => values[row * dimensions + feature] as number;
  let best = starts[track] as number;
  for (let row = best + 1; row < (starts[track + 1] as number); row++)
    if (isGreatest ? valueAt(row) > valueAt(best) : valueAt(row) < valueAt(best)) best = row;
  const place = places[best] as PlacedSample['places'][number];
  return { place: { ...place, trackId: trackIds[track] as TrackId }, value: valueAt(best) };
}
