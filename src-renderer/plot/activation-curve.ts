/** @file One feature's activation over a track's time, as a stepped line with its area: a segment has one value. */
import type { SegmentTimes } from '../../src-main/contract/index.ts';
import { leastSpread } from '../lib/heat.ts';

/** A feature's values over time. */
export interface ActivationCurve {
  readonly values: Float32Array;
  readonly times: SegmentTimes;
  readonly durationMs: number;
  /** The values at the bottom and at the top of the plot. */
  readonly least: number;
  readonly most: number;
}

/** For every pixel column the largest value of the segments under it, or NaN where there is none. */
export function columnMaxima(curve: ActivationCurve, width: number): Float32Array {
  const maxima = new Float32Array(width).fill(Number.NaN);
  const { times, durationMs } = curve;
  if (durationMs <= 0 || times.hopMs <= 0) return maxima;
  const msPerPx = durationMs / width;
  for (let x = 0; x < width; x++) {
    const [first, end] = [times.begunBy(x * msPerPx), times.begunBy((x + 1) * msPerPx - 2 * times.toleranceMs)];
    if (end <= first && x * msPerPx >= times.endOf(first)) continue;
    for (let segment = first; segment <= Math.max(first, end); segment++) {
      const value = curve.values[segment] ?? Number.NaN;
      const before = maxima[x] ?? Number.NaN;
      if (Number.isNaN(before) || value > before) maxima[x] = value;
    }
  }
  return maxima;
}

/** How far up the plot a value lies, 0 to 1. Where values are the same, or hardly differ, they lie at the bottom. */
export function heightOf(value: number, { least, most }: Pick<ActivationCurve, 'least' | 'most'>): number {
  const spread = Math.max(most - least, leastSpread(least, most));
  return most > least ? Math.max(0, Math.min((value - least) / spread, 1)) : 0;
}

/** Draws the curve on a canvas of a given CSS size. */
export function drawActivationCurve(
  context: CanvasRenderingContext2D,
  size: { width: number; height: number },
  curve: ActivationCurve,
  colours: { line: string; area: string },
): void {
  const { width, height } = size;
  const maxima = columnMaxima(curve, Math.max(1, Math.round(width)));
  const line = new Path2D();
  const area = new Path2D();
  let isDrawing = false;
  maxima.forEach((value, x) => {
    if (Number.isNaN(value)) {
      isDrawing = false;
      return;
    }
    const y = height - 1 - heightOf(value, curve) * (height - 3);
    area.rect(x, y, 1, height - y);
    if (isDrawing) line.lineTo(x, y);
    else line.moveTo(x, y);
    line.lineTo(x + 1, y);
    isDrawing = true;
  });
  context.fillStyle = colours.area;
  context.fill(area);
  context.strokeStyle = colours.line;
  context.lineWidth = 1.5;
  context.stroke(line);
}
