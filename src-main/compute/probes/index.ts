/** @file Probing frozen encoders: protocols on embeddings, and figures of what probes say. */
export { judgeHead } from './judge-head.ts';
export type { ClipOutputs } from './judge-probe.ts';
export { figureDifference, labelledFigures, probeFigures, seedFigures } from './probe-figures.ts';
export type { Judged, LabelFigure, ProbeFigure, SeedFigure } from './probe-figures.ts';
export { probeParts } from './probe-problem.ts';
export type { ProbeProblem } from './probe-problem.ts';
export { runFolds } from './run-folds.ts';
export { bestLayers, runProtocol } from './run-protocol.ts';
export type { ProtocolWish, SeedResult } from './run-protocol.ts';
