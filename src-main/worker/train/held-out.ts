/**
 * @file What held-out tracks say of a run with labels: measured every so many steps, so that a run that was interrupted says the same at the same step; which
 * measurement is the best, and when there were enough that were no better.
 */
import { defined } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';
import type { Trainer } from '../../compute/index.ts';
import { cepstralCoefficients, heads, metrics } from '../../learn/index.ts';
import type { LabelObjectiveSettings } from '../../learn/index.ts';
import type { TrainLabels, TrainTrack } from '../../service/index.ts';
import type { BatchFeed } from '../feed/index.ts';
import { cepstraOf } from './track-cepstra.ts';
import { scoreTracks } from './track-scores.ts';
import type { TrackScores } from './track-scores.ts';
import { SplitCheck } from './split-check.ts';
import { linearScores } from './linear-head.ts';
import type { Embedded, LinearScores } from './linear-head.ts';

/** All that has to be known to go on: it lies in every checkpoint. */
export type HeldOutState = {
  /** What the encoder that the run began with reaches; null where no label has examples enough for that. */
  began: pretraining.HeldOut['began'];
  /** What cepstral coefficients reach; absent where they were not measured yet, as in checkpoints of earlier versions. */
  mfcc?: pretraining.HeldOut['mfcc'];
  /** Null before it was measured. */
  last: pretraining.HeldOut | null;
  best: pretraining.HeldOut['best'] | null;
  /** Measurements in a row that were no better. */
  since: number;
  /** The rate's part that plateaus left, the lowest loss, and measurements since then. */
  rateShare: number;
  lowest: number | null;
  sinceLowest: number;
};

/** What measuring needs. `state`: of the checkpoint that the run goes on from. `isContinued`: the encoder had learnt before this run. */
export type HeldOutOptions = {
  settings: pretraining.PretrainSettings;
  labels: TrainLabels;
  taught: readonly TrainTrack[];
  heldOut: readonly TrainTrack[];
  encoder: { dimensions: number; cropSamples: number; sampleRate: number };
  trainer: Pick<Trainer, 'evaluate'>;
  feed: Pick<BatchFeed, 'consecutive' | 'expect' | 'unusable'>;
  stepsPerEpoch: number;
  state: HeldOutState | null;
  isContinued: boolean;
  isStopping: () => boolean;
  report: (phase: string, done: number, total: number) => void;
  /** Something to know that concerns no single track. */
  tell: (message: string) => void;
};

/** Steps that are taken at least before the next measurement, where nobody set how many. */
const fewestSteps = 25;

const begun: HeldOutState = { began: null, last: null, best: null, since: 0, rateShare: 1, lowest: null, sinceLowest: 0 };

/** Measures held-out tracks. */
export class HeldOut {
  readonly #options: HeldOutOptions;
  readonly #objective: LabelObjectiveSettings;
  readonly #every: number;
  readonly #rows: ReadonlyMap<number, TrainLabels['tracks'][number]>;
  readonly #check = new SplitCheck();
  readonly #there: ReadonlySet<number>;
  #state: HeldOutState;

  constructor(options: HeldOutOptions) {
    const { settings, labels, stepsPerEpoch, state } = options;
    this.#options = options;
    this.#objective = settings.objective as LabelObjectiveSettings;
    this.#every = this.#objective.measuredEvery ?? Math.max(stepsPerEpoch, fewestSteps);
    this.#rows = new Map(labels.tracks.map((track) => [track.trackId, track]));
    this.#there = new Set([...options.taught, ...options.heldOut].map(({ trackId }) => trackId));
    this.#state = state ?? begun;
  }

  get state(): HeldOutState {
    return this.#state;
  }

  /** The last measurement; null before the first. */
  get last(): pretraining.HeldOut | null {
    return this.#state.last;
  }

  /** How much of the learning rate plateaus left. */
  get rateShare(): number {
    return this.#options.settings.schedule.kind === 'plateau' ? this.#state.rateShare : 1;
  }

  /** Whether so many measurements in a row were no better that the run is to end. */
  get isExhausted(): boolean {
    const { patience } = this.#objective;
    return patience !== null && this.#state.since >= patience;
  }

  /** A person wants a run to go on that had ended by itself. */
  goOn(): void {
    if (this.isExhausted) this.#state = { ...this.#state, since: 0 };
  }

  isDue(step: number): boolean {
    return step % this.#every === 0 && this.#state.last?.step !== step;
  }

  /**
   * Measures the encoder that the run begins with, before its first step: one that goes on has learnt since. And what tracks tell without an encoder.
   * @throws AppError BAD_INPUT where so many tracks are of no use that nothing can be learnt or measured
   */
  async begin(): Promise<void> {
    const { taught, settings } = this.#options;
    const few = heads.stratifiedShare(
      taught.map(({ trackId }) => this.#answersOf(trackId).join()),
      { percent: Math.min(100, (100 * this.#objective.measuredTracks) / taught.length), seed: settings.seed },
    );
    const taughtTracks = few.map((place) => defined(taught[place], 'a track'));
    if (this.#options.state === null) await this.#measureBegun(taughtTracks);
    if (this.#state.mfcc === undefined) await this.#measureCepstra(taughtTracks);
  }

  async #measureBegun(taughtTracks: readonly TrainTrack[]): Promise<void> {
    const { heldOut, encoder, isContinued } = this.#options;
    const own = await this.#score('Hearing tracks before the first step', taughtTracks);
    const other = own === null ? null : await this.#score('Hearing held-out tracks before the first step', heldOut);
    if (own === null || other === null) return;
    this.#checkSplit();
    const embedded = (tracks: readonly TrainTrack[], found: TrackScores): Embedded => ({
      ...this.#labelled(tracks, found),
      embeddings: defined(found.outputs['embeddings'], 'embeddings'),
    });
    const scores = await this.#linear(embedded(taughtTracks, own), embedded(heldOut, other), encoder.dimensions);
    this.#state = { ...this.#state, began: scores === null ? null : { ...scores, isContinued } };
  }

  async #measureCepstra(taughtTracks: readonly TrainTrack[]): Promise<void> {
    const { heldOut } = this.#options;
    const own = await this.#cepstra(taughtTracks);
    const other = own === null ? null : await this.#cepstra(heldOut);
    if (own === null || other === null || own.places.length === 0 || other.places.length === 0) return;
    const embedded = (tracks: readonly TrainTrack[], found: { places: number[]; cepstra: Float32Array }): Embedded => ({
      ...this.#labelled(tracks, found),
      embeddings: found.cepstra,
    });
    const mfcc = await this.#linear(embedded(taughtTracks, own), embedded(heldOut, other), 2 * cepstralCoefficients);
    this.#state = { ...this.#state, mfcc };
  }

  /** The same head of the same labels from the same tracks, whatever they are known by. */
  #linear(taught: Embedded, heldOut: Embedded, dimensions: number): Promise<LinearScores | null> {
    const { labels, settings } = this.#options;
    const { isExclusive, names } = labels;
    return linearScores(taught, heldOut, {
      dimensions,
      outputs: names.length,
      isExclusive,
      groupBy: this.#objective.groupBy,
      seed: settings.seed,
    });
  }

  #cepstra(tracks: readonly TrainTrack[]): ReturnType<typeof cepstraOf> {
    const { feed, encoder, isStopping, report } = this.#options;
    return cepstraOf(tracks, {
      ...{ feed, sampleRate: encoder.sampleRate, crops: this.#objective.measuredCrops, isStopping },
      onTrack: (done) => report('Computing cepstral coefficients', done, tracks.length),
    });
  }

  /** Measures now. @throws AppError as {@link HeldOut.begin} @returns whether it is the best measurement so far; null where it was told to stop, or no track could be heard */
  async measure(step: number): Promise<boolean | null> {
    const { heldOut, labels } = this.#options;
    const scores = await this.#score('Measuring held-out tracks', heldOut);
    if (scores === null) return null;
    this.#checkSplit();
    const { isExclusive, names } = labels;
    const given = { ...this.#labelled(heldOut, scores), outputs: names.length, isExclusive };
    const figures = metrics.labelFigures({ ...given, logits: defined(scores.outputs['logits'], 'logits') });
    const score = (isExclusive ? figures.scores.accuracy : figures.scores.averagePrecision)?.value ?? 0;
    const { best, since } = this.#state;
    const isBetter = best === null || this.#isBetter({ score, loss: figures.loss }, best);
    const each = names.map((name, label) => ({ name, ...this.#countsOf(given, label), ...defined(figures.each[label], name) }));
    const told = { tracks: scores.places.length, scores: figures.scores, each };
    const now = isBetter ? { step, score, loss: figures.loss, figures: told } : best;
    this.#state = { ...this.#state, ...this.#plateau(figures.loss), best: now, since: isBetter ? 0 : since + 1 };
    this.#state.last = {
      ...{ step, isExclusive, loss: figures.loss, ...told },
      groupedBy: this.#objective.groupBy,
      chance: metrics.chanceFigures(given, this.#taughtLabels()),
      began: this.#state.began,
      ...(this.#state.mfcc === undefined ? {} : { mfcc: this.#state.mfcc }),
      best: now,
      since: this.#state.since,
    };
    return isBetter;
  }

  #isBetter(now: { score: number; loss: number }, best: { score: number; loss: number }): boolean {
    if (this.#objective.judgedBy === 'loss') return now.loss < best.loss;
    return now.score > best.score || (now.score === best.score && now.loss < best.loss);
  }

  /** The rate falls where the loss has not for a while, as PyTorch's `ReduceLROnPlateau` has it. */
  #plateau(loss: number): Pick<HeldOutState, 'rateShare' | 'lowest' | 'sinceLowest'> {
    const { plateauFactor, plateauPatience } = this.#options.settings.schedule;
    const { rateShare, lowest, sinceLowest } = this.#state;
    if (lowest === null || loss < lowest * (1 - leastFall)) return { rateShare, lowest: loss, sinceLowest: 0 };
    if (sinceLowest < plateauPatience) return { rateShare, lowest, sinceLowest: sinceLowest + 1 };
    return { rateShare: rateShare * plateauFactor, lowest, sinceLowest: 0 };
  }

  #score(phase: string, tracks: readonly TrainTrack[]): Promise<TrackScores | null> {
    const { feed, trainer, encoder, isStopping, report } = this.#options;
    return scoreTracks(tracks, {
      ...{ feed, trainer, isStopping, cropSamples: encoder.cropSamples, crops: this.#objective.measuredCrops },
      onTrack: (done) => report(phase, done, tracks.length),
    });
  }

  #answersOf(trackId: number): readonly number[] {
    return this.#rows.get(trackId)?.answers ?? [];
  }

  #labelled(tracks: readonly TrainTrack[], { places }: Pick<TrackScores, 'places'>): { labels: Float32Array; groups: Int32Array } {
    const heard = places.map((place) => defined(tracks[place], 'a track').trackId);
    return {
      labels: Float32Array.from(heard.flatMap((trackId) => this.#answersOf(trackId))),
      groups: Int32Array.from(heard, (trackId) => this.#rows.get(trackId)?.group ?? 0),
    };
  }

  #taughtLabels(): Float32Array {
    const taught = this.#options.labels.tracks.filter(({ role, trackId }) => role === 'taught' && this.#isUsable(trackId));
    return Float32Array.from(taught.flatMap(({ answers }) => answers));
  }

  /** Tracks that are gone, too short or broken are known as far as they were wanted. */
  #isUsable(trackId: number): boolean {
    return this.#there.has(trackId) && !this.#options.feed.unusable.has(trackId);
  }

  /** A run does not learn silently what tracks that fell out have left without examples. */
  #checkSplit(): void {
    const { labels, tell } = this.#options;
    const isUsable = (trackId: number): boolean => this.#isUsable(trackId);
    for (const loss of this.#check.losses({ labels, groupBy: this.#objective.groupBy, isUsable })) tell(loss);
  }

  #countsOf({ labels, outputs }: { labels: Float32Array; outputs: number }, label: number): { yes: number; no: number } {
    const own = labels.filter((_, place) => place % outputs === label);
    return { yes: own.filter((one) => one === 1).length, no: own.filter((one) => one < 1 && one > -1).length };
  }
}

/** By this share a loss must fall to count as lower: PyTorch's threshold. */
const leastFall = 1e-4;
