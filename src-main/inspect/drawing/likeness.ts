/** @file One neuron in two kinds of music as figure and table: what of their sound stands out in the top segments of each. */
import { formatCount } from '../../base/counts.ts';
import type { Ranged, TopLikeness } from '../likeness.ts';
import { drawBands } from './bands.ts';
import type { FigureTable, FigureWords } from './files.ts';
import { wordsAt } from './marks.ts';
import type { Drawing } from './marks.ts';

/** A side of it. */
export type ShownSide = {
  name: string;
  tracks: number;
  segments: number;
  topTracks: number;
  top: readonly {
    title: string;
    artist: string;
    segment: number;
    startMs: number;
    activation: number;
  }[];
  names: readonly { kind: string; name: string; count: number; tracks: number; probability: number }[];
};

/** `statistics`: names of the statistics of timbre. */
export type ShownLikeness = {
  number: number;
  label: string;
  shared: number;
  missing: string;
  sides: readonly [ShownSide, ShownSide];
  likeness: (TopLikeness & { statistics: readonly string[] }) | null;
};

/** Statistics in the order of their columns: what stands out most in the first music first. */
export function likenessOrder({ likeness }: ShownLikeness): number[] {
  const own = likeness?.sides[0] ?? [];
  return [...own.keys()].sort((a, b) => (own[b]?.value ?? 0) - (own[a]?.value ?? 0) || a - b);
}

/** The figure; where it is not told how alike both sound, why. */
export function drawLikeness(shown: ShownLikeness, { width, height }: { width: number; height: number }): Drawing {
  const { likeness, sides, missing } = shown;
  if (likeness === null) {
    const words = { ...wordsAt(width / 2, height / 2, missing, 'middle'), colour: 'text' as const };
    return { width, height, marks: [words], plot: { left: 0, top: 0, right: width, bottom: height }, columns: 1, rows: 1 };
  }
  const order = likenessOrder(shown);
  const bands = sides.map(({ name }, at) => {
    const own = order.map((statistic) => likeness.sides[at === 0 ? 0 : 1][statistic] as Ranged);
    return {
      name,
      low: own.map(({ value, low }) => low ?? value),
      middle: own.map(({ value }) => value),
      high: own.map(({ value, high }) => high ?? value),
    };
  });
  const x = `Statistics of timbre, those that stand out most in “${sides[0].name}” first`;
  return drawBands({ bands, x, y: 'Top segments less all, in deviations', width, height });
}

/** A row for each statistic, then one for each top segment, then one for each name. */
export function likenessTable({ likeness, sides }: ShownLikeness): FigureTable {
  const head = ['of', 'music', 'place', 'name', 'value', 'low', 'high', 'artist', 'start_ms', 'count', 'tracks', 'probability'];
  const rest = (cells: number): string[] => Array.from({ length: cells }, () => '');
  const statistics = (likeness?.sides ?? []).flatMap((own, side) =>
    own.map(({ value, low, high }, at): (string | number)[] => [
      ...['statistic', sides[side === 0 ? 0 : 1].name, at, likeness?.statistics[at] ?? '', value, low ?? '', high ?? ''],
      ...rest(5),
    ]),
  );
  const segments = sides.flatMap(({ name, top }) =>
    top.map(({ title, artist, startMs, activation }, at): (string | number)[] => [
      ...['top segment', name, at + 1, title, activation, '', '', artist, startMs],
      ...rest(3),
    ]),
  );
  const names = sides.flatMap(({ name: music, names: own, topTracks }) =>
    own.map(({ kind, name, count, tracks, probability }, at): (string | number)[] => [
      ...[kind, music, at + 1, name, count / topTracks, '', '', '', '', count, tracks, probability],
    ]),
  );
  return [head, ...statistics, ...segments, ...names];
}

const figure = (value: number): string => value.toFixed(2).replace('-', '−');

/** How alike both are, as a sentence; why it is not told, where it is not. */
export function likenessSentence({ likeness, missing }: ShownLikeness): string {
  if (likeness === null) return missing;
  if (likeness.likeness === null) return 'How alike they are cannot be told: nothing stands out in the top segments.';
  const { value, low, high } = likeness.likeness;
  const range = low === null || high === null ? ' (too few tracks for an interval)' : ` (${figure(low)} to ${figure(high)})`;
  const chance =
    likeness.chance === null
      ? ''
      : ` 95 % of segments drawn by chance from as many tracks give ${figure(likeness.chance.low)} to ${figure(likeness.chance.high)}; ${((likeness.byChance ?? 1) * 100).toFixed(1)} % are as alike.`;
  return `Likeness ${figure(value)}${range}: 1 where the same stands out in both, 0 where nothing does in common.${chance}`;
}

/** How it was made, in words. */
export function likenessWords(shown: ShownLikeness, encoder: string): FigureWords {
  const { number, label, sides, shared } = shown;
  const music = sides.map(
    ({ name, tracks, segments, top, topTracks }) =>
      `${name}: the top ${top.length} of ${formatCount(segments)} segments, of ${formatCount(topTracks)} of ${formatCount(tracks)} tracks.`,
  );
  const both = shared === 0 ? '' : ` ${shared} tracks are in both.`;
  const how =
    shown.likeness === null
      ? ''
      : ' Lines: the mean of the top segments less that of a sample of the same music, by the deviation within both (standardised difference of means); bands: 95 % of 999 resamples of the tracks. Likeness: the cosine between both lines.';
  return {
    title: `Neuron ${number}${label === '' ? '' : ` (${label})`} of ${encoder} in two libraries`,
    settings: `${music.join(' ')}${both} ${likenessSentence(shown)}${how}`,
  };
}
