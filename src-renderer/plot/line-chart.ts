/** @file A chart of lines over one axis: scales, marks of the axes, lines, and what lies under the pointer. */
import { countTicks, extent, linearTicks, logTicks, nearestIndex } from '../lib/axis.ts';

/** One line: `x` rises. */
export interface ChartLine {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly colour: string;
  /** Drawn in dashes, so that two lines are told apart without colour. */
  readonly isDashed: boolean;
  /** Also draws a smoothed line, and this one faintly below it. */
  readonly isSmoothed: boolean;
}

/** What is drawn. */
export interface LineChart {
  readonly lines: readonly ChartLine[];
  readonly isLogarithmic: boolean;
  /** Whether the horizontal axis counts something (steps), so that its marks are whole numbers. */
  readonly isCountX: boolean;
  /** Values that the vertical axis shows at least. */
  readonly include: readonly number[];
  readonly formatX: (x: number) => string;
  readonly formatTick: (y: number) => string;
}

/** Colours as canvases take them. */
export interface ChartColours {
  readonly text: string;
  readonly grid: string;
  readonly surface: string;
}

/** Where the plot lies inside the canvas, and what its edges mean. */
export interface ChartScale {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: { readonly least: number; readonly most: number };
  readonly y: { readonly least: number; readonly most: number };
  readonly isLogarithmic: boolean;
}

const margin = { left: 48, right: 14, top: 10, bottom: 22 };
const pxPerTick = { x: 96, y: 38 };

/** The scale of a chart on a canvas of a CSS size; null when there is nothing to draw. */
export function chartScale({ lines, isLogarithmic, include }: LineChart, width: number, height: number): ChartScale | null {
  const x = extent(lines.map((line) => line.x));
  const y = extent([...lines.map((line) => line.y), include], isLogarithmic);
  if (x === null || y === null) return null;
  return {
    ...{ left: margin.left, right: width - margin.right, top: margin.top, bottom: height - margin.bottom, isLogarithmic },
    x: x.most > x.least ? x : { least: x.least, most: x.least + 1 },
    y: roomy(y, isLogarithmic),
  };
}

/** A little air above and below; zero stays the bottom of values that are never below it. */
function roomy({ least, most }: { least: number; most: number }, isLogarithmic: boolean): { least: number; most: number } {
  if (isLogarithmic) return most > least ? { least: least / 1.05, most: most * 1.05 } : { least: least / 2, most: most * 2 };
  const air = most > least ? (most - least) * 0.06 : Math.abs(most) * 0.1 || 1;
  return { least: least >= 0 ? Math.max(0, least - air) : least - air, most: most + air };
}

/** Where a value lies on the canvas, in px from the left. */
export function xOf({ left, right, x }: ChartScale, value: number): number {
  return left + ((value - x.least) / (x.most - x.least)) * (right - left);
}

/** Where a value lies on the canvas, in px from the top; NaN where it cannot be shown. */
export function yOf({ top, bottom, y, isLogarithmic }: ChartScale, value: number): number {
  if (!isLogarithmic) return bottom - ((value - y.least) / (y.most - y.least)) * (bottom - top);
  return value > 0 ? bottom - (Math.log(value / y.least) / Math.log(y.most / y.least)) * (bottom - top) : Number.NaN;
}

/** The horizontal value at a place on the canvas. */
export function valueAtX({ left, right, x }: ChartScale, px: number): number {
  return x.least + (Math.min(Math.max((px - left) / (right - left), 0), 1) * (x.most - x.least) || 0);
}

/** For every line the index of the point nearest to a horizontal value; −1 where a line does not reach so far. */
export function pointsAt(lines: readonly ChartLine[], value: number): number[] {
  return lines.map(({ x }) => {
    const index = nearestIndex(x, value);
    const [first, last] = [x[0] ?? 0, x.at(-1) ?? 0];
    const reach = (last - first) / Math.max(1, x.length - 1);
    return value > last + reach || value < first - reach ? -1 : index;
  });
}

/**
 * The place that an arrow key moves to: a fiftieth of the axis on, and at least so far that a line's next point is read; within the axis.
 * @param direction 1 to the right, −1 to the left
 */
export function placeBeside(lines: readonly ChartLine[], { x }: Pick<ChartScale, 'x'>, from: number, direction: 1 | -1): number {
  const step = (direction * (x.most - x.least)) / 50;
  const next = pointsAt(lines, from).flatMap((index, i) => (index < 0 ? [] : (lines[i]?.x[index + direction] ?? [])));
  const place = direction > 0 ? Math.max(from + step, Math.min(...next)) : Math.min(from + step, Math.max(...next));
  return Math.min(Math.max(Number.isFinite(place) ? place : from + step, x.least), x.most);
}

/** A running mean that follows the line within about a fiftieth of its points, the same backwards as forwards. */
export function smoothed(values: readonly number[]): number[] {
  const weight = 1 / Math.max(1, Math.min(25, values.length / 50));
  const pass = (list: readonly number[]): number[] => {
    let mean = list[0] ?? 0;
    return list.map((value) => (mean += (Number.isFinite(value) ? value - mean : 0) * weight));
  };
  return pass(pass(values).toReversed()).toReversed();
}

/** Draws the chart. */
export function drawLineChart(context: CanvasRenderingContext2D, chart: LineChart, scale: ChartScale, colours: ChartColours): void {
  drawAxes(context, chart, scale, colours);
  context.save();
  context.beginPath();
  context.rect(scale.left, scale.top - 2, scale.right - scale.left + 2, scale.bottom - scale.top + 4);
  context.clip();
  context.lineJoin = 'round';
  for (const line of chart.lines) {
    const isFaint = line.isSmoothed && line.x.length > 20;
    context.strokeStyle = line.colour;
    context.setLineDash(line.isDashed ? [5, 3] : []);
    context.globalAlpha = isFaint ? 0.28 : 1;
    context.lineWidth = isFaint ? 1 : 1.5;
    context.stroke(pathOf(line.x, line.y, scale));
    if (!isFaint) continue;
    context.globalAlpha = 1;
    context.lineWidth = 1.75;
    context.stroke(pathOf(line.x, smoothed(line.y), scale));
  }
  context.restore();
}

function drawAxes(context: CanvasRenderingContext2D, chart: LineChart, scale: ChartScale, colours: ChartColours): void {
  const { left, right, top, bottom } = scale;
  const wanted = (bottom - top) / pxPerTick.y;
  const yTicks = scale.isLogarithmic ? logTicks(scale.y.least, scale.y.most) : linearTicks(scale.y.least, scale.y.most, wanted);
  context.fillStyle = colours.text;
  context.strokeStyle = colours.grid;
  context.lineWidth = 1;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const tick of yTicks) {
    const y = Math.round(yOf(scale, tick)) + 0.5;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.fillText(chart.formatTick(tick), left - 8, y);
  }
  context.textBaseline = 'alphabetic';
  context.textAlign = 'center';
  const ticksOf = chart.isCountX ? countTicks : linearTicks;
  for (const tick of ticksOf(scale.x.least, scale.x.most, (right - left) / pxPerTick.x)) {
    const x = Math.min(Math.max(xOf(scale, tick), left + 4), right - 8);
    context.fillText(chart.formatX(tick), x, bottom + 16);
  }
}

function pathOf(xs: readonly number[], ys: readonly number[], scale: ChartScale): Path2D {
  const path = new Path2D();
  let isDrawing = false;
  xs.forEach((x, i) => {
    const y = yOf(scale, ys[i] ?? Number.NaN);
    if (!Number.isFinite(y)) isDrawing = false;
    else if (isDrawing) path.lineTo(xOf(scale, x), y);
    else {
      path.moveTo(xOf(scale, x), y);
      isDrawing = true;
    }
  });
  return path;
}

/** Draws a line down from the top at a horizontal value, and a dot where it meets each line. */
export function drawReading(
  context: CanvasRenderingContext2D,
  { chart, scale, colours }: { chart: LineChart; scale: ChartScale; colours: ChartColours },
  value: number,
): void {
  const x = Math.round(xOf(scale, value)) + 0.5;
  context.strokeStyle = colours.text;
  context.lineWidth = 1;
  context.globalAlpha = 0.5;
  context.beginPath();
  context.moveTo(x, scale.top);
  context.lineTo(x, scale.bottom);
  context.stroke();
  context.globalAlpha = 1;
  pointsAt(chart.lines, value).forEach((index, i) => {
    const line = chart.lines[i];
    const [px, py] = [xOf(scale, line?.x[index] ?? Number.NaN), yOf(scale, line?.y[index] ?? Number.NaN)];
    if (line === undefined || !Number.isFinite(px + py)) return;
    context.beginPath();
    context.arc(px, py, 3.5, 0, 2 * Math.PI);
    context.fillStyle = line.colour;
    context.fill();
    context.strokeStyle = colours.surface;
    context.lineWidth = 1.5;
    context.stroke();
  });
}
