/** @file What every bench returns. */

/** One measured figure; `what` names the statistic (median, p95, peak …). */
export type BenchRow = {
  what: string;
  value: number;
  unit: string;
  /** What it was compared with, or why it was not. */
  against?: string;
  /** `value` divided by the other's. */
  ratio?: number;
};

/** A bench's figures. */
export type BenchResult = { name: string; rows: BenchRow[] };

/** What a person may say of a bench; each takes what concerns it. */
export type BenchOptions = { recipe?: string };
