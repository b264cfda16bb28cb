/**
 * @file The tracks that a run learns from: decoded once, when they are first needed or shortly before, where the cache has room; else where a crop is
 * taken. What is found of a track depends on the track alone, never on when it was looked at.
 */
import { AppError, defined, toAppError } from '../../base/index.ts';
import type { ErrorCode } from '../../base/index.ts';
import type { TrainTrack } from '../../service/index.ts';
import { DecodePool } from '../decode-pool.ts';
import { cachedBytes, PcmCache } from './pcm-cache.ts';
import type { KeptTrack } from './pcm-cache.ts';

/** What becomes known of tracks. */
export type PrepareReport = {
  /** Track 0: something that concerns no single track. */
  problem(trackId: number, path: string, code: ErrorCode, message: string): void;
  /** How many of the tracks of the first step are there. */
  preparing(done: number, total: number, audioSeconds: number, detail: string): void;
};

/** A track that can be learnt from: crops lie within its first `samples`; `keptPath` where its decoded audio is kept. */
export type UsableTrack = TrainTrack & { samples: number; keptPath: string | null };

/** `threads` decode. */
export type TrackAudioOptions = {
  sampleRate: number;
  cropSamples: number;
  cacheDirectory: string;
  cacheMegabytes: number;
  threads: number;
  signal: AbortSignal;
  report: PrepareReport;
};

/** The library knows lengths to within this: encoders pad, and headers round. */
const uncertainMs = 250;

type Wanted = { track: TrainTrack; isUrgent: boolean; found: PromiseWithResolvers<UsableTrack> };

/** Finds out about tracks when they are wanted, and fills the cache. */
export class TrackAudio {
  readonly #options: TrackAudioOptions;
  readonly #cache: PcmCache;
  readonly #wanted = new Map<number, Wanted>();
  #waiting: Wanted[] = [];
  readonly #running = new Set<Promise<void>>();
  /** Names of tracks that the cache has room for. */
  #keeps = new Set<string>();
  #pool: DecodePool | undefined;
  #isBroken = false;
  #audioSeconds = 0;

  constructor(options: TrackAudioOptions) {
    this.#options = options;
    this.#cache = new PcmCache(options.cacheDirectory, options.sampleRate);
  }

  /** Seconds of sound that were looked through. */
  get audioSeconds(): number {
    return this.#audioSeconds;
  }

  /**
   * Decides which tracks are kept: the first ones, as far as the cache has room by what the library knows of their lengths. So which they are depends
   * on nothing that happens later.
   */
  async reserve(tracks: readonly TrainTrack[]): Promise<void> {
    let room = this.#options.cacheMegabytes * 1e6;
    const wanted = new Set(tracks.map(({ audioHash }) => audioHash));
    for (const { audioHash, durationMs } of tracks) {
      const bytes = cachedBytes(this.#samplesOf(durationMs));
      if (bytes > room || this.#keeps.has(audioHash)) continue;
      room -= bytes;
      this.#keeps.add(audioHash);
    }
    await this.#cache.makeRoom(room, wanted);
  }

  /** Why a track is too short for a crop, by what the library knows of its length; null where it is not, or may not be. */
  shortness({ path, durationMs }: TrainTrack): AppError | null {
    const isShort = durationMs > 0 && this.#samplesOf(durationMs + uncertainMs) < this.#options.cropSamples;
    return isShort ? this.#tooShort(path, this.#samplesOf(durationMs)) : null;
  }

  /** Decodes a track after those that are asked for, so that it is there when it will be. */
  lookAhead(track: TrainTrack): void {
    if (!this.#wanted.has(track.trackId)) this.#want(track, false);
  }

  /**
   * A track that can be learnt from, decoded where the cache has room. Asked again, it gives the same answer.
   * @throws AppError why it cannot be used: as a decoder, TOO_SHORT, BAD_INPUT for silence; CANCELLED
   */
  usable(track: TrainTrack): Promise<UsableTrack> {
    const known = this.#wanted.get(track.trackId) ?? this.#want(track, true);
    known.isUrgent = true;
    return known.found.promise;
  }

  /** Ends what goes on; the signal of the options has fired. */
  async close(): Promise<void> {
    for (const { found } of this.#waiting) found.reject(new AppError('CANCELLED', 'The feed was closed.'));
    this.#waiting = [];
    await Promise.allSettled(this.#running);
    await this.#pool?.close();
  }

  #want(track: TrainTrack, isUrgent: boolean): Wanted {
    const wanted: Wanted = { track, isUrgent, found: Promise.withResolvers() };
    // Who looks ahead does not listen; who asks does.
    wanted.found.promise.catch(() => undefined);
    this.#wanted.set(track.trackId, wanted);
    this.#waiting.push(wanted);
    // After all that are asked for together have come.
    queueMicrotask(() => this.#begin());
    return wanted;
  }

  #begin(): void {
    const { threads, signal } = this.#options;
    while (this.#running.size < threads && this.#waiting.length > 0 && !signal.aborted) {
      const urgent = this.#waiting.findIndex(({ isUrgent }) => isUrgent);
      const [wanted] = this.#waiting.splice(Math.max(0, urgent), 1);
      const work = this.#find(defined(wanted, 'a track that waits')).then(() => {
        this.#running.delete(work);
        this.#begin();
      });
      this.#running.add(work);
    }
  }

  async #find({ track, found }: Wanted): Promise<void> {
    try {
      const usable = await this.#prepareOne(track);
      this.#audioSeconds += usable.samples / this.#options.sampleRate;
      found.resolve(usable);
    } catch (error) {
      found.reject(toAppError(error, `decode ${track.path}`));
    }
  }

  async #prepareOne(track: TrainTrack): Promise<UsableTrack> {
    const { cropSamples } = this.#options;
    const kept = await this.#keep(track);
    const planned = this.#samplesOf(track.durationMs);
    const real = kept?.samples ?? (planned > 0 ? undefined : await this.#count(track));
    const there = real ?? planned;
    if (there < cropSamples) throw this.#tooShort(track.path, there);
    if (kept?.isSilent === true)
      throw new AppError('BAD_INPUT', `${track.path} is silent from beginning to end, so there is nothing to learn from it.`);
    return {
      ...track,
      samples: this.#usableSamples(planned, real),
      keptPath: kept === undefined ? null : this.#cache.pathOf(track.audioHash),
    };
  }

  /** Finds the track in the cache or decodes it into it; undefined when there is no room. */
  async #keep(track: TrainTrack): Promise<KeptTrack | undefined> {
    const { audioHash } = track;
    const known = await this.#cache.find(audioHash);
    if (!this.#keeps.has(audioHash)) {
      if (known !== undefined) await this.#cache.remove(audioHash);
      return undefined;
    }
    if (known !== undefined || this.#isBroken) return known;
    try {
      return await this.#cache.write(audioHash, this.#blocks(track));
    } catch (error) {
      // Decoders throw errors with a code of ours; what else comes is from the cache's disk.
      if (error instanceof AppError) throw error;
      this.#sayBroken(error);
      return undefined;
    }
  }

  #tooShort(path: string, samples: number): AppError {
    const { sampleRate, cropSamples } = this.#options;
    const says = `${path} holds ${(samples / sampleRate).toFixed(2)} s of sound; a crop is ${(cropSamples / sampleRate).toFixed(2)} s.`;
    return new AppError('TOO_SHORT', says);
  }

  async #count(track: TrainTrack): Promise<number> {
    let samples = 0;
    for await (const block of this.#blocks(track)) samples += block.length;
    return samples;
  }

  #samplesOf(ms: number): number {
    return Math.floor((ms * this.#options.sampleRate) / 1000);
  }

  /** Whether a track is kept may not move its crops: they lie where sound surely is by the library's length, if that is right. */
  #usableSamples(planned: number, real: number | undefined): number {
    const uncertain = this.#samplesOf(uncertainMs);
    const sure = planned - uncertain;
    const isRight = real === undefined || Math.abs(real - planned) <= uncertain;
    return sure >= this.#options.cropSamples && isRight ? sure : (real ?? planned);
  }

  #sayBroken(error: unknown): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    const { cacheDirectory, report } = this.#options;
    const { code, message } = toAppError(error, `keep decoded audio in ${cacheDirectory}`);
    report.problem(0, cacheDirectory, code, `${message} The run goes on and decodes tracks where crops are taken, which is slower.`);
  }

  #blocks(track: TrainTrack): AsyncGenerator<Float32Array, unknown> {
    const { sampleRate, signal, threads } = this.#options;
    this.#pool ??= new DecodePool({ threads });
    return this.#pool.decode(track.path, { sampleRate, signal, inParts: true });
  }
}
