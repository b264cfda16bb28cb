/** @file Keeps what a training process tells: points in batches, health, checkpoints; and tells windows, now and then. */
import { countOf } from '../../base/index.ts';
import type { pretraining } from '../../contract/index.ts';
import type { TimedPoint } from '../../store/index.ts';
import type { FailedPath, JobContext } from '../jobs/jobs.ts';
import type { TrainReply } from '../processes/train-messages.ts';
import type { Tools } from '../tools.ts';
import { describeQuietly } from './run-folder.ts';

type Stepped = Extract<TrainReply, { type: 'stepped' }>;

/** What a recorder is about. `now` is a clock in ms. */
export type RecorderOptions = {
  tools: Tools;
  context: JobContext;
  runId: pretraining.RunId;
  length: pretraining.PretrainSettings['length'];
  now?: () => number;
};

const storeEveryMs = 1_000;
const tellEveryMs = 250;

/** Records one life of a run. */
export class RunRecorder {
  /** Tracks that could not be used. */
  readonly problems: FailedPath[] = [];
  /** What else went wrong and did not end the run, such as a damaged checkpoint that was passed over. */
  readonly notes: string[] = [];
  /** Share of the time that the device waited for data, as last heard. */
  idleShare = 0;
  readonly #options: RecorderOptions;
  readonly #now: () => number;
  #pending: TimedPoint[] = [];
  #latest: Stepped | undefined;
  #health: pretraining.Health | null = null;
  /** Tracks that can be learnt from, as far as is known; null before the plan was made. */
  #tracks: number | null = null;
  #storedAt = 0;
  #toldAt = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Takes one message. @throws AppError DISK_FULL */
  take(reply: TrainReply): void {
    const { runId, tools } = this.#options;
    const { store } = tools;
    switch (reply.type) {
      case 'opened':
        store.runs.update(runId, { device: reply.device, deviceReason: reply.deviceReason });
        return this.changed();
      case 'preparing':
        return this.#reportPreparing(reply);
      case 'measuring':
        return this.#reportMeasuring(reply);
      case 'prepared':
        return this.#begin(reply);
      case 'problem':
        return this.#note(reply);
      case 'stepped':
        return this.#step(reply);
      case 'healthy':
        this.#health = reply.health;
        if (holdsNumbers(reply.health)) store.runPoints.addHealth(runId, reply.step, reply.health);
        return this.#tell();
      case 'saved':
        this.flush();
        store.checkpoints.add(runId, reply);
        return this.changed();
      case 'dropped':
        return store.checkpoints.delete(runId, reply.step);
      case 'paused':
        return this.#pause();
      case 'ended':
        return this.#end(reply);
      default:
        return undefined;
    }
  }

  /** Stores the points that wait. @throws AppError DISK_FULL */
  flush(): void {
    const points = this.#pending;
    const last = this.#latest;
    if (last === undefined || points.length === 0) return;
    const { runId, tools } = this.#options;
    tools.store.transaction(() => {
      tools.store.runPoints.add(runId, points);
      const { point, totalSteps, activeSeconds } = last;
      tools.store.runs.update(runId, { step: point.step, totalSteps, activeSeconds, last: point });
    });
    this.#pending = [];
    this.#storedAt = this.#now();
  }

  /** Stores the points that wait if the disk has room for them. Otherwise they go on waiting, and the next step says so. */
  flushQuietly(): void {
    try {
      this.flush();
    } catch {
      // At the end of a life the points of its last second are lost then; the next life measures them again.
    }
  }

  /** What a person should know beside the curves, as sentences; empty when all is well. */
  remarks(): string {
    const [first, ...others] = this.problems;
    const count = countOf(this.problems.length, 'track was', 'tracks were');
    const leftOut = first === undefined ? [] : [`${count} left out: ${first.message}${others.length > 0 ? ' …' : ''}`];
    return [...this.notes, ...leftOut].join(' ');
  }

  /** Tells windows, and whoever reads the folder, what the run is now. */
  changed(): void {
    const { runId, tools } = this.#options;
    const run = tools.store.runs.get(runId);
    describeQuietly(tools.store.paths, run);
    tools.events.emit({ type: 'run.updated', runId, run });
  }

  /** Track 0 is none: the path is that of another file. */
  #note({ trackId, path, code, message }: Extract<TrainReply, { type: 'problem' }>): void {
    if (trackId === 0) this.notes.push(message);
    else this.problems.push({ path, code, message });
    // Most tracks are decoded while the run goes on, and what is of no use is known then.
    const { tools, runId } = this.#options;
    if (this.#tracks === null) return;
    if (trackId !== 0) this.#tracks--;
    tools.store.runs.update(runId, { tracks: this.#tracks, message: this.remarks() });
    this.changed();
  }

  #pause(): void {
    this.flush();
    const { context, runId, tools } = this.#options;
    // Who resumed in the meantime is not to see it paused: it goes on, or waits for its turn.
    if (!context.gate.isClosed || tools.store.runs.get(runId).state !== 'running') return;
    tools.store.runs.update(runId, { state: 'paused' });
    this.changed();
  }

  #begin({ tracks, fromStep, totalSteps }: Extract<TrainReply, { type: 'prepared' }>): void {
    const { runId, tools } = this.#options;
    const { store } = tools;
    this.#tracks = tracks;
    store.transaction(() => {
      store.runPoints.deleteAfter(runId, fromStep);
      store.checkpoints.deleteAfter(runId, fromStep);
      store.runs.update(runId, { tracks, step: fromStep, totalSteps, message: this.remarks(), last: store.runPoints.last(runId) });
    });
    this.changed();
  }

  #step(reply: Stepped): void {
    // A loss that is no number is told by the failure that follows it; columns hold numbers alone.
    if (!holdsNumbers(reply.point)) return;
    if (this.#latest === undefined) this.#storedAt = this.#now();
    this.#latest = reply;
    this.idleShare = reply.idleShare;
    this.#pending.push({ point: reply.point, activeSeconds: reply.activeSeconds });
    if (this.#now() - this.#storedAt >= storeEveryMs) this.flush();
    this.#reportStep(reply);
    if (this.#now() - this.#toldAt >= tellEveryMs) this.#tell();
  }

  #end({ step, activeSeconds, idleShare }: Extract<TrainReply, { type: 'ended' }>): void {
    this.flush();
    this.idleShare = idleShare;
    this.#options.tools.store.runs.update(this.#options.runId, { step, activeSeconds });
  }

  #tell(): void {
    const { runId, tools } = this.#options;
    if (this.#latest === undefined) return;
    this.#toldAt = this.#now();
    const health = this.#health !== null && holdsNumbers(this.#health) ? this.#health : null;
    tools.events.emit({ type: 'run.stepped', runId, point: this.#latest.point, health });
  }

  #reportPreparing({ done, total, audioSeconds, detail }: Extract<TrainReply, { type: 'preparing' }>): void {
    const failed = this.problems.length;
    this.#options.context.report({ done, total, unit: 'tracks', audioSeconds, detail, failed, phase: 'Decoding' });
  }

  #reportMeasuring({ phase, done, total }: Extract<TrainReply, { type: 'measuring' }>): void {
    const failed = this.problems.length;
    this.#options.context.report({ done, total, unit: 'tracks', audioSeconds: 0, detail: '', failed, phase });
  }

  #reportStep({ point, totalSteps, activeSeconds }: Stepped): void {
    const { context, length } = this.#options;
    const rate = point.stepsPerSecond;
    const stepsLeft = totalSteps === null || rate === 0 ? null : Math.max(0, totalSteps - point.step) / rate;
    const secondsLeft = length.unit === 'minutes' ? Math.max(0, 60 * length.amount - activeSeconds) : stepsLeft;
    const told = { detail: `loss ${point.loss.toPrecision(4)}`, failed: this.problems.length, rate, secondsLeft };
    context.report({ done: point.step, total: totalSteps, unit: 'steps', audioSeconds: 0, ...told });
  }
}

/** Whether all numbers in it are finite, as SQLite and JSON need them. */
function holdsNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(holdsNumbers);
}
