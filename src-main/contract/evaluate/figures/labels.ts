/** @file How each label of a task came out (Spijkervet 2021, Fig. 6.2), beside another contestant. Pure. */
import { countOf } from '../../../base/counts.ts';
import { drawRows, rowsHeight } from '../../../inspect/drawing/index.ts';
import type { Reach, RowsFigure } from '../../../inspect/drawing/index.ts';
import type { Evaluation } from '../evaluations.ts';
import { contestantName } from '../names.ts';
import { fileNameOf, inPercent, madeOf, reachCells, reachText } from './shown.ts';
import type { EvaluationFigure } from './shown.ts';

const titles: Readonly<Record<Evaluation['kind'], string>> = { tags: 'Average precision', classes: 'Share recognised', numbers: 'R²' };

/** Labels, the best first. @param reference what learnt nothing, drawn beside; null: nothing. @returns null where nothing is known of any label */
export function labelFigure(evaluation: Evaluation, reference: Evaluation | null): EvaluationFigure | null {
  const known = evaluation.labels.filter(({ figure }) => figure !== null).toSorted((a, b) => (b.figure ?? 0) - (a.figure ?? 0));
  if (known.length === 0) return null;
  const others = [evaluation, ...(reference === null || reference.id === evaluation.id ? [] : [reference])];
  const reachOf = ({ labels }: Evaluation, name: string): Reach | null => {
    const found = labels.find((one) => one.name === name);
    return found === undefined || found.figure === null ? null : inPercent({ value: found.figure, low: found.low, high: found.high });
  };
  const rows = known.map(({ name, examples }) => ({ name, examples, values: others.map((one) => reachOf(one, name)) }));
  const figure: RowsFigure = { rows, series: others.map(contestantName), style: 'points', x: `${titles[evaluation.kind]}, %` };
  const untold = evaluation.labels.length - known.length;
  const missing = untold === 0 ? '' : ` Of ${countOf(untold, 'label')} nothing can be told: clips for testing have one answer alone.`;
  return {
    words: {
      title: `${titles[evaluation.kind]} of each label: ${others.map(contestantName).join(' beside ')}`,
      settings: `${madeOf(evaluation)} Outputs of seeds are averaged.${missing}`,
    },
    draw: (size) => drawRows(figure, size),
    table: () => [
      ['label', 'clips', ...others.flatMap((one) => [contestantName(one), 'low', 'high'])],
      ...rows.map(({ name, examples, values }) => [name, examples, ...values.flatMap(reachCells)]),
    ],
    reading: ({ row }) => {
      const one = rows[row];
      if (one === undefined) return '';
      const told = one.values.map((value, at) => `${figure.series[at] ?? ''} ${value === null ? 'not known' : reachText(value)}`);
      return `${one.name} (${countOf(one.examples, 'clip')} to test): ${told.join('; ')}`;
    },
    ...{ fileName: fileNameOf(evaluation, 'labels'), heightPx: rowsHeight(figure) },
  };
}
