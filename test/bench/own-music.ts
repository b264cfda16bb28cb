/**
 * @file "Learn my library" on real music, beside the timbre statistics that it learns from and beside untrained encoders, all standardised alike: of the five
 * tracks nearest to a track, how many are of its album and of its artist (`service/comparing`, intervals over artists); of the five segments nearest to
 * a segment, those within eight seconds left out, how many are of its track (intervals over tracks).
 */
import { defined } from '../../src-main/base/index.ts';
import type { Comparison, EncoderId } from '../../src-main/contract/index.ts';
import { metrics } from '../../src-main/learn/index.ts';
import { compareEncoders } from '../../src-main/service/comparing/compare-encoders.ts';
import { openStore } from '../../src-main/store/index.ts';
import type { Store } from '../../src-main/store/index.ts';
import type { BenchRow } from './bench-result.ts';

const neighbours = 5;
const withinMs = 8_000;
const queriesPerTrack = 8;

/** What was learnt and what it is compared with, by their numbers. */
export type OwnMusic = { statistics: number; learnt: readonly number[]; untrained: readonly number[] };

/** Figures of a data directory whose encoders are indexed. */
export async function ownMusicRows(data: string, { statistics, learnt, untrained }: OwnMusic): Promise<BenchRow[]> {
  const store = openStore(data);
  try {
    const { signal } = new AbortController();
    const beside = (id: number): Promise<Comparison> =>
      compareEncoders(store, { encoderId: id as EncoderId, againstId: statistics as EncoderId, signal });
    const [own, chance] = [await Promise.all(learnt.map(beside)), await Promise.all(untrained.map(beside))];
    return [
      ...(['album', 'artist'] as const).flatMap((by) => labelRows(by, own, chance)),
      ...segmentRows(store, { statistics, learnt, untrained }),
    ];
  } finally {
    store.close();
  }
}

function labelRows(by: 'album' | 'artist', own: readonly Comparison[], untrained: readonly Comparison[]): BenchRow[] {
  const of = (all: readonly Comparison[]): Comparison['rows'] => all.flatMap(({ rows }) => rows.filter((row) => row.by === by));
  const first = of(own)[0];
  if (first === undefined) return [];
  const what = `same ${by} among the ${neighbours} nearest tracks`;
  const percent = (value: number): number => 100 * value;
  const span = ({ low, high }: { low: number | null; high: number | null }): string =>
    low === null || high === null ? 'too few artists to tell' : spanOf(low, high);
  return [
    { what: `${what}: chance`, value: percent(first.chance), unit: '%', against: `${first.queries} tracks of ${first.groups} artists` },
    { what: `${what}: timbre statistics`, value: percent(first.against.value), unit: '%', against: span(first.against) },
    ...of(untrained).map((row, at) => ({
      what: `${what}: untrained, seed ${at + 1}`,
      value: percent(row.own.value),
      unit: '%',
      against: span(row.own),
    })),
    ...of(untrained).map((row, at) => ({
      what: `${what}: statistics less untrained, seed ${at + 1}`,
      value: -percent(row.difference.value),
      unit: 'points',
      against:
        row.difference.low === null || row.difference.high === null
          ? 'too few artists to tell'
          : spanOf(-row.difference.high, -row.difference.low),
    })),
    ...of(own).flatMap((row, at) => [
      { what: `${what}: learnt, seed ${at + 1}`, value: percent(row.own.value), unit: '%', against: span(row.own) },
      {
        what: `${what}: learnt less statistics, seed ${at + 1}`,
        value: percent(row.difference.value),
        unit: 'points',
        against: span(row.difference),
      },
    ]),
  ];
}

/** By track, so that intervals are over tracks; differences are paired. */
function segmentRows(store: Store, { statistics, learnt, untrained }: OwnMusic): BenchRow[] {
  const of = (id: number): Float64Array => precisionsOf(store, id as EncoderId);
  const [own, chance, among] = [learnt.map(of), untrained.map(of), of(statistics)];
  const row = (name: string, values: Float64Array, unit: string): BenchRow => {
    const estimate = metrics.meanPrecision(values, [...values.keys()]);
    return {
      what: `same track among the ${neighbours} nearest segments: ${name}`,
      value: 100 * estimate.value,
      unit,
      against: estimate.low === null || estimate.high === null ? 'too few tracks to tell' : spanOf(estimate.low, estimate.high),
    };
  };
  const less = (one: Float64Array, other: Float64Array): Float64Array => one.map((value, track) => value - (other[track] ?? NaN));
  return [
    row('timbre statistics', among, '%'),
    ...chance.map((values, at) => row(`untrained, seed ${at + 1}`, values, '%')),
    ...chance.map((values, at) => row(`statistics less untrained, seed ${at + 1}`, less(among, values), 'points')),
    ...own.map((values, at) => row(`learnt, seed ${at + 1}`, values, '%')),
    ...own.map((values, at) => row(`learnt less statistics, seed ${at + 1}`, less(values, among), 'points')),
  ];
}

function spanOf(low: number, high: number): string {
  return `95 % ${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}`;
}

/** A segment: the number of its track, when it begins, and its values at unit length. */
type Segment = { track: number; startMs: number; values: Float32Array };

/** Of each track the mean over its queries, so that long tracks count no more than short ones; NaN for a track of one segment. */
function precisionsOf(store: Store, id: EncoderId): Float64Array {
  const { dimensions, sampleRate } = store.encoders.get(id);
  const { hopSamples } = defined(store.index.current(id), 'an index');
  const hopMs = (hopSamples * 1000) / sampleRate;
  const rows = store.tracks.audio().map(({ trackId }) => store.index.embeddings(id, trackId));
  const scaled = standardised(rows, dimensions);
  const segments = scaled.flatMap((own, track) =>
    Array.from({ length: own.length / dimensions }, (_, at): Segment => {
      return { track, startMs: at * hopMs, values: own.subarray(at * dimensions, (at + 1) * dimensions) };
    }),
  );
  const byTrack = Map.groupBy(segments, ({ track }) => track);
  return Float64Array.from(rows, (_, track) => {
    const own = byTrack.get(track) ?? [];
    if (own.length < 2) return NaN;
    const step = Math.max(1, Math.floor(own.length / queriesPerTrack));
    return mean(own.filter((_, at) => at % step === 0).map((query) => shareOf(query, segments)));
  });
}

function shareOf(query: Segment, segments: readonly Segment[]): number {
  const best: { score: number; track: number }[] = [];
  for (const one of segments) {
    if (one.track === query.track && Math.abs(one.startMs - query.startMs) <= withinMs) continue;
    let score = 0;
    for (let at = 0; at < one.values.length; at++) score += (one.values[at] as number) * (query.values[at] as number);
    if (best.length === neighbours && score <= (best[neighbours - 1]?.score ?? -Infinity)) continue;
    best.push({ score, track: one.track });
    best.sort((a, b) => b.score - a.score);
    best.length = Math.min(best.length, neighbours);
  }
  return best.filter(({ track }) => track === query.track).length / neighbours;
}

/** Of each dimension mean 0 and deviation 1 over all segments, then of each segment length 1. */
function standardised(rows: readonly Float32Array[], dimensions: number): Float32Array[] {
  const count = rows.reduce((sum, own) => sum + own.length / dimensions, 0);
  const [sums, squares] = [new Float64Array(dimensions), new Float64Array(dimensions)];
  for (const own of rows) for (const [at, value] of own.entries()) sums[at % dimensions] = (sums[at % dimensions] ?? 0) + value / count;
  for (const own of rows)
    for (const [at, value] of own.entries())
      squares[at % dimensions] = (squares[at % dimensions] ?? 0) + (value - (sums[at % dimensions] ?? 0)) ** 2 / count;
  return rows.map((own) => {
    const scaled = own.map((value, at) => (value - (sums[at % dimensions] ?? 0)) / (Math.sqrt(squares[at % dimensions] ?? 0) || 1));
    for (let from = 0; from < scaled.length; from += dimensions) {
      const one = scaled.subarray(from, from + dimensions);
      const length = Math.hypot(...one) || 1;
      for (let at = 0; at < dimensions; at++) one[at] = (one[at] ?? 0) / length;
    }
    return scaled;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
