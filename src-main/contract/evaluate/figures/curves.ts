/** @file Evaluations over a number: shares of labels (Spijkervet 2021, Fig. 6.5 and 6.6), and the checkpoints of a run. Pure. */
import { drawCurves, nearestAt } from '../../../inspect/drawing/index.ts';
import type { Curve, CurvesFigure } from '../../../inspect/drawing/index.ts';
import type { Evaluation } from '../evaluations.ts';
import { contestantName, figureTitles } from '../names.ts';
import type { ScoreGroup } from '../scores.ts';
import { fileNameOf, madeOf, mainReach, reachCells, reachText } from './shown.ts';
import type { EvaluationFigure } from './shown.ts';

const heightPx = 360;
type Told = Pick<EvaluationFigure, 'words' | 'fileName'> & { column: string };

/** A figure of curves with its words. */
export function shownCurves(figure: CurvesFigure, { words, fileName, column }: Told): EvaluationFigure {
  const { curves, levels } = figure;
  return {
    words,
    ...{ fileName, heightPx },
    draw: (size) => drawCurves(figure, size),
    table: () => [
      ['contestant', column, 'value', 'low', 'high'],
      ...curves.flatMap(({ name, points }) => points.map((point) => [name, point.at, ...reachCells(point)])),
      ...levels.map(({ name, value }) => [name, '', value, '', '']),
    ],
    reading: ({ column: place }) => {
      const at = nearestAt(figure, place);
      if (at === null) return '';
      const told = curves.flatMap(({ name, points }) => {
        const own = points.find((point) => point.at === at);
        return own === undefined ? [] : [`${name} ${reachText(own)}`];
      });
      return `${column} ${at}: ${told.join('; ')}`;
    },
  };
}

/** What is the same of evaluations that differ in their share of labels. */
const shareKey = (one: Evaluation): string =>
  JSON.stringify([one.dataset, one.task, one.split, one.folder, one.protocol, one.head, one.seeds]);

/** Curves over the share of labels, of all contestants that were evaluated with two shares at least; null without. */
export function labelShareFigure(group: ScoreGroup, all: readonly Evaluation[]): EvaluationFigure | null {
  const { first } = group;
  const alike = all.filter((one) => shareKey(one) === shareKey(first));
  const names = [...new Set(alike.map(contestantName))];
  const curves = names
    .map((name): Curve => {
      const own = alike.filter((one) => contestantName(one) === name);
      // The newest of each share: evaluations come in that order.
      const newest = own.filter((one, at) => own.findIndex(({ percent }) => percent === one.percent) === at);
      const points = newest.flatMap((one) => {
        const reach = mainReach(one);
        return reach === null ? [] : [{ at: one.percent, ...reach }];
      });
      return { name, points: points.toSorted((a, b) => a.at - b.at) };
    })
    .filter(({ points }) => points.length > 1);
  if (curves.length === 0) return null;
  const title = titleOf(first);
  const ticks = [...new Set(curves.flatMap(({ points }) => points.map(({ at }) => at)))];
  const figure = { curves, levels: [], x: 'Labels learnt from, % (by powers of ten)', y: `${title}, %`, isLog: true, ticks };
  const words = { title: `${title} by the share of labels`, settings: madeOf(first, { share: false }) };
  return shownCurves(figure, { words, fileName: fileNameOf(first, 'label-shares'), column: 'percent of the labels' });
}

function titleOf({ figures: [main] }: Evaluation): string {
  return main === undefined ? 'Figure' : figureTitles[main.name];
}

/** A curve for each run of which two checkpoints were evaluated at least, beside what learnt nothing; null without. */
export function checkpointFigure({ first, rows }: ScoreGroup): EvaluationFigure | null {
  const runs = [...new Set(rows.flatMap(({ contestant: { training } }) => (training === null ? [] : [training.runId])))];
  const curves = runs
    .map((runId): Curve => {
      const points = rows.flatMap((one) => {
        const { training } = one.contestant;
        const reach = mainReach(one);
        return training?.runId === runId && reach !== null && one.layers === null ? [{ at: training.step, ...reach }] : [];
      });
      return { name: `Run ${runId}`, points: points.toSorted((a, b) => a.at - b.at) };
    })
    .filter(({ points }) => points.length > 1);
  if (curves.length === 0) return null;
  const levels = rows.flatMap((one) => {
    const reach = mainReach(one);
    return one.contestant.kind === 'encoder' || reach === null ? [] : [{ name: contestantName(one), value: reach.value }];
  });
  const title = titleOf(first);
  const figure = { curves, levels, x: 'Step of the run', y: `${title}, %`, isLog: false };
  const words = { title: `${title} along pre-training`, settings: madeOf(first) };
  return shownCurves(figure, { words, fileName: fileNameOf(first, 'checkpoints'), column: 'step' });
}
