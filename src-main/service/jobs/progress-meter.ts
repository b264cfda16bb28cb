/** @file Rate and time left of a job, from what it reports; pauses do not count. */
import type { JobProgress } from '../../contract/index.ts';

/** What a running job says of itself. */
export type ProgressReport = {
  done: number;
  total: number | null;
  unit: string;
  audioSeconds: number;
  detail: string;
  failed: number;
  /** As in {@link JobProgress}. */
  phase?: string;
  /** Share of the work that is done, 0 to 1, where files differ in size; `done / total` when absent. */
  share?: number;
  /** Units a second, where the work measures itself. */
  rate?: number;
  /** Where the work knows; null: not yet. */
  secondsLeft?: number | null;
};

/** The rate is that of about the last this many milliseconds. */
const windowMs = 15_000;
/** No time left is named before this much work was seen. */
const settleMs = 2_000;

/** Turns reports into progress. `now` is a clock in ms. */
export class ProgressMeter {
  readonly #now: () => number;
  #activeMs = 0;
  #runningSince: number | undefined;
  #marks: { at: number; done: number }[] = [];
  #startShare: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The work goes on from here. */
  start(): void {
    this.#runningSince ??= this.#now();
    this.#marks = [];
  }

  /** The work is paused from here. */
  stop(): void {
    this.#activeMs = this.#active();
    this.#runningSince = undefined;
  }

  /** Progress as a window shows it. */
  measure(report: ProgressReport): JobProgress {
    const active = this.#active();
    this.#marks.push({ at: active, done: report.done });
    while (this.#marks.length > 2 && (this.#marks[1]?.at ?? active) < active - windowMs) this.#marks.shift();
    const first = this.#marks[0] ?? { at: active, done: report.done };
    const rate = active > first.at ? ((report.done - first.done) * 1000) / (active - first.at) : 0;
    const { share = report.total === null || report.total === 0 ? 0 : report.done / report.total, ...rest } = report;
    const measured = { rate, secondsLeft: this.#secondsLeft(share, active) };
    return { ...measured, ...rest };
  }

  #secondsLeft(share: number, active: number): number | null {
    this.#startShare ??= share;
    const gained = share - this.#startShare;
    if (active < settleMs || gained <= 0) return null;
    return ((1 - share) * active) / gained / 1000;
  }

  #active(): number {
    return this.#activeMs + (this.#runningSince === undefined ? 0 : this.#now() - this.#runningSince);
  }
}
