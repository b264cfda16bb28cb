/** @file What the core and the process that probes say to each other. Structured clones; arrays travel as they are. */
import type { ErrorData } from '../../base/index.ts';
import type { LabelFigure, ProbeProblem, ProtocolWish, SeedFigure, SeedResult } from '../../compute/index.ts';
import type { metrics } from '../../learn/index.ts';

/** Where the segments of clips lie in an index; of `columns` only those numbers of a row are taken, null: all. */
export type ProbeRows = {
  directory: string;
  dimensions: number;
  firstRows: Int32Array;
  counts: Int32Array;
  columns: Int32Array | null;
};

/** What is asked of clips; see `compute/probes`. `keys`: the labels are musical keys. */
export type ProbeAsked = Pick<ProbeProblem, 'kind' | 'outputs' | 'answers' | 'parts' | 'wholes' | 'groups'> & { keys: string[] | null };

/** What one evaluation said of the clips that it was judged by: of each seed, in one order, with the answers and groups of those clips. */
export type ProbeSaid = Pick<ProbeProblem, 'kind' | 'outputs' | 'answers' | 'groups'> & { keys: string[] | null; seeds: Float32Array[] };

export type ProbeRequest =
  { type: 'probe'; rows: ProbeRows; asked: ProbeAsked; wish: ProtocolWish } | { type: 'compare'; ones: ProbeSaid[]; against: ProbeSaid };

/** What a probe came to. */
export type Probed = { seeds: SeedResult[]; figures: SeedFigure[]; labels: LabelFigure[]; seconds: number };

export type ProbeReply =
  | { type: 'share'; share: number }
  | { type: 'probed'; probed: Probed }
  /** Null where the two are not of the same clips. */
  | { type: 'compared'; differences: (metrics.PairedDifference | null)[] }
  | { type: 'failed'; error: ErrorData };
