/** @file What the core and the process that finds filters' waves say to each other. Structured clones; arrays travel as they are. */
import type { ErrorData } from '../../base/index.ts';
import type { EncoderSettings, WeightArray } from '../../learn/index.ts';

/** Core to process, once. `layer`: from 1. */
export type SpectraRequest = { settings: EncoderSettings; weights: Map<string, WeightArray>; layer: number; seed: number };

/** Process to core: how far it is, then waves `[filters, samples]`. */
export type SpectraReply = { done: number; total: number } | { waves: Float32Array } | { error: ErrorData };
