/** @file How often each label of a data set occurs (Spijkervet 2021, Fig. 4.1 and 4.2). Pure. */
import { formatCount } from '../../../base/counts.ts';
import { drawRows, rowsHeight } from '../../../inspect/drawing/index.ts';
import type { RowsFigure } from '../../../inspect/drawing/index.ts';
import type { DatasetCheck } from '../../datasets.ts';
import type { EvaluationFigure } from './shown.ts';

const parts = ['train', 'validation', 'test'] as const;
const partTitles = { train: 'to learn from', validation: 'to validate', test: 'to test' } as const;

/** Clips with each label by part, the most frequent first; null for numbers, which every clip has. */
export function distributionFigure(
  title: string,
  { manifest, counts }: Pick<DatasetCheck, 'manifest' | 'counts'>,
): EvaluationFigure | null {
  const { labels, labelCounts, dataset, task, split, sha256 } = manifest;
  if (labelCounts === null) return null;
  const rows = labels
    .map((name, at) => ({ name, counts: parts.map((part) => labelCounts[part][at] ?? 0) }))
    .toSorted((a, b) => sumOf(b.counts) - sumOf(a.counts))
    .map(({ name, counts: own }) => ({ name, values: own.map((value) => ({ value, low: null, high: null })) }));
  const figure: RowsFigure = { rows, series: parts.map((part) => partTitles[part]), style: 'bars', x: 'Clips' };
  return {
    words: {
      title: `Labels of ${title}`,
      settings: `Task ${task}, split ${split}: ${formatCount(counts.train)} clips to learn from, ${formatCount(counts.validation)} to validate, ${formatCount(counts.test)} to test, of those that can be used (manifest ${sha256.slice(0, 12)}).`,
    },
    draw: (size) => drawRows(figure, size),
    table: () => [['label', ...parts], ...rows.map(({ name, values }) => [name, ...values.map(({ value }) => value)])],
    reading: ({ row }) => {
      const one = rows[row];
      if (one === undefined) return '';
      return `${one.name}: ${one.values.map(({ value }, at) => `${formatCount(value)} ${figure.series[at] ?? ''}`).join(', ')}`;
    },
    ...{ fileName: `${dataset}-${task}-${split}-labels`, heightPx: rowsHeight(figure) },
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0);
}
