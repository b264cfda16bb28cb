/** @file The training loop: batches in, steps, what they tell, checkpoints; it pauses, stops and resumes between steps. */
import { AppError } from '../../base/index.ts';
import { clipsPerItem } from '../../learn/index.ts';
import type { pretraining } from '../../contract/index.ts';
import type { StepResult, Trainer } from '../../compute/index.ts';
import type { Method } from '../../learn/index.ts';
import type { TrainReply } from '../../service/index.ts';
import type { CheckpointKeeper } from './checkpoint-keeper.ts';
import type { Control } from './control.ts';
import { firstNotFinite } from './finite.ts';
import { measureHealth, withHeldOut } from './health.ts';
import type { HeldOut } from './held-out.ts';
import type { Plan, Progress } from './plan.ts';
import type { TrackMemory } from './track-memory.ts';

/** Where batches come from; see `feed/batch-feed.ts`. */
export type Batches = {
  batch(step: number): Promise<{ parts: Readonly<Record<string, Float32Array>>; trackIds: Int32Array; waitedMs: number }>;
};

/** What a loop works with. */
export type LoopOptions = {
  settings: pretraining.PretrainSettings;
  method: Method;
  trainer: Trainer;
  feed: Batches;
  plan: Plan;
  keeper: CheckpointKeeper;
  /** What is measured of held-out tracks; null without labels. */
  heldOut?: HeldOut | null;
  control: Control;
  start: Progress;
  /** What is remembered of tracks so far. */
  memory: TrackMemory;
  codeVersion: string;
  reply: (reply: TrainReply) => void;
  /** A clock in ms. */
  now?: () => number;
};

const healthEveryMs = 8_000;
/** Rates are those of about the last this many milliseconds. */
const rateWindowMs = 10_000;

/** Runs until the plan is over or the loop is told to stop; its last step is saved. @throws AppError `NOT_FINITE`, `DEVICE_FAILED`, `DISK_FULL` … */
export async function trainLoop(options: LoopOptions): Promise<void> {
  const loop = new TrainLoop(options);
  await loop.run();
}

class TrainLoop {
  readonly #options: LoopOptions;
  readonly #now: () => number;
  #stepsDone: number;
  #activeMs: number;
  #waitedMs = 0;
  #ranMs = 0;
  #savedAtMs: number;
  #health: pretraining.Health | undefined;
  #healthAtMs = -Infinity;
  #losses: number[] = [];
  #lastLoss = NaN;
  #recent: number[] = [];

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#stepsDone = options.start.stepsDone;
    this.#activeMs = options.start.activeSeconds * 1000;
    this.#savedAtMs = this.#activeMs;
  }

  async run(): Promise<void> {
    const { plan, control, reply } = this.#options;
    const before = this.#stepsDone;
    const activeBefore = this.#activeMs;
    await this.#begin();
    while (!this.#isOver && !control.isStopping) {
      if (control.isPaused) await this.#pause();
      if (control.isStopping) break;
      await this.#step();
      if (this.#heldOut?.isDue(this.#stepsDone) === true) await this.#measure();
      if (this.#activeMs - this.#savedAtMs >= this.#options.settings.checkpoints.everyMinutes * 60_000) await this.#save();
    }
    if (this.#isOver && this.#heldOut !== null && this.#heldOut.last?.step !== this.#stepsDone) await this.#measure();
    await this.#save();
    const clips = (this.#stepsDone - before) * this.#clipsPerStep;
    reply({
      type: 'ended',
      why: this.#isOver ? 'done' : 'stopped',
      remark: plan.isOver(this.#progress) || !this.#isOver ? '' : this.#earlySentence(),
      step: this.#stepsDone,
      loss: this.#lastLoss,
      activeSeconds: this.#activeMs / 1000,
      clipsPerSecond: clips === 0 ? 0 : (clips * 1000) / (this.#activeMs - activeBefore),
      idleShare: this.#idleShare,
    });
  }

  get #progress(): Progress {
    return { stepsDone: this.#stepsDone, activeSeconds: this.#activeMs / 1000 };
  }

  get #heldOut(): HeldOut | null {
    return this.#options.heldOut ?? null;
  }

  /** The plan is at its end, or held-out tracks say that there is no more to gain. */
  get #isOver(): boolean {
    return this.#options.plan.isOver(this.#progress) || this.#heldOut?.isExhausted === true;
  }

  /** What the encoder that a run begins with reaches is measured once. */
  async #begin(): Promise<void> {
    const startedAt = this.#now();
    await this.#heldOut?.begin();
    if (this.#heldOut !== null) this.#activeMs += this.#now() - startedAt;
  }

  /** Measures held-out tracks; the best is saved at once. */
  async #measure(): Promise<void> {
    const startedAt = this.#now();
    const isBetter = (await this.#heldOut?.measure(this.#stepsDone)) ?? null;
    this.#activeMs += this.#now() - startedAt;
    if (isBetter === null || this.#health === undefined) return;
    this.#health = withHeldOut(this.#health, this.#heldOut?.last ?? null);
    this.#options.reply({ type: 'healthy', step: this.#stepsDone, health: this.#health });
    if (isBetter) await this.#save(true);
  }

  #earlySentence(): string {
    const last = this.#heldOut?.last;
    if (last === null || last === undefined) return '';
    return `${last.since} measurements in a row were no better than that of step ${last.best.step}, so it ended before its length.`;
  }

  get #clipsPerStep(): number {
    return clipsPerItem(this.#options.method) * this.#options.settings.batch;
  }

  get #idleShare(): number {
    return this.#ranMs === 0 ? 0 : this.#waitedMs / this.#ranMs;
  }

  async #pause(): Promise<void> {
    const { control, reply } = this.#options;
    await this.#save();
    reply({ type: 'paused', step: this.#stepsDone });
    await control.passed;
    this.#recent = [];
  }

  async #step(): Promise<void> {
    const { feed, trainer, plan, memory } = this.#options;
    const startedAt = this.#now();
    const { waitedMs, ...batch } = await feed.batch(this.#stepsDone);
    const parts = memory.recall(batch);
    const learningRate = plan.learningRate(this.#progress) * (this.#heldOut?.rateShare ?? 1);
    const result = await trainer.step({ batch: parts, learningRate, step: this.#stepsDone + 1 });
    const broken = firstNotFinite(parts, result, trainer.trainable);
    if (broken !== undefined) throw this.#notFinite(broken);
    memory.remember(batch.trackIds, result.remembered);
    this.#stepsDone++;
    const took = this.#now() - startedAt;
    this.#activeMs += took;
    this.#ranMs += took;
    this.#waitedMs += waitedMs;
    this.#recent.push(took);
    while (this.#recent.length > 2 && this.#recent.reduce((sum, ms) => sum + ms, 0) > rateWindowMs) this.#recent.shift();
    this.#lastLoss = result.loss;
    this.#losses.push(result.loss);
    this.#tell(result, learningRate);
  }

  #tell(result: StepResult, learningRate: number): void {
    const { settings, method, plan, reply } = this.#options;
    const meanMs = this.#recent.reduce((sum, ms) => sum + ms, 0) / this.#recent.length;
    const point: pretraining.RunPoint = {
      step: this.#stepsDone,
      epoch: plan.epoch(this.#stepsDone),
      loss: result.loss,
      parts: result.parts,
      learningRate,
      gradientNorm: Math.sqrt(result.gradientNorms.reduce((sum, norm) => sum + norm * norm, 0)),
      clipsPerSecond: (1000 * this.#clipsPerStep) / meanMs,
      stepsPerSecond: 1000 / meanMs,
    };
    const totalSteps = plan.totalSteps({ ...this.#progress, secondsPerStep: meanMs / 1000 });
    reply({ type: 'stepped', point, activeSeconds: this.#activeMs / 1000, totalSteps, idleShare: this.#idleShare });
    const isMeasured = this.#heldOut?.isDue(this.#stepsDone) === true;
    if (this.#activeMs - this.#healthAtMs < healthEveryMs && !plan.isOver(this.#progress) && !isMeasured) return;
    this.#healthAtMs = this.#activeMs;
    this.#health = withHeldOut(measureHealth(result.watched, method, settings.batch), this.#heldOut?.last ?? null);
    reply({ type: 'healthy', step: this.#stepsDone, health: this.#health });
  }

  /** @param isBest by what held-out tracks say */
  async #save(isBest = false): Promise<void> {
    const { trainer, keeper, settings, plan, memory, codeVersion } = this.#options;
    this.#savedAtMs = this.#activeMs;
    if (this.#stepsDone === 0 || keeper.lastStep === this.#stepsDone) return;
    const startedAt = this.#now();
    const { weights, state } = await trainer.read();
    const loss = this.#losses.length === 0 ? this.#lastLoss : this.#losses.reduce((sum, value) => sum + value, 0) / this.#losses.length;
    this.#losses = [];
    const checkpoint = {
      step: this.#stepsDone,
      activeSeconds: this.#activeMs / 1000,
      warmupShare: plan.warmupShare ?? null,
      loss,
      rank: this.#health?.rank ?? 0,
      settings,
      codeVersion,
      heldOut: this.#heldOut?.state ?? null,
      weights,
      state,
      memory: memory.arrays(),
    };
    await keeper.save(checkpoint, isBest);
    this.#activeMs += this.#now() - startedAt;
    this.#savedAtMs = this.#activeMs;
  }

  #notFinite(what: string): AppError {
    const { keeper } = this.#options;
    const kept =
      keeper.lastStep === undefined
        ? 'No checkpoint had been saved yet.'
        : `The checkpoint of step ${keeper.lastStep} is kept; Resume goes on from there.`;
    return new AppError(
      'NOT_FINITE',
      `Step ${this.#stepsDone + 1} gave numbers that are not finite, first in ${what}. ${kept} A lower learning rate usually helps.`,
    );
  }
}
