/**
 * @file Pairs of augmented views, step by step. What a step gets follows from the seed, the tracks' sound and the step's number alone: neither the
 * number of threads, nor the cache, nor the order of a library, nor where a run goes on changes a sample. Steps ahead are made while the device works.
 */
import type { AugmentationSettings } from '../../audio/index.ts';
import { AppError, countOf, toAppError } from '../../base/index.ts';
import type { TrainTrack } from '../../service/index.ts';
import { AugmentPool } from './augment-pool.ts';
import { numberOf, randomFor, tracksOfStep } from './order.ts';
import { TrackAudio } from './track-audio.ts';
import type { PrepareReport, UsableTrack } from './track-audio.ts';

/** What a feed is opened with. `threads` augment; as many decode. */
export type PairFeedOptions = {
  tracks: readonly TrainTrack[];
  sampleRate: number;
  cropSamples: number;
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

/** A step's data: `waves` `[2 · batch, cropSamples]`, first views before second ones. */
export type Pair = { waves: Float32Array; trackIds: Int32Array; waitedMs: number };

/** A view by itself. */
export type FeedView = { trackId: number; startMs: number; applied: string[]; wave: Float32Array };

/** An open feed. */
export type PairFeed = {
  /** Finds and decodes tracks. @throws AppError `BAD_INPUT` when there are fewer than the batch */
  prepare(): Promise<{ tracks: number; tooShort: number; stepsPerEpoch: number }>;
  /** The pairs of a step, counted from 0; `waitedMs`: how long the caller waited for them. */
  pairs(step: number): Promise<Pair>;
  /** A view that a run would see. */
  view(trackId: number, epoch: number, view: 0 | 1): Promise<FeedView>;
  close(): Promise<void>;
};

/** Steps ahead take at most so much memory. */
const aheadBytes = 512e6;

/** Says that the third number is a place among substitutes; views have 0 and 1. */
const substituteDraw = 2;

/** Opens a feed; threads start when they are first needed. */
export function createPairFeed(options: PairFeedOptions): PairFeed {
  return new Feed(options);
}

class Feed implements PairFeed {
  readonly #options: PairFeedOptions;
  readonly #ahead: number;
  readonly #abort = new AbortController();
  readonly #audio: TrackAudio;
  readonly #steps = new Map<number, Promise<Pair>>();
  readonly #told = new Set<number>();
  #threads: AugmentPool | undefined;
  #usable: UsableTrack[] = [];
  #preparing: Promise<unknown> = Promise.resolve();

  constructor(options: PairFeedOptions) {
    const { threads, sampleRate, cropSamples, batch, cacheDirectory, cacheMegabytes, report, ahead = 2 } = options;
    this.#options = options;
    this.#ahead = Math.min(ahead, Math.max(1, Math.floor(aheadBytes / (2 * batch * cropSamples * 4))));
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

  async prepare(): Promise<{ tracks: number; tooShort: number; stepsPerEpoch: number }> {
    const { tracks, batch } = this.#options;
    const sorted = tracks.toSorted((a, b) =>
      a.audioHash === b.audioHash ? Number(a.path > b.path) - 0.5 : a.audioHash < b.audioHash ? -1 : 1,
    );
    const { usable, tooShort } = await this.#prepareTracks(sorted);
    this.#usable = usable;
    if (usable.length < batch) throw this.#tooFew(usable.length);
    return { tracks: usable.length, tooShort, stepsPerEpoch: Math.floor(usable.length / batch) };
  }

  async pairs(step: number): Promise<Pair> {
    const askedAt = performance.now();
    for (const known of this.#steps.keys()) if (known < step || known > step + this.#ahead) this.#steps.delete(known);
    const made = this.#make(step);
    for (let next = step + 1; next <= step + this.#ahead; next++) this.#make(next);
    const pair = await made;
    this.#steps.delete(step);
    return { ...pair, waitedMs: performance.now() - askedAt };
  }

  async view(trackId: number, epoch: number, view: 0 | 1): Promise<FeedView> {
    const { tracks } = this.#options;
    const known = this.#usable.find((track) => track.trackId === trackId);
    if (known !== undefined) return this.#view(known, epoch, view);
    const { usable } = await this.#prepareTracks(tracks.filter((track) => track.trackId === trackId));
    const [track] = usable;
    if (track === undefined)
      throw new AppError('NOT_FOUND', 'This track cannot be used: it is too short for a crop, silent, or cannot be decoded.');
    this.#usable.push(track);
    return this.#view(track, epoch, view);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#preparing.catch(() => undefined);
    await this.#threads?.close();
    await Promise.allSettled(this.#steps.values());
  }

  #prepareTracks(tracks: readonly TrainTrack[]): ReturnType<TrackAudio['prepare']> {
    const preparing = this.#audio.prepare(tracks);
    this.#preparing = preparing;
    return preparing;
  }

  #make(step: number): Promise<Pair> {
    const known = this.#steps.get(step);
    if (known !== undefined) return known;
    const made = this.#makeStep(step);
    made.catch(() => undefined);
    this.#steps.set(step, made);
    return made;
  }

  /** Everything is asked for at once: while a step is computed nothing can be asked for. */
  async #makeStep(step: number): Promise<Pair> {
    const { batch, cropSamples, seed } = this.#options;
    const epoch = Math.floor(step / Math.floor(this.#usable.length / batch));
    const tracks = tracksOfStep({ seed, step, tracks: this.#usable.length, batch }).map((index) => this.#usable[index] as UsableTrack);
    const asked = await Promise.allSettled(tracks.map((track) => this.#bothViews(track, epoch)));
    const waves = new Float32Array(2 * batch * cropSamples);
    const trackIds = new Int32Array(batch);
    for (const [place, answer] of asked.entries()) {
      const track = tracks[place] as UsableTrack;
      const views =
        answer.status === 'fulfilled' ? answer.value : await this.#substitute(track, { epoch, tracks, place, error: answer.reason });
      views.forEach(({ wave }, view) => waves.set(wave, (view * batch + place) * cropSamples));
      trackIds[place] = (tracks[place] as UsableTrack).trackId;
    }
    return { waves, trackIds, waitedMs: 0 };
  }

  #bothViews(track: UsableTrack, epoch: number): Promise<[FeedView, FeedView]> {
    return Promise.all([this.#view(track, epoch, 0), this.#view(track, epoch, 1)]);
  }

  /** A file that vanished or broke while the run goes on costs no more than its own place: another track takes it. */
  async #substitute(
    failed: UsableTrack,
    step: { epoch: number; tracks: UsableTrack[]; place: number; error: unknown },
  ): Promise<[FeedView, FeedView]> {
    const { epoch, tracks, place } = step;
    let [track, error] = [failed, step.error];
    const random = randomFor(this.#options.seed, epoch, numberOf(failed.audioHash), substituteDraw);
    const others = this.#usable.filter((other) => !tracks.includes(other));
    for (;;) {
      const known = toAppError(error, `read ${track.path}`);
      if (known.code === 'CANCELLED' || known.code === 'INTERNAL') throw known;
      if (!this.#told.has(track.trackId)) this.#options.report.problem(track.trackId, track.path, known.code, known.message);
      this.#told.add(track.trackId);
      const [next] = others.splice(random.below(others.length), 1);
      if (next === undefined) throw known;
      [track, tracks[place]] = [next, next];
      try {
        return await this.#bothViews(track, epoch);
      } catch (again) {
        error = again;
      }
    }
  }

  async #view(track: UsableTrack, epoch: number, view: 0 | 1): Promise<FeedView> {
    const { seed, cropSamples, sampleRate, augmentation, threads } = this.#options;
    const { trackId, path, keptPath, samples, audioHash } = track;
    this.#threads ??= new AugmentPool(threads, { sampleRate, cropSamples, settings: augmentation });
    const made = await this.#threads.make({
      source: { path, keptPath },
      places: samples - cropSamples + 1,
      seeds: [seed, epoch, numberOf(audioHash), view],
      isPlain: augmentation.views === 'asymmetric' && view === 1,
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
