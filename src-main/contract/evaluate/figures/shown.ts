/** @file What every figure of evaluations is: how it is drawn, read at a place, and written to files; and words that several say. Pure. */
import { countOf, formatCount } from '../../../base/counts.ts';
import type { Drawing, FigureTable, FigureWords, Reach } from '../../../inspect/drawing/index.ts';
import { protocols } from '../../../learn/about.ts';
import type { Evaluation } from '../evaluations.ts';

/** A figure. `fileName`: of its files, without their endings. */
export type EvaluationFigure = {
  words: FigureWords;
  draw: (size: { width: number; height: number }) => Drawing;
  table: () => FigureTable;
  /** What stands at a place, as a sentence. */
  reading: (cell: { column: number; row: number }) => string;
  fileName: string;
  heightPx: number;
};

/** Shares as percent; R² as it is in percent, too, as tables have it. */
const percent = 100;

/** A share with its interval, in percent. */
export function inPercent({ value, low, high }: Reach): Reach {
  const turned = (one: number | null): number | null => (one === null ? null : one * percent);
  return { value: value * percent, low: turned(low), high: turned(high) };
}

/** `35.4 (33.1 to 37.0)`, of what is in percent. */
export function reachText({ value, low, high }: Reach): string {
  const text = (one: number): string => one.toFixed(1).replace('-', '−');
  return low === null || high === null ? text(value) : `${text(value)} (${text(low)} to ${text(high)})`;
}

/** The cells of a table that hold a value and its interval. */
export function reachCells(reach: Reach | null): (string | number)[] {
  return reach === null ? ['', '', ''] : [reach.value, reach.low ?? '', reach.high ?? ''];
}

/** What evaluations were made of and how, as a sentence. */
export function madeOf(first: Evaluation, { share = true }: { share?: boolean } = {}): string {
  const { datasetTitle, taskTitle, split, counts, protocol, head, seeds, percent: labels, manifest } = first;
  const learnt = share && labels !== 100 ? `, ${labels} % of the labels` : '';
  return `${datasetTitle}, ${taskTitle}, split ${split} (${formatCount(counts.train)} clips to learn from${learnt}, ${formatCount(counts.validation)} to validate, ${formatCount(counts.test)} to test; manifest ${manifest.slice(0, 12)}). ${protocols[protocol].title}, ${head === 'mlp' ? 'hidden layer' : 'linear'}, ${countOf(seeds.length, 'seed')}. Lines: 95 % intervals over what the data set keeps together.`;
}

/** A file's name of what an evaluation was on. */
export function fileNameOf({ dataset, task, protocol, head }: Evaluation, what: string): string {
  return `${dataset}-${task}-${protocol}-${head}-${what}`;
}

/** The first figure, by which encoders are compared, in percent; null without. */
export function mainReach({ figures: [first] }: Evaluation): Reach | null {
  return first === undefined ? null : inPercent(first);
}
