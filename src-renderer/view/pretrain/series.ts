/** @file Lines of a run's charts, made from its curves. */
import type { pretraining } from '../../../src-main/contract/index.ts';
import { formatCount, formatLength } from '../../lib/format.ts';
import { formatFigure } from '../../lib/figures.ts';
import { partWords } from './words.ts';

type Curves = pretraining.Curves;

/** A line with its name; `colour` is a token of the style sheet. */
export type Series = { name: string; x: readonly number[]; y: readonly number[]; colour: string; isDashed: boolean };

/** What the horizontal axis counts. */
export type AxisName = 'step' | 'epoch' | 'seconds';

/** One run among those of a chart. */
export type Drawn = { name: string; curves: Curves };

type Measure = 'loss' | 'learningRate' | 'gradientNorm' | 'clipsPerSecond';
type HealthMeasure = 'rank' | 'deviationMean' | 'positive' | 'negative';

/** First and second of two runs, told apart by dashes as well. */
const pairLooks = [
  { colour: '--series-a', isDashed: false },
  { colour: '--series-b', isDashed: true },
] as const;
const partColours = ['--series-a', '--series-b', '--series-c'] as const;

/** One measure of one or two runs. */
export function measureOf(drawn: readonly Drawn[], measure: Measure, axis: AxisName): Series[] {
  return drawn.map(({ name, curves }, i) => ({ ...lookOf(i), name, x: curves[axis], y: curves[measure] }));
}

/** One measure of health; it is taken less often, at steps of its own. */
export function healthOf(drawn: readonly Drawn[], measure: HealthMeasure, axis: AxisName): Series[] {
  return drawn.map(({ name, curves }, i) => ({ ...lookOf(i), name, x: healthAxis(curves, axis), y: curves[measure] }));
}

/** What held-out tracks said of one or two runs; they are measured at steps of their own. */
export function heldOutOf(drawn: readonly Drawn[], measure: 'heldOutLoss' | 'heldOutScore', axis: AxisName): Series[] {
  return drawn.flatMap(({ name, curves }, i) =>
    curves.heldOutStep.length === 0 ? [] : [{ ...lookOf(i), name, x: axisOf(curves, curves.heldOutStep, axis), y: curves[measure] }],
  );
}

/** The parts of a loss, each a line. */
export function partsOf({ curves }: Drawn, axis: AxisName): Series[] {
  return Object.entries(curves.parts).map(([name, y], i) => ({
    ...{ name: partWords[name] ?? name, x: curves[axis].slice(-y.length), y },
    ...{ colour: partColours[i % partColours.length] ?? '--series-a', isDashed: i === 1 },
  }));
}

/** Positive and negative similarities of one run. */
export function similaritiesOf({ curves }: Drawn, axis: AxisName): Series[] {
  const x = healthAxis(curves, axis);
  return [
    { name: 'Same track', x, y: curves.positive, colour: '--series-a', isDashed: false },
    { name: 'Others', x, y: curves.negative, colour: '--series-b', isDashed: true },
  ];
}

/** How the axis writes a place. */
export function axisText(axis: AxisName): (x: number) => string {
  if (axis === 'step') return formatCount;
  return axis === 'seconds' ? formatLength : (epoch) => formatFigure(epoch);
}

/** What the axis counts, before a figure. */
export const axisUnits: Readonly<Record<AxisName, string>> = { step: 'step', epoch: 'epoch', seconds: 'after' };

function lookOf(index: number): { colour: string; isDashed: boolean } {
  return pairLooks[index % pairLooks.length] ?? pairLooks[0];
}

function healthAxis(curves: Curves, axis: AxisName): number[] {
  return axisOf(curves, curves.healthStep, axis);
}

/** Steps of their own on another axis: where each lies among the curves'. */
function axisOf(curves: Curves, steps: readonly number[], axis: AxisName): number[] {
  if (axis === 'step') return [...steps];
  let at = 0;
  return steps.map((step) => {
    while (at < curves.step.length - 1 && (curves.step[at] ?? 0) < step) at++;
    return curves[axis][at] ?? 0;
  });
}
