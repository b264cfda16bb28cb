/** @file Drawing on canvases. No Svelte. */
export { drawActivationCurve } from './activation-curve.ts';
export type { ActivationCurve } from './activation-curve.ts';
export { ThemeColours, fitCanvas, resolvedColour } from './canvas.ts';
export { drawHistograms, shares } from './histograms.ts';
export type { HistogramPair } from './histograms.ts';
export { chartScale, drawLineChart, drawReading, placeBeside, pointsAt, smoothed, valueAtX, xOf, yOf } from './line-chart.ts';
export type { ChartColours, ChartLine, ChartScale, LineChart } from './line-chart.ts';
export { drawPicture } from './picture.ts';
export type { Picture } from './picture.ts';
export { drawScatter, imageColours } from './scatter.ts';
export type { Scatter } from './scatter.ts';
export { drawSegmentMarks } from './time-marks.ts';
export type { SegmentMarks } from './time-marks.ts';
