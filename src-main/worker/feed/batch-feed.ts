/**
 * @file Batches, step by step. What a step gets follows from the seed, the tracks' sound and the step's number alone: neither the
 * number of threads, nor the cache, nor the order of a library, nor where a run goes on changes a sample. Steps ahead are made while the device works.
 */
import type { AugmentationSettings } from '../../audio/index.ts';
import { AppError, countOf, defined, toAppError } from '../../base/index.ts';
import { isHeard, sizeOf } from '../../learn/index.ts';
import type { BatchPart } from '../../learn/index.ts';
import type { TrainTrack } from '../../service/index.ts';
import { AugmentPool } from './augment-pool.ts';
import { readCrop } from './crop-source.ts';
import { numberOf, orderOfEpoch, randomFor } from './order.ts';
import { drawPart, labelsOf } from './parts.ts';
import type { TrackLabels } from './parts.ts';
import { TrackAudio } from './track-audio.ts';
import type { PrepareReport, UsableTrack } from './track-audio.ts';

/** What a feed is opened with. `threads` augment; as many decode. */
export type BatchFeedOptions = {
  tracks: readonly TrainTrack[];
  sampleRate: number;
  cropSamples: number;
  /** What a batch has; see the method. */
  parts: readonly BatchPart[];
  /** What is known of the tracks, where the method learns that. */
  labels?: TrackLabels;
  /** Tracks that are only measured, of which {@link BatchFeed.consecutive} gives crops again and again: the cache has room for them first. */
  heldOut?: readonly TrainTrack[];
  batch: number;
  seed: number;
  augmentation: AugmentationSettings;
  cacheDirectory: string;
  cacheMegabytes: number;
  threads: number;
  /** Steps made in advance; fewer where they would take much memory. */
  ahead?: number;
  report: PrepareReport;
};

/** A step's data: the parts by name, each `[batch, …]`; row n of every part is of track n. */
export type Batch = { parts: Record<string, Float32Array>; trackIds: Int32Array; waitedMs: number };

/** A view by itself. */
export type FeedView = { trackId: number; startMs: number; applied: string[]; wave: Float32Array };

/** An open feed. */
export type BatchFeed = {
  /** Tracks that turned out to be of no use so far. */
  readonly unusable: ReadonlySet<number>;
  /**
   * Plans which tracks are taken when, and begins to decode those of the next steps. Tracks that turn out to be unusable keep their places in the plan;
   * there others stand in for them.
   * @param fromStep the step that is asked for first
   * @throws AppError `BAD_INPUT` when there are fewer tracks than the batch
   */
  prepare(fromStep?: number): Promise<{ tracks: number; tooShort: number; stepsPerEpoch: number }>;
  /**
   * The batch of a step, counted from 0; `waitedMs`: how long the caller waited for them.
   * @throws AppError `BAD_INPUT` when fewer tracks than the batch can be used; what kept the last one from being read
   */
  batch(step: number): Promise<Batch>;
  /** Begins to decode tracks that will be asked for. */
  expect(tracks: readonly TrainTrack[]): void;
  /**
   * Crops of a track as they are, one after the other, around its middle, `[cropSamples]` each; at most so many. Null for a track that cannot be used, which is
   * told once.
   */
  consecutive(track: TrainTrack, most: number): Promise<Float32Array[] | null>;
  /** A view that a run would see. */
  view(trackId: number, epoch: number, view: 0 | 1): Promise<FeedView>;
  close(): Promise<void>;
};

/** Steps ahead take at most so much memory. */
const aheadBytes = 512e6;

const noLabels: TrackLabels = new Map();

/** Says that the third number is a place among substitutes; views have 0 and 1. */
const substituteDraw = 2;
/** Says that the numbers are those of a part that is drawn. */
const drawnPart = 3;

/** So many tracks, and some steps, are decoded ahead of the step that is asked for; more would take a short run's time for what it never needs. */
const lookAheadTracks = 64;
const lookAheadSteps = 4;
/** Drawing an epoch's order anew takes a while for a large library. */
const ordersKept = 4;

/** Opens a feed; threads start when they are first needed. */
export function createBatchFeed(options: BatchFeedOptions): BatchFeed {
  return new Feed(options);
}

class Feed implements BatchFeed {
  readonly #options: BatchFeedOptions;
  readonly #ahead: number;
  readonly #abort = new AbortController();
  readonly #audio: TrackAudio;
  readonly #steps = new Map<number, Promise<Batch>>();
  readonly #told = new Set<number>();
  #threads: AugmentPool | undefined;
  #tracks: TrainTrack[] = [];
  #lookedAheadTo = 0;
  #isFirst = true;
  readonly #orders = new Map<number, readonly number[]>();

  constructor(options: BatchFeedOptions) {
    const { threads, sampleRate, cropSamples, parts, batch, cacheDirectory, cacheMegabytes, report, ahead = 2 } = options;
    this.#options = options;
    this.#ahead = Math.min(
      ahead,
      Math.max(1, Math.floor(aheadBytes / (4 * batch * parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0)))),
    );
    const signal = this.#abort.signal;
    this.#audio = new TrackAudio({
      sampleRate,
      cropSamples,
      cacheDirectory,
      cacheMegabytes,
      threads: Math.max(2, threads),
      signal,
      report,
    });
  }

  get unusable(): ReadonlySet<number> {
    return this.#told;
  }

  async prepare(fromStep = 0): Promise<{ tracks: number; tooShort: number; stepsPerEpoch: number }> {
    const { tracks, batch, report } = this.#options;
    const sorted = tracks.toSorted((a, b) =>
      a.audioHash === b.audioHash ? Number(a.path > b.path) - 0.5 : a.audioHash < b.audioHash ? -1 : 1,
    );
    this.#tracks = sorted.filter(({ trackId, path, ...known }) => {
      const short = this.#audio.shortness({ trackId, path, ...known });
      if (short !== null) report.problem(trackId, path, short.code, short.message);
      if (short !== null) this.#told.add(trackId);
      return short === null;
    });
    const { length } = this.#tracks;
    if (length < batch) throw this.#tooFew(length);
    await this.#audio.reserve([...(this.#options.heldOut ?? []), ...this.#orderOf(0).map((index) => this.#tracks[index] as TrainTrack)]);
    this.#lookedAheadTo = fromStep;
    return { tracks: length, tooShort: sorted.length - length, stepsPerEpoch: this.#stepsPerEpoch };
  }

  async batch(step: number): Promise<Batch> {
    const askedAt = performance.now();
    for (const known of this.#steps.keys()) if (known < step || known > step + this.#ahead) this.#steps.delete(known);
    const made = this.#make(step);
    for (let next = step + 1; next <= step + this.#ahead; next++) void this.#make(next);
    this.#lookAhead(step);
    const batch = await made;
    this.#steps.delete(step);
    return { ...batch, waitedMs: performance.now() - askedAt };
  }

  expect(tracks: readonly TrainTrack[]): void {
    for (const track of tracks) this.#audio.lookAhead(track);
  }

  async consecutive(track: TrainTrack, most: number): Promise<Float32Array[] | null> {
    const { cropSamples, sampleRate } = this.#options;
    try {
      const { path, keptPath, samples } = await this.#audio.usable(track);
      const count = Math.min(most, Math.floor(samples / cropSamples));
      const from = Math.floor((samples - count * cropSamples) / 2);
      return Array.from({ length: count }, (_, at) =>
        readCrop({ path, keptPath }, { start: from + at * cropSamples, cropSamples, sampleRate }),
      );
    } catch (error) {
      this.#tellOnce(track, error);
      return null;
    }
  }

  async view(trackId: number, epoch: number, view: 0 | 1): Promise<FeedView> {
    const track = this.#options.tracks.find((one) => one.trackId === trackId);
    if (track === undefined) throw new AppError('NOT_FOUND', `There is no track ${trackId} among those to learn from.`);
    if (this.#tracks.length === 0) await this.#audio.reserve([track]);
    return this.#view(await this.#audio.usable(track), epoch, view);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#audio.close();
    await this.#threads?.close();
    await Promise.allSettled(this.#steps.values());
  }

  /** The parts that are made of a track's sound. */
  get #heard(): readonly BatchPart[] {
    return this.#options.parts.filter(isHeard);
  }

  /** Crops are taken as they are. */
  get #isPlain(): boolean {
    return this.#options.parts.some(({ content }) => content.kind === 'crop');
  }

  get #stepsPerEpoch(): number {
    return Math.floor(this.#tracks.length / this.#options.batch);
  }

  /** An epoch's order of tracks; steps look at their own and those ahead. */
  #orderOf(epoch: number): readonly number[] {
    const known = this.#orders.get(epoch) ?? orderOfEpoch({ seed: this.#options.seed, epoch, tracks: this.#tracks.length });
    this.#orders.set(epoch, known);
    const [oldest = epoch] = this.#orders.keys();
    if (this.#orders.size > ordersKept) this.#orders.delete(oldest);
    return known;
  }

  #tracksOf(step: number): TrainTrack[] {
    const { batch } = this.#options;
    const start = (step % this.#stepsPerEpoch) * batch;
    const indexes = this.#orderOf(Math.floor(step / this.#stepsPerEpoch)).slice(start, start + batch);
    return indexes.map((index) => this.#tracks[index] as TrainTrack);
  }

  /** Decodes what the next steps take, in the order in which they do. */
  #lookAhead(step: number): void {
    const end = step + lookAheadSteps + Math.ceil(lookAheadTracks / this.#options.batch);
    for (let next = Math.max(step, this.#lookedAheadTo); next < end; next++)
      for (const track of this.#tracksOf(next)) this.#audio.lookAhead(track);
    this.#lookedAheadTo = end;
  }

  #make(step: number): Promise<Batch> {
    const known = this.#steps.get(step);
    if (known !== undefined) return known;
    const made = this.#makeStep(step);
    made.catch(() => undefined);
    this.#steps.set(step, made);
    return made;
  }

  /** Everything is asked for at once: while a step is computed nothing can be asked for. */
  async #makeStep(step: number): Promise<Batch> {
    const { batch, parts, seed, labels = noLabels } = this.#options;
    const heard = this.#heard;
    const epoch = Math.floor(step / this.#stepsPerEpoch);
    const tracks = this.#tracksOf(step);
    const counted = this.#isFirst ? this.#countOf(tracks.length) : () => undefined;
    const asked = await Promise.allSettled(tracks.map((track) => this.#itemsOf(track, epoch).finally(() => counted(track))));
    const made = heard.map(({ shape }) => new Float32Array(batch * sizeOf(shape)));
    const trackIds = new Int32Array(batch);
    for (const [place, answer] of asked.entries()) {
      const track = tracks[place] as TrainTrack;
      const items =
        answer.status === 'fulfilled' ? answer.value : await this.#substitute(track, { epoch, tracks, place, error: answer.reason });
      for (const [index, item] of items.entries()) made[index]?.set(item, place * item.length);
      trackIds[place] = (tracks[place] as TrainTrack).trackId;
    }
    const all: Record<string, Float32Array> = {};
    for (const [index, { name }] of heard.entries()) all[name] = defined(made[index], name);
    for (const [index, part] of parts.entries())
      all[part.name] ??=
        part.content.kind === 'labels' ? labelsOf(part, trackIds, labels) : drawPart(part, batch, randomFor(seed, step, index, drawnPart));
    return { parts: all, trackIds, waitedMs: 0 };
  }

  /** Tells how many tracks of the first step are there. */
  #countOf(total: number): (track: TrainTrack) => void {
    this.#isFirst = false;
    let done = 0;
    this.#options.report.preparing(0, total, 0, '');
    return ({ path }) => this.#options.report.preparing(++done, total, this.#audio.audioSeconds, path);
  }

  /** What a track gives to each part that is heard. */
  async #itemsOf(track: TrainTrack, epoch: number): Promise<Float32Array[]> {
    const usable = await this.#audio.usable(track);
    const views = this.#heard.map(({ content }) => this.#view(usable, epoch, content.kind === 'view' ? content.view : 0));
    return (await Promise.all(views)).map(({ wave }) => wave);
  }

  /**
   * A file that is of no use, or that vanished or broke while the run goes on, costs no more than its own place: another track takes it. Which one is
   * drawn from the seed and the failed track, so that it is the same whenever the step is made.
   */
  async #substitute(
    failed: TrainTrack,
    step: { epoch: number; tracks: TrainTrack[]; place: number; error: unknown },
  ): Promise<Float32Array[]> {
    const { epoch, tracks, place } = step;
    let [track, error] = [failed, step.error];
    const random = randomFor(this.#options.seed, epoch, numberOf(failed.audioHash), substituteDraw);
    const others = this.#tracks.filter((other) => !tracks.includes(other));
    for (;;) {
      const known = this.#tellOnce(track, error);
      const [next] = others.splice(random.below(others.length), 1);
      if (next === undefined) throw await this.#noneLeft(known);
      [track, tracks[place]] = [next, next];
      try {
        return await this.#itemsOf(track, epoch);
      } catch (again) {
        error = again;
      }
    }
  }

  /** Tells of a track that cannot be used. @throws AppError what is no fault of the track */
  #tellOnce({ trackId, path }: TrainTrack, error: unknown): AppError {
    const known = toAppError(error, `read ${path}`);
    if (known.code === 'CANCELLED' || known.code === 'INTERNAL') throw known;
    if (!this.#told.has(trackId)) this.#options.report.problem(trackId, path, known.code, known.message);
    this.#told.add(trackId);
    return known;
  }

  /** Why no track is left: too few are of use at all, or the last one could not be read this time. */
  async #noneLeft(last: AppError): Promise<AppError> {
    const found = await Promise.allSettled(this.#tracks.map((track) => this.#audio.usable(track)));
    const usable = found.filter(({ status }) => status === 'fulfilled').length;
    return usable < this.#options.batch ? this.#tooFew(usable) : last;
  }

  async #view(track: UsableTrack, epoch: number, view: 0 | 1): Promise<FeedView> {
    const { seed, cropSamples, sampleRate, augmentation, threads } = this.#options;
    const { trackId, path, keptPath, samples, audioHash } = track;
    this.#threads ??= new AugmentPool(threads, { sampleRate, cropSamples, settings: augmentation });
    const made = await this.#threads.make({
      source: { path, keptPath },
      places: samples - cropSamples + 1,
      seeds: [seed, epoch, numberOf(audioHash), view],
      isPlain: this.#isPlain || (augmentation.views === 'asymmetric' && view === 1),
    });
    return { trackId, startMs: (made.start * 1000) / sampleRate, applied: made.applied, wave: made.samples };
  }

  #tooFew(count: number): AppError {
    const { batch, tracks } = this.#options;
    if (count === 0)
      return new AppError(
        'BAD_INPUT',
        `None of ${countOf(tracks.length, 'track')} can be learnt from. The list of problems says why for each.`,
      );
    const says = `${countOf(count, 'track')} can be learnt from, and the batch wants ${batch} at a time.`;
    return new AppError('BAD_INPUT', `${says} Choose a batch of at most ${count}, or add music.`, { details: { tracks: count, batch } });
  }
}
