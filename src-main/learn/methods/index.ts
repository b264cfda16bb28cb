/** @file The methods that Earmark knows. */
export type { BatchPart, Method, MethodValue, PartContent, Pieces } from './method.ts';
export { twoViews } from './two-views.ts';
