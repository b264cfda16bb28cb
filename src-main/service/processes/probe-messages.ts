/** @file What the core and the process that probes say to each other. Structured clones; arrays travel as they are. */
import type { ErrorData } from '../../base/index.ts';
import type { LabelFigure, ProbeProblem, ProtocolWish, SeedFigure, SeedResult } from '../../compute/index.ts';
import type { metrics, probes, WeightArray } from '../../learn/index.ts';

/** Where the segments of clips lie in an index; of `columns` only those numbers of a row are taken, null: all. */
export type ProbeRows = {
  directory: string;
  dimensions: number;
  firstRows: Int32Array;
  counts: Int32Array;
  columns: Int32Array | null;
};

/**
 * What is asked of clips; see `compute/probes`. `keys`: the labels are musical keys. `folds`: for each seed the fold of each clip, in the place of parts; null: parts
 * count.
 */
export type ProbeAsked = Pick<ProbeProblem, 'kind' | 'outputs' | 'answers' | 'parts' | 'wholes' | 'groups'> & {
  keys: string[] | null;
  folds: Uint8Array[] | null;
};

/** What one evaluation said of the clips that it was judged by: of each seed, in one order, with the answers and groups of those clips. */
export type ProbeSaid = Pick<ProbeProblem, 'kind' | 'outputs' | 'answers' | 'groups'> & { keys: string[] | null; seeds: Float32Array[] };

/** An encoder’s rows and its head, by the seed that it was trained with; how long it was, as probes tell it. */
export type JudgedSeed = { seed: number; epochs: number; steps: number; rows: ProbeRows; head: Map<string, WeightArray> };

export type ProbeRequest =
  | { type: 'probe'; rows: ProbeRows[]; layers: probes.LayerUse; asked: ProbeAsked; wish: ProtocolWish }
  /** Heads that were trained with their encoders are judged; nothing is learnt. */
  | { type: 'judge'; seeds: JudgedSeed[]; asked: ProbeAsked; reading: probes.ProbeReading }
  | { type: 'compare'; ones: ProbeSaid[]; against: ProbeSaid };

/** What a layer came to: of every layer what it reached on what is validated, of a sum how much it counts; means over seeds. */
export type LayerTold = { validated: number | null; share: number | null };

/** What a probe came to. `layer`: the place of the best one of the first seed; `layers`: null where there is one. */
export type Probed = {
  seeds: SeedResult[];
  layer: number;
  layers: LayerTold[] | null;
  figures: SeedFigure[];
  labels: LabelFigure[];
  seconds: number;
};

export type ProbeReply =
  | { type: 'share'; share: number }
  | { type: 'probed'; probed: Probed }
  /** Null where the two are not of the same clips. */
  | { type: 'compared'; differences: (metrics.PairedDifference | null)[] }
  | { type: 'failed'; error: ErrorData };
