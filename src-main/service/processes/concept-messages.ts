/** @file What the core and the process that learns concepts say to each other. Structured clones; arrays travel as they are. */
import type { ErrorData } from '../../base/index.ts';
import type { ConceptSettings } from '../../contract/index.ts';
import type { WeightArray } from '../../learn/index.ts';

/** What was found; see `compute/concepts`. */
export type FoundConcepts = { tensors: Map<string, WeightArray>; explained: number; active: number; dead: number; loss: number };

/** Core to process: `open` first, then `rows` as they are asked for, which fill `segments` rows one after the other; an empty list is the end. */
export type ConceptRequest =
  | { type: 'open'; segments: number; dimensions: number; settings: ConceptSettings; statePath: string }
  | { type: 'rows'; rows: Float32Array[] }
  | { type: 'pause' }
  | { type: 'resume' };

/** Process to core: `next` asks for rows. */
export type ConceptReply =
  | { type: 'next' }
  | { type: 'step'; done: number; loss: number }
  | { type: 'done'; found: FoundConcepts }
  | { type: 'failed'; error: ErrorData };
