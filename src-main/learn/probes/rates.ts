/** @file The rate of a probe's steps, and when it ends. */
import type { ProbeSchedule, ProbeTrial } from './trial.ts';

/** A loss is lower where it is by this share (PyTorch's default). */
const threshold = 1e-4;

/** Follows evaluations: which was the best, what the rate is, and whether it is time to end. */
export class ProbeCourse {
  readonly #trial: Pick<ProbeTrial, 'learningRate' | 'schedule' | 'patience' | 'mostEpochs'>;
  /** The best evaluation's value (the higher the better); −∞ before the first. */
  best = -Infinity;
  #since = 0;
  #lowest = Infinity;
  #bad = 0;
  #factor = 1;

  constructor(trial: Pick<ProbeTrial, 'learningRate' | 'schedule' | 'patience' | 'mostEpochs'>) {
    this.#trial = trial;
  }

  /** The rate at a place of the whole course, from 0 to 1. A cosine falls to 0 at its end. */
  rateAt(share: number): number {
    const { learningRate, schedule } = this.#trial;
    return schedule.kind === 'cosine' ? (learningRate * (1 + Math.cos(Math.PI * share))) / 2 : learningRate * this.#factor;
  }

  /**
   * Takes an evaluation in.
   * @param value the higher the better
   * @returns whether it is the best so far
   */
  evaluated(value: number, loss: number): boolean {
    this.#plateau(this.#trial.schedule, loss);
    this.#since++;
    if (!(value > this.best)) return false;
    this.best = value;
    this.#since = 0;
    return true;
  }

  get isOver(): boolean {
    const { patience } = this.#trial;
    return patience !== null && this.#since >= patience;
  }

  #plateau(schedule: ProbeSchedule, loss: number): void {
    if (schedule.kind !== 'plateau') return;
    if (loss < this.#lowest * (1 - threshold)) {
      this.#lowest = loss;
      this.#bad = 0;
      return;
    }
    this.#bad++;
    if (this.#bad <= schedule.patience) return;
    this.#factor *= schedule.factor;
    this.#bad = 0;
  }
}
