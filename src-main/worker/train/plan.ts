/** @file How long a run is and how far it has come: in steps, epochs or minutes. */
import type { pretraining } from '../../contract/index.ts';
import { training } from '../../learn/index.ts';

/**
 * Where a run stands before a step. `activeSeconds`: all the time that it took, decoding included, pauses not. `secondsPerStep`: its pace of late; when
 * absent, that of the whole.
 */
export type Progress = { stepsDone: number; activeSeconds: number; secondsPerStep?: number };

/** A run's course. */
export class Plan {
  readonly stepsPerEpoch: number;
  readonly #settings: pretraining.PretrainSettings;
  /** Share of the run at which the warm-up ended; known beforehand unless the length is in minutes. */
  #warmupShare: number | undefined;

  constructor(settings: pretraining.PretrainSettings, stepsPerEpoch: number, warmupShare?: number) {
    this.#settings = settings;
    this.stepsPerEpoch = stepsPerEpoch;
    const total = this.fixedSteps;
    this.#warmupShare = total === null ? warmupShare : Math.min(1, (settings.schedule.warmupEpochs * stepsPerEpoch) / total);
  }

  /** To be kept with a checkpoint, for a run whose length is in minutes. */
  get warmupShare(): number | undefined {
    return this.#warmupShare;
  }

  /** How many steps the run has in all; in minutes, as many as its pace would give, null before the first. */
  totalSteps({ stepsDone, activeSeconds, secondsPerStep = activeSeconds / stepsDone }: Progress): number | null {
    const fixed = this.fixedSteps;
    if (fixed !== null) return fixed;
    if (stepsDone === 0 || secondsPerStep <= 0) return null;
    const secondsLeft = Math.max(0, this.#settings.length.amount * 60 - activeSeconds);
    return stepsDone + Math.round(secondsLeft / secondsPerStep);
  }

  /** From 0 to 1. */
  share({ stepsDone, activeSeconds }: Progress): number {
    const { length } = this.#settings;
    const fixed = this.fixedSteps;
    return Math.min(1, fixed === null ? activeSeconds / (length.amount * 60) : stepsDone / fixed);
  }

  /** A run takes one step at least, however long the way to it was. */
  isOver(progress: Progress): boolean {
    return progress.stepsDone > 0 && this.share(progress) >= 1;
  }

  /** Epochs done. */
  epoch(stepsDone: number): number {
    return stepsDone / this.stepsPerEpoch;
  }

  /** The learning rate of the next step. */
  learningRate(progress: Progress): number {
    const { optimizer, schedule, batch } = this.#settings;
    const epoch = this.epoch(progress.stepsDone);
    const share = this.share(progress);
    if (this.#warmupShare === undefined && epoch >= schedule.warmupEpochs) this.#warmupShare = share;
    return training.rateAt({ ...optimizer, ...schedule, batch }, { epoch, share, warmupShare: this.#warmupShare ?? 0 });
  }

  /** The run's steps, where they are known from the beginning; null for a length in minutes. */
  get fixedSteps(): number | null {
    const { length } = this.#settings;
    if (length.unit === 'minutes') return null;
    return length.unit === 'steps' ? length.amount : length.amount * this.stepsPerEpoch;
  }
}
