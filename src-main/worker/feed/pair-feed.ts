/**
 * @file Pairs of augmented views, step by step. What a step gets follows from the seed, the tracks' sound and the step's number alone: neither the
 * number of threads, nor the cache, nor the order of a library, nor where a run goes on changes a sample. Steps ahead are made while the device works.
 */
import type { AugmentationSettings } from '../../audio/index.ts';
import { AppError } from '../../base/index.ts';
import type { TrainTrack } from '../../service/index.ts';
import { DecodePool } from '../decode-pool.ts';
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
  /** Steps made in advance. */
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

/** Digital silence is passed over so many times, then taken. */
const silenceTries = 8;

/** Opens a feed; threads start when they are first needed. */
export function createPairFeed(options: PairFeedOptions): PairFeed {
  return new Feed(options);
}

class Feed implements PairFeed {
  readonly #options: PairFeedOptions;
  readonly #abort = new AbortController();
  readonly #decoders: DecodePool;
  readonly #audio: TrackAudio;
  readonly #steps = new Map<number, Promise<Pair>>();
  #augmenters: AugmentPool | undefined;
  #usable: UsableTrack[] = [];

  constructor(options: PairFeedOptions) {
    const { threads, sampleRate, cropSamples, cacheDirectory, cacheMegabytes, report } = options;
    this.#options = options;
    const decoding = Math.max(2, threads);
    this.#decoders = new DecodePool({ threads: decoding });
    const audio = { pool: this.#decoders, sampleRate, cropSamples, cacheDirectory, cacheMegabytes };
    this.#audio = new TrackAudio({ ...audio, threads: decoding, signal: this.#abort.signal, report });
  }

  async prepare(): Promise<{ tracks: number; tooShort: number; stepsPerEpoch: number }> {
    const { tracks, batch } = this.#options;
    const sorted = tracks.toSorted((a, b) =>
      a.audioHash === b.audioHash ? Number(a.path > b.path) - 0.5 : a.audioHash < b.audioHash ? -1 : 1,
    );
    const { usable, tooShort } = await this.#audio.prepare(sorted);
    this.#usable = usable;
    if (usable.length < batch) throw this.#tooFew(usable.length);
    return { tracks: usable.length, tooShort, stepsPerEpoch: Math.floor(usable.length / batch) };
  }

  async pairs(step: number): Promise<Pair> {
    const { ahead = 2 } = this.#options;
    const askedAt = performance.now();
    const made = this.#make(step);
    for (let next = step + 1; next <= step + ahead; next++) this.#make(next);
    const pair = await made;
    this.#steps.delete(step);
    return { ...pair, waitedMs: performance.now() - askedAt };
  }

  async view(trackId: number, epoch: number, view: 0 | 1): Promise<FeedView> {
    const { tracks } = this.#options;
    const known = this.#usable.find((track) => track.trackId === trackId);
    if (known !== undefined) return this.#view(known, epoch, view);
    const { usable } = await this.#audio.prepare(tracks.filter((track) => track.trackId === trackId));
    const [track] = usable;
    if (track === undefined)
      throw new AppError('NOT_FOUND', 'This track cannot be used: it is too short for a crop, or cannot be decoded.');
    this.#usable.push(track);
    return this.#view(track, epoch, view);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#augmenters?.close();
    await this.#decoders.close();
    await Promise.allSettled(this.#steps.values());
  }

  #make(step: number): Promise<Pair> {
    const known = this.#steps.get(step);
    if (known !== undefined) return known;
    const made = this.#makeStep(step);
    made.catch(() => undefined);
    this.#steps.set(step, made);
    return made;
  }

  async #makeStep(step: number): Promise<Pair> {
    const { batch, cropSamples, seed } = this.#options;
    const waves = new Float32Array(2 * batch * cropSamples);
    const epoch = Math.floor(step / Math.floor(this.#usable.length / batch));
    const tracks = tracksOfStep({ seed, step, tracks: this.#usable.length, batch }).map((index) => this.#usable[index] as UsableTrack);
    await Promise.all(
      tracks.flatMap((track, index) =>
        ([0, 1] as const).map(async (view) => {
          const { wave } = await this.#view(track, epoch, view);
          waves.set(wave, (view * batch + index) * cropSamples);
        }),
      ),
    );
    return { waves, trackIds: Int32Array.from(tracks, ({ trackId }) => trackId), waitedMs: 0 };
  }

  async #view(track: UsableTrack, epoch: number, view: 0 | 1): Promise<FeedView> {
    const { seed, cropSamples, sampleRate, augmentation, threads } = this.#options;
    const { trackId } = track;
    const music = numberOf(track.audioHash);
    const random = randomFor(seed, epoch, music, view);
    let start = 0;
    let crop = new Float32Array(cropSamples);
    for (let attempt = 0; attempt < silenceTries; attempt++) {
      start = random.below(track.samples - cropSamples + 1);
      crop = await this.#audio.crop(track, start);
      if (crop.some((value) => value !== 0)) break;
    }
    const startMs = (start * 1000) / sampleRate;
    if (augmentation.views === 'asymmetric' && view === 1) return { trackId, startMs, applied: [], wave: crop };
    this.#augmenters ??= new AugmentPool(threads, { sampleRate, settings: augmentation });
    const { samples, applied } = await this.#augmenters.augment(crop, [seed, epoch, music, view, 1]);
    return { trackId, startMs, applied, wave: samples };
  }

  #tooFew(count: number): AppError {
    const { batch, tracks } = this.#options;
    if (count === 0)
      return new AppError('BAD_INPUT', `None of the ${tracks.length} tracks can be learnt from. The list of problems says why for each.`);
    const says = `There are ${count} tracks to learn from, and the batch wants ${batch} at a time.`;
    return new AppError('BAD_INPUT', `${says} Choose a batch of at most ${count}, or add music.`, { details: { tracks: count, batch } });
  }
}
