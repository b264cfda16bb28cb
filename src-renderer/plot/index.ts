/** @file Drawing on canvases. No Svelte. */
export { drawActivationCurve } from './activation-curve.ts';
export type { ActivationCurve } from './activation-curve.ts';
export { fitCanvas, resolvedColour } from './canvas.ts';
export { drawSegmentMarks } from './time-marks.ts';
export type { SegmentMarks } from './time-marks.ts';
