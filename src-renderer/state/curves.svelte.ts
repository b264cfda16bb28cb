/** @file Curves of the runs that are looked at; they grow while a run goes on. */
import { SvelteMap } from 'svelte/reactivity';
import type { Api } from '../client/index.ts';
import type { pretraining } from '../../src-main/contract/index.ts';
import type { StepEvent } from './runs.svelte.ts';

type Curves = pretraining.Curves;
type RunId = pretraining.RunId;

/** What is used of the core. */
type CurvesApi = { runs: Pick<Api['runs'], 'curves'> };

/** Points that the core is asked for, and how many may come before it is asked to thin them again. */
const askedPoints = 2000;
const mostPoints = 6000;

/** Curves by run. */
export class CurvesState {
  readonly #api: CurvesApi;
  readonly #report: (error: unknown) => void;
  readonly #known = new SvelteMap<RunId, Curves>();
  /** The step that was told of last, by run. */
  readonly #lastStep: { [runId: number]: number | undefined } = {};
  /** Steps that came while curves were on their way. */
  readonly #waiting: { [runId: number]: StepEvent[] | undefined } = {};

  constructor(api: CurvesApi, report: (error: unknown) => void) {
    this.#api = api;
    this.#report = report;
  }

  /** Undefined until they are loaded. */
  get(runId: RunId): Curves | undefined {
    return this.#known.get(runId);
  }

  /** Loads a run's curves; steps that come meanwhile are kept. */
  async load(runId: RunId): Promise<void> {
    if (this.#waiting[runId] !== undefined) return;
    const waiting: StepEvent[] = [];
    this.#waiting[runId] = waiting;
    try {
      let curves = await this.#ask(runId);
      // The answer was on its way when the run began, and of its first steps only a later one was told.
      if (lacksBeginning(curves, waiting[0])) curves = await this.#ask(runId);
      for (const event of waiting) curves = appended(curves, event);
      this.#known.set(runId, curves);
    } finally {
      this.#waiting[runId] = undefined;
    }
  }

  /** Loads again what was loaded, after the core was away. */
  refresh(): void {
    for (const runId of this.#known.keys()) this.load(runId).catch(this.#report);
  }

  /** Takes a step of a run. One that comes before the last is of a run that went back to a checkpoint: its curves are loaded again. */
  step(event: StepEvent): void {
    const before = this.#lastStep[event.runId] ?? 0;
    this.#lastStep[event.runId] = event.point.step;
    if (event.point.step < before && this.#known.has(event.runId)) {
      this.load(event.runId).catch(this.#report);
      return;
    }
    this.#waiting[event.runId]?.push(event);
    const curves = this.#known.get(event.runId);
    if (curves === undefined) return;
    if (lacksBeginning(curves, event)) {
      this.load(event.runId).catch(this.#report);
      return;
    }
    this.#known.set(event.runId, appended(curves, event));
    if (curves.step.length > mostPoints) this.load(event.runId).catch(this.#report);
  }

  #ask(runId: RunId): Promise<Curves> {
    return this.#api.runs.curves({ runId, points: askedPoints });
  }
}

const healthNames = ['rank', 'deviationMean', 'positive', 'negative'] as const;

/** Of steps that come quickly only some are told of; those before the first that was are in the core alone. */
function lacksBeginning(curves: Curves, first: StepEvent | undefined): boolean {
  return curves.step.length === 0 && first !== undefined && first.point.step > 1;
}

/** Curves with one step more; a step that they hold already changes nothing. The lists are the same ones, grown. */
function appended(curves: Curves, { point, health }: StepEvent): Curves {
  const lastStep = curves.step.at(-1) ?? 0;
  if (point.step > lastStep) {
    const seconds = point.stepsPerSecond > 0 ? (point.step - lastStep) / point.stepsPerSecond : 0;
    curves.seconds.push((curves.seconds.at(-1) ?? 0) + seconds);
    for (const name of ['step', 'epoch', 'loss', 'learningRate', 'gradientNorm', 'clipsPerSecond'] as const) curves[name].push(point[name]);
    for (const [name, value] of Object.entries(point.parts)) (curves.parts[name] ??= []).push(value);
  }
  const heldOut = health?.heldOut;
  if (heldOut !== undefined && heldOut.step > (curves.heldOutStep.at(-1) ?? 0)) {
    curves.heldOutStep.push(heldOut.step);
    curves.heldOutLoss.push(heldOut.loss);
    curves.heldOutScore.push((heldOut.scores.accuracy ?? heldOut.scores.averagePrecision)?.value ?? 0);
  }
  // Every step tells the health that was measured last; only another one is a point of the curve.
  if (health !== null && healthNames.some((name) => health[name] !== curves[name].at(-1))) {
    if (point.step > (curves.healthStep.at(-1) ?? 0)) {
      curves.healthStep.push(point.step);
      for (const name of healthNames) curves[name].push(health[name]);
    } else if (point.step === curves.healthStep.at(-1))
      for (const name of healthNames) curves[name][curves[name].length - 1] = health[name];
  }
  return { ...curves };
}
