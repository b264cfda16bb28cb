/** @file Two encoders beside each other as figures and tables: neurons, layers, neighbours. */
import { countOf, formatCount } from '../../base/counts.ts';
import type { BestPartner, MatchedPair } from '../matched-neurons.ts';
import { drawBands } from './bands.ts';
import { drawBars } from './bars.ts';
import type { FigureTable, FigureWords } from './files.ts';
import { drawHeat, heatHeight } from './heat.ts';
import type { Drawing } from './marks.ts';

/** Room for the names of layers. */
const namesPx = 190;

type Size = { width: number; height: number };

/** What is shown of two encoders. */
export type ShownBeside = {
  names: readonly [string, string];
  tracks: number;
  segments: number;
  isCovered: boolean;
  neighbours: {
    k: number;
    tracks: number;
    value: number;
    low: number | null;
    high: number | null;
    chance: number;
    queries: readonly { title: string; artist: string; shared: number }[];
  } | null;
  layers: {
    rows: readonly { name: string }[];
    columns: readonly { name: string }[];
    values: readonly (readonly (number | null)[])[];
    taken: number;
  };
  neurons: {
    pairs: readonly MatchedPair[];
    best: readonly [readonly BestPartner[], readonly BestPartner[]];
    dead: readonly [number, number];
    taken: number;
  };
};

/** Matched neurons, the most alike first: a line at the size of their correlations. */
export function drawMatched({ neurons: { pairs } }: ShownBeside, size: Size): Drawing {
  const sizes = pairs.map(({ correlation }) => Math.abs(correlation));
  const bands = [{ name: 'Pairs of neurons', low: sizes, middle: sizes, high: sizes }];
  return drawBands({ bands, x: 'Pairs of neurons, the most alike first', y: 'Size of the correlation', ...size });
}

/** A row for each pair, then for each neuron its best partner in the other. */
export function matchedTable({ names, neurons: { pairs, best } }: ShownBeside): FigureTable {
  const paired = pairs.map(({ first, second, correlation }): (string | number)[] => ['pair', first, second, correlation]);
  const alone = best.flatMap((own, at) =>
    own.map(({ number, partner, correlation }): (string | number)[] => [
      `best partner of a neuron of ${names[at === 0 ? 0 : 1]}`,
      ...(at === 0 ? [number, partner ?? ''] : [partner ?? '', number]),
      correlation,
    ]),
  );
  return [['what', `neuron of ${names[0]}`, `neuron of ${names[1]}`, 'correlation'], ...paired, ...alone];
}

/** How they were matched, in words. */
export function matchedWords(shown: ShownBeside): FigureWords {
  const { names, neurons } = shown;
  const [first, second] = neurons.dead;
  const dead =
    first + second === 0 ? '' : ` Left out, since they do not differ: ${first} neurons of ${names[0]}, ${second} of ${names[1]}.`;
  const middle = neurons.pairs[Math.floor(neurons.pairs.length / 2)]?.correlation ?? 0;
  return {
    title: `Neurons of ${names[0]} and ${names[1]}, matched`,
    settings: `${music(shown)} Pearson’s correlations over ${neurons.taken} of these segments; neurons are paired one to one so that the sum of the correlations’ sizes is greatest (the Hungarian method). The middle pair correlates by ${Math.abs(middle).toFixed(2)}.${dead}`,
  };
}

/** The height at which layers can be read, in px. */
export function layersHeight({ layers: { rows } }: ShownBeside): number {
  return heatHeight(rows.length, namesPx);
}

/** A row for each space of the first, a column for each of the other. */
export function drawLayers({ layers: { rows, columns, values } }: ShownBeside, size: Size): Drawing {
  return drawHeat({
    shares: values.map((own) => own.map((value) => Math.max(0, value ?? 0))),
    rowNames: rows.map(({ name }) => name),
    columnNames: columns.map(({ name }) => name),
    ...{ x: 'Linear centred kernel alignment, from 0 (empty) to 1 (strongest)', namesPx },
    ...size,
  });
}

/** The values. */
export function layersTable({ layers: { rows, columns, values } }: ShownBeside): FigureTable {
  return [
    ['space', ...columns.map(({ name }) => name)],
    ...rows.map(({ name }, row) => [name, ...(values[row] ?? []).map((value) => value ?? '')]),
  ];
}

/** How they were compared, in words. */
export function layersWords(shown: ShownBeside): FigureWords {
  const { names, layers } = shown;
  return {
    title: `Layers of ${names[0]} and ${names[1]}, how alike`,
    settings: `Linear centred kernel alignment (Kornblith et al. 2019) over ${layers.taken} segments that all of these spaces have heard, evenly spread, with the unbiased estimate of the Hilbert-Schmidt independence criterion (Song et al. 2012): 1 where spaces are the same but for a rotation and one scale, about 0 where nothing goes together.${shown.isCovered ? ` ${covered}` : ''}`,
  };
}

/** How many of their nearest both have: a bar for each number, with what is shared on average and what chance gives. */
export function drawShared({ neighbours }: ShownBeside, size: Size): Drawing {
  const { k = 0, queries = [], value = 0, chance = 0 } = neighbours ?? {};
  const shares = Array.from(
    { length: k + 1 },
    (_, shared) => queries.filter((query) => query.shared === shared).length / Math.max(1, queries.length),
  );
  return drawBars({
    ...{ shares, names: shares.map((_, shared) => String(shared)), ...size },
    marked:
      neighbours === null
        ? []
        : [{ at: value * k, text: 'mean' }, ...(Math.abs(value - chance) * k < 0.5 ? [] : [{ at: chance * k, text: 'chance' }])],
    x: `Of a track’s ${k} nearest, how many both have`,
    y: 'Tracks',
  });
}

/** A row for each track that was asked about. */
export function sharedTable({ neighbours }: ShownBeside): FigureTable {
  const { k = 0, queries = [] } = neighbours ?? {};
  return [['title', 'artist', 'shared', 'of'], ...queries.map(({ title, artist, shared }) => [title, artist, shared, k])];
}

/** How neighbours were looked for, in words. */
export function sharedWords(shown: ShownBeside): FigureWords {
  const [first, second] = shown.names;
  return { title: `Neighbours that ${first} and ${second} share`, settings: `${music(shown)} ${sharedSentence(shown)}` };
}

/** How many neighbours both have, as a sentence. */
export function sharedSentence({ neighbours }: ShownBeside): string {
  if (neighbours === null) return 'Neighbours need three tracks or more that both have heard.';
  const { k, tracks, value, low, high, chance, queries } = neighbours;
  const range = low === null || high === null ? '' : ` (${percent(low)} to ${percent(high)}, 95 % of resamples of the tracks)`;
  return `Of the ${k} nearest of a track both have ${percent(value)} on average${range}; by chance ${percent(chance)}. ${countOf(queries.length, 'track')} were asked about among ${formatCount(tracks)}, by the cosine of means over up to 8 segments, less the mean of all.`;
}

const covered =
  'Segments lie at other times: each of the space with the longer steps is held against the mean of the fewest that cover it.';

function music({ tracks, segments, isCovered }: ShownBeside): string {
  return `${countOf(segments, 'segment')} of ${countOf(tracks, 'track')} that both have heard.${isCovered ? ` ${covered}` : ''}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
