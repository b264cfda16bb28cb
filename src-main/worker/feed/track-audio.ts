/** @file The tracks that a run learns from: decoded once where the cache has room, else where a crop is taken. */
import { AppError, defined, toAppError } from '../../base/index.ts';
import type { ErrorCode } from '../../base/index.ts';
import type { TrainTrack } from '../../service/index.ts';
import { DecodePool } from '../decode-pool.ts';
import { cachedBytes, PcmCache } from './pcm-cache.ts';
import type { KeptTrack } from './pcm-cache.ts';

/** What becomes known while tracks are prepared. */
export type PrepareReport = {
  /** Track 0: something that concerns no single track. */
  problem(trackId: number, path: string, code: ErrorCode, message: string): void;
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

/** Finds out which tracks can be used, and fills the cache. */
export class TrackAudio {
  readonly #options: TrackAudioOptions;
  readonly #cache: PcmCache;
  #pool: DecodePool | undefined;
  #room: number;
  #isBroken = false;

  constructor(options: TrackAudioOptions) {
    this.#options = options;
    this.#cache = new PcmCache(options.cacheDirectory, options.sampleRate);
    this.#room = options.cacheMegabytes * 1e6;
  }

  /**
   * Decodes what is not there yet, as far as the cache has room.
   * @returns what can be used, in the order given, and how many are too short
   * @throws AppError CANCELLED
   */
  async prepare(tracks: readonly TrainTrack[]): Promise<{ usable: UsableTrack[]; tooShort: number }> {
    this.#pool = new DecodePool({ threads: this.#options.threads });
    try {
      return await this.#prepareAll(tracks);
    } finally {
      await this.#pool.close();
    }
  }

  async #prepareAll(tracks: readonly TrainTrack[]): Promise<{ usable: UsableTrack[]; tooShort: number }> {
    const { report, sampleRate, threads } = this.#options;
    const wanted = tracks.reduce((sum, { durationMs }) => sum + cachedBytes(this.#samplesOf(durationMs)), 0);
    await this.#cache.makeRoom(Math.max(0, this.#room - wanted), new Set(tracks.map(({ audioHash }) => audioHash)));
    const found: (UsableTrack | undefined)[] = [];
    let [done, audioSeconds, tooShort, next] = [0, 0, 0, 0];
    const work = async (): Promise<void> => {
      for (let index = next++; index < tracks.length; index = next++) {
        const track = tracks[index] as TrainTrack;
        try {
          const usable = await this.#prepareOne(track);
          found[index] = usable;
          audioSeconds += usable.samples / sampleRate;
        } catch (error) {
          const known = toAppError(error, `decode ${track.path}`);
          if (known.code === 'CANCELLED') throw known;
          if (known.code === 'TOO_SHORT') tooShort++;
          report.problem(track.trackId, track.path, known.code, known.message);
        }
        report.preparing(++done, tracks.length, audioSeconds, track.path);
      }
    };
    await Promise.all(Array.from({ length: threads }, work));
    return { usable: found.filter((track) => track !== undefined), tooShort };
  }

  async #prepareOne(track: TrainTrack): Promise<UsableTrack> {
    const { sampleRate, cropSamples } = this.#options;
    const kept = await this.#keep(track);
    const planned = this.#samplesOf(track.durationMs);
    const real = kept?.samples ?? (planned > 0 ? undefined : await this.#count(track));
    const there = real ?? planned;
    if (there < cropSamples) {
      const says = `${track.path} holds ${(there / sampleRate).toFixed(2)} s of sound; a crop is ${(cropSamples / sampleRate).toFixed(2)} s.`;
      throw new AppError('TOO_SHORT', says);
    }
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
    const bytes = cachedBytes(known?.samples ?? this.#samplesOf(track.durationMs));
    if (this.#room < bytes) {
      if (known !== undefined) await this.#cache.remove(audioHash);
      return undefined;
    }
    if (known === undefined && this.#isBroken) return undefined;
    this.#room -= bytes;
    if (known !== undefined) return known;
    try {
      return await this.#cache.write(audioHash, this.#blocks(track));
    } catch (error) {
      // Decoders throw errors with a code of ours; what else comes is from the cache's disk.
      if (error instanceof AppError) throw error;
      this.#sayBroken(error);
      return undefined;
    }
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
    const { sampleRate, signal } = this.#options;
    return defined(this.#pool, 'the decoders').decode(track.path, { sampleRate, signal, inParts: true });
  }
}
