/** @file How long a run is and how far it has come: in steps, epochs or minutes. */
import type { pretraining } from '../../contract/index.ts';
import { training } from '../../learn/index.ts';

/** Where a run stands before a step. */
export type Progress = { stepsDone: number; activeSeconds: number };

/** A run's course. */
export class Plan {
  readonly stepsPerEpoch: number;
  readonly #settings: pretraining.PretrainSettings;
  /** Share of the run at which the warm-up ended; known beforehand unless the length is in minutes. */
  #warmupShare: number | undefined;

  constructor(settings: pretraining.PretrainSettings, stepsPerEpoch: number, warmupShare?: number) {
    this.#settings = settings;
    this.stepsPerEpoch = stepsPerEpoch;
    const total = this.#fixedSteps;
    this.#warmupShare = total === null ? warmupShare : Math.min(1, (settings.schedule.warmupEpochs * stepsPerEpoch) / total);
  }

  /** To be kept with a checkpoint, for a run whose length is in minutes. */
  get warmupShare(): number | undefined {
    return this.#warmupShare;
  }

  /** How many steps the run has in all; in minutes, as many as its pace so far would give, null before the first. */
  totalSteps({ stepsDone, activeSeconds }: Progress): number | null {
    const fixed = this.#fixedSteps;
    if (fixed !== null) return fixed;
    const share = this.share({ stepsDone, activeSeconds });
    return share === 0 || stepsDone === 0 ? null : Math.max(stepsDone, Math.round(stepsDone / share));
  }

  /** From 0 to 1. */
  share({ stepsDone, activeSeconds }: Progress): number {
    const { length } = this.#settings;
    const fixed = this.#fixedSteps;
    return Math.min(1, fixed === null ? activeSeconds / (length.amount * 60) : stepsDone / fixed);
  }

  isOver(progress: Progress): boolean {
    return this.share(progress) >= 1;
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

  get #fixedSteps(): number | null {
    const { length } = this.#settings;
    if (length.unit === 'minutes') return null;
    return length.unit === 'steps' ? length.amount : length.amount * this.stepsPerEpoch;
  }
}
