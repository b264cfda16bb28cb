/** @file Factors as figure and table. */
import { formatCount } from '../../base/counts.ts';
import type { Factor } from '../factor.ts';
import type { FigureTable, FigureWords } from './files.ts';
import { px, wordsAt } from './marks.ts';
import type { Drawing, FigureMark, Frame } from './marks.ts';

/** Factors, and what they were found in. */
export type ShownFactors = { segments: number; taken: number; alive: number; labels: readonly string[]; factors: readonly Factor[] };

const [leftPx, rightPx, rowPx, topPx] = [132, 12, 96, 4];

/** Its height, in px. */
export function factorsHeight(count: number): number {
  return topPx + count * rowPx;
}

/** A row for each factor: its strongest neurons as bars, up where they go with it and down where they go against it. */
export function drawFactors({ factors }: ShownFactors, { width, height }: { width: number; height: number }): Drawing {
  const plot: Frame = { left: leftPx, top: topPx, right: width - rightPx, bottom: height };
  const columns = Math.max(1, ...factors.map(({ strongest }) => strongest.length));
  const rows = Math.max(1, factors.length);
  const [wide, high] = [(plot.right - plot.left) / columns, (plot.bottom - plot.top) / rows];
  const marks = factors.flatMap(({ explained, strongest, loadings }, row): FigureMark[] => {
    const middle = plot.top + row * high + (high - 18) / 2;
    const bars = strongest.flatMap((neuron, column): FigureMark[] => {
      const loading = loadings[neuron] ?? 0;
      const x = plot.left + column * wide;
      const bar = `M${px(x + wide * 0.15)} ${px(middle)}h${px(wide * 0.7)}v${px(-loading * ((high - 26) / 2))}h${px(-wide * 0.7)}z`;
      const number = wordsAt(x + wide / 2, plot.top + (row + 1) * high - 8, String(neuron), 'middle');
      return [{ kind: 'area', path: bar, colour: loading < 0 ? 'second' : 'first' }, ...(wide < 20 ? [] : [number])];
    });
    return [
      { kind: 'line', path: `M${px(plot.left)} ${px(middle)}H${px(plot.right)}`, colour: 'line', width: 1 },
      { ...wordsAt(4, middle - 2, `Factor ${row + 1}`), colour: 'text' },
      wordsAt(4, middle + 13, `${(explained * 100).toFixed(1)} % of variance`),
      ...bars,
    ];
  });
  return { width, height, marks, plot, columns, rows };
}

/** A row for each neuron and factor. */
export function factorsTable({ factors, labels }: ShownFactors): FigureTable {
  const rows = factors.flatMap(({ explained, loadings, strongest }, at) =>
    loadings.map((loading, neuron): (string | number)[] => [
      at + 1,
      explained,
      neuron,
      labels[neuron] ?? '',
      loading,
      strongest.indexOf(neuron) + 1,
    ]),
  );
  return [['factor', 'explained', 'neuron', 'label', 'loading', 'place_among_strongest'], ...rows];
}

/** How it was made, in words. */
export function factorsWords({ segments, taken, alive, labels, factors }: ShownFactors, encoder: string): FigureWords {
  const sample =
    taken === segments ? `${formatCount(segments)} segments` : `${formatCount(taken)} of ${formatCount(segments)} segments, spread evenly`;
  const sum = factors.reduce((total, { explained }) => total + explained, 0);
  return {
    title: `Factors of ${encoder}`,
    settings: `Principal components of the correlations between ${alive} neurons that differ (of ${labels.length}) over ${sample}, turned by varimax; ${factors.length} factors explain ${(sum * 100).toFixed(1)} % of the variance. Bars: the strongest neurons of each with their correlation with it, −1 to 1.`,
  };
}
