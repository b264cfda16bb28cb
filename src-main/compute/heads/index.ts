/** @file Training heads, and running them. */
export { fitHead } from './fit-head.ts';
export type { HeadFit, HeadOptions, LabelFit } from './fit-head.ts';
export { HeadPredictor } from './predict-head.ts';
