/** @file The tracks that a run learns from: decoded once where the cache has room, else where a crop is taken. */
import { AppError, toAppError } from '../../base/index.ts';
import type { ErrorCode } from '../../base/index.ts';
import type { TrainTrack } from '../../service/index.ts';
import type { DecodePool } from '../decode-pool.ts';
import { cachedBytes, PcmCache } from './pcm-cache.ts';
import { fromKept, toKept } from './samples.ts';

/** What becomes known while tracks are prepared. */
export type PrepareReport = {
  /** Track 0: something that concerns no single track. */
  problem(trackId: number, path: string, code: ErrorCode, message: string): void;
  preparing(done: number, total: number, audioSeconds: number, detail: string): void;
};

/** A track that can be learnt from. */
export type UsableTrack = TrainTrack & { samples: number; isCached: boolean };

export type TrackAudioOptions = {
  pool: DecodePool;
  sampleRate: number;
  cropSamples: number;
  cacheDirectory: string;
  cacheMegabytes: number;
  threads: number;
  signal: AbortSignal;
  report: PrepareReport;
};

/** Reads crops of tracks. */
export class TrackAudio {
  readonly #options: TrackAudioOptions;
  readonly #cache: PcmCache;
  #room: number;
  #isFull = false;

  constructor(options: TrackAudioOptions) {
    this.#options = options;
    this.#cache = new PcmCache(options.cacheDirectory, options.sampleRate);
    this.#room = options.cacheMegabytes * 1e6;
  }

  /** Decodes what is not there yet, as far as the cache has room. @returns what can be used, in the order given, and how many are too short */
  async prepare(tracks: readonly TrainTrack[]): Promise<{ usable: UsableTrack[]; tooShort: number }> {
    const { report, cropSamples, sampleRate, threads } = this.#options;
    await this.#cache.shrink(this.#room, new Set(tracks.map(({ audioHash }) => audioHash)));
    const found: (UsableTrack | undefined)[] = [];
    let [done, audioSeconds, tooShort, next] = [0, 0, 0, 0];
    const work = async (): Promise<void> => {
      for (let index = next++; index < tracks.length; index = next++) {
        const track = tracks[index] as TrainTrack;
        try {
          const usable = await this.#prepareOne(track);
          if (usable.samples >= cropSamples) found[index] = usable;
          else {
            tooShort++;
            const seconds = (usable.samples / sampleRate).toFixed(2);
            const says = `${track.path} holds ${seconds} s of sound; a crop is ${(cropSamples / sampleRate).toFixed(2)} s.`;
            report.problem(track.trackId, track.path, 'TOO_SHORT', says);
          }
          audioSeconds += usable.samples / sampleRate;
        } catch (error) {
          const known = toAppError(error, `decode ${track.path}`);
          if (known.code === 'CANCELLED') throw known;
          report.problem(track.trackId, track.path, known.code, known.message);
        }
        report.preparing(++done, tracks.length, audioSeconds, track.path);
      }
    };
    await Promise.all(Array.from({ length: threads }, work));
    return { usable: found.filter((track) => track !== undefined), tooShort };
  }

  /** Samples `[start, start + cropSamples)` of a track. */
  async crop(track: UsableTrack, start: number): Promise<Float32Array<ArrayBuffer>> {
    const { cropSamples } = this.#options;
    if (track.isCached) {
      try {
        return await this.#cache.read(track.audioHash, start, cropSamples);
      } catch {
        // Somebody deleted the cache, which they may: the track itself is still there.
        track.isCached = false;
      }
    }
    return this.#decodeCrop(track, start);
  }

  async #prepareOne(track: TrainTrack): Promise<UsableTrack> {
    const { sampleRate } = this.#options;
    const known = await this.#cache.length(track.audioHash);
    const planned = known ?? Math.ceil((track.durationMs / 1000) * sampleRate);
    const bytes = cachedBytes(planned);
    const hasRoom = this.#room >= bytes && !this.#isFull;
    if (hasRoom) this.#room -= bytes;
    if (known !== undefined) return { ...track, samples: known, isCached: true };
    if (hasRoom) {
      try {
        return { ...track, samples: await this.#cache.write(track.audioHash, this.#blocks(track)), isCached: true };
      } catch (error) {
        if (toAppError(error, '').code !== 'DISK_FULL') throw error;
        this.#sayFull(track);
      }
    }
    if (track.durationMs > 0) return { ...track, samples: planned, isCached: false };
    let samples = 0;
    for await (const block of this.#blocks(track)) samples += block.length;
    return { ...track, samples, isCached: false };
  }

  #sayFull(track: TrainTrack): void {
    if (this.#isFull) return;
    this.#isFull = true;
    const says = 'The disk is full, so decoded audio is not kept: tracks are decoded where crops are taken, which is slower.';
    this.#options.report.problem(0, track.path, 'DISK_FULL', says);
  }

  #blocks(track: TrainTrack): AsyncGenerator<Float32Array, unknown> {
    const { pool, sampleRate, signal } = this.#options;
    return pool.decode(track.path, { sampleRate, signal });
  }

  /** Decodes from the beginning up to the crop's end. */
  async #decodeCrop(track: UsableTrack, start: number): Promise<Float32Array<ArrayBuffer>> {
    const { cropSamples } = this.#options;
    const crop = new Float32Array(cropSamples);
    let at = 0;
    for await (const block of this.#blocks(track)) {
      const [from, to] = [Math.max(start, at), Math.min(start + cropSamples, at + block.length)];
      if (from < to) crop.set(block.subarray(from - at, to - at), from - start);
      at += block.length;
      if (at >= start + cropSamples) return fromKept(toKept(crop));
    }
    if (at >= cropSamples) return fromKept(toKept(crop));
    throw new AppError('TOO_SHORT', `${track.path} is shorter than it was when the run began.`);
  }
}
