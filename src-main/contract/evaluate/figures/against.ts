/** @file Scores against what they cost: parameters (Spijkervet 2021, Fig. 1.1), and hours of computing. Pure. */
import { formatCount } from '../../../base/counts.ts';
import { drawPoints, nearestPoint } from '../../../inspect/drawing/index.ts';
import type { NamedPoint, PointsFigure } from '../../../inspect/drawing/index.ts';
import type { Evaluation } from '../evaluations.ts';
import { contestantName, figureTitles } from '../names.ts';
import type { ScoreGroup } from '../scores.ts';
import { fileNameOf, inPercent, madeOf, mainReach, reachCells, reachText } from './shown.ts';
import type { EvaluationFigure } from './shown.ts';

const [heightPx, usualWidth, secondsAnHour] = [400, 900, 3600];

type Against = {
  what: string;
  x: string;
  none: string;
  /** Of one's own; null where there is none, undefined where it is not known. */
  of: (one: Evaluation) => number | null | undefined;
  text: (value: number) => string;
  about: string;
};

/** @returns null where fewer than two contestants have what the axis counts */
function against(
  { first, rows, published }: ScoreGroup,
  { what, x, none, of, text, about }: Against,
  isPublished: boolean,
): EvaluationFigure | null {
  const [main] = first.figures;
  if (main === undefined) return null;
  const own = rows.flatMap((one): NamedPoint[] => {
    const [reach, at] = [mainReach(one), of(one)];
    return reach === null || at === undefined ? [] : [{ ...reach, name: contestantName(one), at }];
  });
  const theirs = published.flatMap(({ name, figures, parameters }): NamedPoint[] => {
    const value = figures[main.name];
    if (!isPublished || value === undefined || parameters === null) return [];
    return [{ ...inPercent({ value, low: null, high: null }), name: `${name}, published`, at: parameters, isFaint: true }];
  });
  const points = [...own, ...theirs];
  if (own.every(({ at }) => at === null) || points.length < 2) return null;
  const title = figureTitles[main.name];
  const figure: PointsFigure = { points, x, y: `${title}, %`, none };
  const valueOf = ({ at }: NamedPoint): string => (at === null ? none : text(at));
  return {
    words: { title: `${title} against ${what}`, settings: `${madeOf(first)} ${about}` },
    ...{ fileName: fileNameOf(first, what.replaceAll(' ', '-')), heightPx },
    draw: (size) => drawPoints(figure, size),
    table: () => [
      ['contestant', what, 'value', 'low', 'high'],
      ...points.map((point) => [point.name, point.at ?? 0, ...reachCells(point)]),
    ],
    reading: ({ column }) => {
      const point = nearestPoint(figure, { column, width: usualWidth });
      return point === null ? '' : `${point.name}: ${valueOf(point)}, ${reachText(point)}`;
    },
  };
}

/** Scores against weights that are learnt in pre-training; statistics have none. */
export function parameterFigure(group: ScoreGroup): EvaluationFigure | null {
  const wish: Against = {
    ...{ what: 'parameters', x: 'Parameters of the encoder (by powers of ten)', none: 'no weights' },
    of: ({ contestant }) => (contestant.parameters === 0 ? null : contestant.parameters),
    text: (value) => `${formatCount(value)} weights`,
    about: 'Weights of encoders alone, without projectors and probes. Faint: published figures whose encoders’ sizes are known.',
  };
  return against(group, wish, true);
}

/** Scores against the hours that runs of this library took, of what was trained from scratch the mean over seeds; untrained encoders and statistics took none. */
export function hoursFigure(group: ScoreGroup): EvaluationFigure | null {
  const wish: Against = {
    ...{ what: 'hours of computing', x: 'Hours of training on this machine (by powers of ten)', none: 'none' },
    of: ({ contestant: { kind, training, parameters }, scratch }) => {
      if (training !== null) return training.seconds / secondsAnHour;
      if (scratch !== null) return scratch.each.reduce((sum, { seconds }) => sum + seconds, 0) / scratch.each.length / secondsAnHour;
      return kind !== 'encoder' || parameters === 0 ? null : undefined;
    },
    text: (value) => `${value < 0.1 ? `${(value * 60).toFixed(1)} minutes` : `${value.toFixed(2)} hours`}`,
    about: 'Time that runs were at work, up to the checkpoint. Encoders that no run of this library made are left out.',
  };
  return against(group, wish, false);
}
