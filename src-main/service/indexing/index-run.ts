/** @file One run of the index job: hands waiting tracks to the index process, stores what comes back, and outlives the process when a file kills it. */
import { encoderSettings } from '../encoders/encoder-settings.ts';
import { AppError, countOf } from '../../base/index.ts';
import { peaksPerSecond } from '../../audio/about.ts';
import type { IndexRepair, StoredEncoder, WaitingTrack } from '../../store/index.ts';
import type { FailedPath, JobContext } from '../jobs/jobs.ts';
import type { TrackId } from '../../contract/index.ts';
import type { IndexReply } from '../processes/messages.ts';
import type { Tools } from '../tools.ts';
import { KnownTracks } from './known-tracks.ts';
import { runSession } from './index-session.ts';
import type { SessionEnd } from './index-session.ts';
import { SpaceWriters } from './space-writers.ts';
import type { SpaceResult, WrittenSpace } from './space-writers.ts';

/**
 * What a run did; the document of the command line's `index`. `busyShare`: share of the time that the device was encoding. `features`: of all spaces
 * together; a track or segment counts once, however many spaces it was written into.
 */
export type IndexResult = {
  /** What was mended before, where that was asked for. */
  repaired?: IndexRepair;
  encoder: number;
  device: string;
  /** Why that device, where none was named. */
  deviceReason: string;
  tracks: number;
  segments: number;
  features: number;
  spaces: SpaceResult[];
  seconds: number;
  audioSeconds: number;
  busyShare: number;
  failed: FailedPath[];
};

/** What a run is about. `device` is an id or `auto`. */
export type RunOptions = {
  tools: Tools;
  context: JobContext;
  encoder: StoredEncoder;
  /** What is written, in one pass: outputs of the encoder, with one hop. */
  spaces: readonly WrittenSpace[];
  hopSamples: number;
  device: string;
};

/** Committing more often costs, less often loses more when the power fails; windows see new rows at this pace. */
const commitEveryMs = 2_000;
const decodeThreads = 2;
/** While a scan goes on, a process is started again once at least one in so many of the tracks so far is new. */
const worthwhile = 4;

function asIndexTrack({ trackId, path }: WaitingTrack): { trackId: TrackId; path: string } {
  return { trackId, path };
}

/** Encodes the tracks that wait in indexes of one encoder. */
export class IndexRun {
  readonly #options: RunOptions;
  readonly #writers: SpaceWriters;
  /** What another index holds of tracks; null for an encoder that hears them itself. */
  readonly #known: KnownTracks | null;
  readonly #waiting = new Map<number, WaitingTrack>();
  readonly #result: IndexResult;
  /** The audio of every track that was ever taken, by its number. */
  readonly #taken = new Map<number, string>();
  #totalSeconds = 0;
  #current: number | undefined;
  #doneSeconds = 0;
  #currentSegments = 0;
  #committedAt = performance.now();
  #total = 0;
  /** How many tracks had come when waiting ones were last looked for. */
  #seenArrivals = 0;
  #elapsedMs = 0;
  #busyMs = 0;
  #startedAt = performance.now();

  constructor(options: RunOptions) {
    this.#options = options;
    const { store } = options.tools;
    this.#writers = new SpaceWriters(store, options.spaces);
    this.#known = KnownTracks.open(store, options);
    this.#take(this.#writers.take());
    const features = options.spaces.reduce((sum, { space }) => sum + space.dimensions, 0);
    const none = { tracks: 0, segments: 0, seconds: 0, audioSeconds: 0, busyShare: 0, failed: [], spaces: [] };
    this.#result = { encoder: options.encoder.id, device: options.device, deviceReason: '', features, ...none };
  }

  /** Runs to the end. @throws AppError CANCELLED, DISK_FULL, DEVICE_… ; what was finished before is stored in every case */
  async run(): Promise<IndexResult> {
    this.#startedAt = performance.now();
    this.#progress('');
    try {
      while (this.#waiting.size > 0 || (await this.#moreCame())) {
        const tracks = this.#nextTracks();
        const end = await this.#session(tracks, () => this.#takeMore());
        if (end.type === 'crashed') await this.#findCulprit(end);
        else this.#settled(tracks);
      }
    } finally {
      this.#known?.close();
      this.#abandon();
      // After an error the disk may still refuse; what is committed stays either way.
      this.#writers.close();
      this.#announce();
    }
    this.#result.seconds = (performance.now() - this.#startedAt) / 1000;
    this.#result.spaces = this.#writers.results;
    this.#result.busyShare = this.#elapsedMs === 0 ? 0 : this.#busyMs / this.#elapsedMs;
    return this.#result;
  }

  /** Those first whose embeddings can be made from what another index holds. */
  #nextTracks(): WaitingTrack[] {
    const waiting = [...this.#waiting.values()];
    const known = waiting.filter((track) => this.#known?.has(track) === true);
    return known.length > 0 ? known : waiting;
  }

  /** Goes on to what a scan has found since, so that no second job is needed for it. */
  #settled(tracks: readonly WaitingTrack[]): void {
    for (const { trackId } of tracks) this.#waiting.delete(trackId);
    if (this.#waiting.size === 0) this.#takeNew();
  }

  #takeNew(): void {
    this.#writers.flush();
    this.#known?.refresh();
    this.#take(this.#writers.take().filter((track) => this.#isNew(track)));
  }

  /** The same while a session is open. */
  #takeMore(): WaitingTrack[] {
    const more = this.#writers.takeMore().filter((track) => this.#isNew(track));
    this.#take(more);
    return more;
  }

  #isNew({ trackId, audioHash }: WaitingTrack): boolean {
    return this.#taken.get(trackId) !== audioHash;
  }

  /**
   * With the encoder that is indexed as tracks come: waits while a scan goes on, until it has brought enough that a session is worth its start, or ends.
   * Whoever waits for this job's lane does not wait for the scan as well: what comes later is the next job's.
   */
  async #moreCame(): Promise<boolean> {
    const { tools, context, encoder } = this.#options;
    const { arrivals } = tools;
    if (encoder.source !== 'built-in') return false;
    if (arrivals.areComing) this.#commit();
    while (arrivals.areComing && !context.isWaitedFor()) {
      this.#progress('Waits for the scan to bring more');
      await arrivals.next(context.signal);
      context.signal.throwIfAborted();
      await context.gate.passed();
      if (arrivals.areComing && (arrivals.count - this.#seenArrivals) * worthwhile < this.#total) continue;
      this.#takeNew();
      if (this.#waiting.size > 0) return true;
    }
    return false;
  }

  #take(tracks: readonly WaitingTrack[]): void {
    this.#seenArrivals = this.#options.tools.arrivals.count;
    for (const track of tracks) {
      this.#waiting.set(track.trackId, track);
      this.#taken.set(track.trackId, track.audioHash);
      this.#totalSeconds += track.durationMs / 1000;
    }
    this.#total += tracks.length;
  }

  async #session(tracks: WaitingTrack[], more: () => WaitingTrack[] = () => []): Promise<SessionEnd> {
    const { tools, context, encoder, hopSamples, device } = this.#options;
    const { weightsSha256 } = encoder;
    const weightsPath = tools.store.paths.weights(encoder.id);
    const known = tracks.every((track) => this.#known?.has(track) === true) ? this.#known : null;
    const end = await runSession({
      entry: tools.entries.indexProcess,
      open: {
        encoder: encoderSettings(encoder),
        isFed: known !== null,
        outputs: this.#writers.outputs,
        weightsPath,
        weightsSha256,
        device,
        hopSamples,
        decodeThreads,
        isYielding: tools.arrivals.areComing,
      },
      tracks: tracks.map(asIndexTrack),
      more: () => more().map(asIndexTrack),
      ...(known === null ? {} : { known: (trackId: number) => known.of(trackId) }),
      gate: context.gate,
      signal: context.signal,
      onOpened: ({ device: id, deviceReason }) => Object.assign(this.#result, { device: id, deviceReason }),
      onTrack: (reply) => this.#hear(reply),
    });
    if (end.type === 'ended') {
      this.#elapsedMs += end.elapsedMs;
      this.#busyMs += end.busyMs;
    }
    return end;
  }

  /** The process died: of the tracks that were being read, the one that kills it alone is the reason. */
  async #findCulprit({ how, suspects }: Extract<SessionEnd, { type: 'crashed' }>): Promise<void> {
    this.#abandon();
    const says = `The index process ${how}`;
    if (suspects.length === 0)
      throw new AppError('DEVICE_FAILED', `${says} before it read a track. Choose another device, or start again.`);
    for (const trackId of suspects) {
      const track = this.#waiting.get(trackId);
      if (track === undefined) continue;
      const end = suspects.length === 1 ? { type: 'crashed' as const, how } : await this.#session([track]);
      this.#abandon();
      if (end.type !== 'crashed') continue;
      const message = `The index process ${end.how} while it read ${track.path}. The track is skipped; "Try again" reads it once more.`;
      this.#fail(track, new AppError('DECODER_CRASHED', message));
    }
  }

  #hear(reply: Extract<IndexReply, { type: 'rows' | 'finished' | 'failed' }>): void {
    const track = this.#waiting.get(reply.trackId);
    if (track === undefined) return;
    if (this.#current !== reply.trackId) {
      this.#abandon();
      this.#writers.begin(track);
      this.#current = reply.trackId;
    }
    if (reply.type === 'rows') {
      this.#writers.append(reply.rows);
      this.#currentSegments += reply.rows.length / this.#writers.width;
    } else if (reply.type === 'failed') {
      this.#abandon();
      this.#fail(track, AppError.fromData(reply.error));
    } else this.#finish(track, reply);
    if (performance.now() - this.#committedAt > commitEveryMs) this.#commit();
    this.#progress(track.path);
  }

  #finish(track: WaitingTrack, reply: Extract<IndexReply, { type: 'finished' }>): void {
    const { store } = this.#options.tools;
    if (reply.peaks.length > 0) store.peaks.set(track.trackId, peaksPerSecond, reply.peaks);
    if (this.#currentSegments === 0) {
      this.#abandon();
      return this.#fail(track, this.#tooShort(track, reply));
    }
    this.#writers.finish(track.trackId, this.#currentSegments, reply.truncated ? { partial: true, message: reply.reason } : {});
    store.problems.clear(track.path, 'index');
    this.#result.tracks++;
    this.#result.segments += this.#currentSegments;
    this.#result.audioSeconds += reply.durationMs / 1000;
    store.tracks.correctLength(track.trackId, reply.durationMs);
    this.#settle(track);
    // Whoever waits for the first results need not wait longer.
    if (this.#result.tracks === 1) this.#commit();
  }

  #tooShort(track: WaitingTrack, { durationMs, truncated, reason }: Extract<IndexReply, { type: 'finished' }>): AppError {
    const { cropSamples, sampleRate } = this.#options.encoder;
    const needed = (cropSamples / sampleRate).toFixed(2);
    const why = truncated ? ` ${reason}` : '';
    return new AppError(
      'TOO_SHORT',
      `${track.path} holds ${(durationMs / 1000).toFixed(2)} s of sound; one segment of this encoder is ${needed} s.${why}`,
    );
  }

  #fail(track: WaitingTrack, error: AppError): void {
    const { code, message } = error;
    const { store } = this.#options.tools;
    this.#writers.fail(track, error);
    store.problems.set({ path: track.path, code, message, during: 'index', trackId: track.trackId });
    this.#result.failed.push({ path: track.path, code, message });
    this.#settle(track);
  }

  #settle(track: WaitingTrack): void {
    this.#waiting.delete(track.trackId);
    this.#doneSeconds += track.durationMs / 1000;
    this.#current = undefined;
    this.#currentSegments = 0;
  }

  /** Forgets the rows of a track that did not come to its end. */
  #abandon(): void {
    if (this.#current !== undefined) this.#writers.abort();
    this.#current = undefined;
    this.#currentSegments = 0;
  }

  #commit(): void {
    this.#writers.flush();
    this.#committedAt = performance.now();
    this.#announce();
  }

  #announce(): void {
    for (const { space } of this.#options.spaces) this.#options.tools.events.emit({ type: 'index.changed', encoderId: space.id });
  }

  #progress(detail: string): void {
    const { context, hopSamples, encoder } = this.#options;
    const audioSeconds = this.#doneSeconds + (this.#currentSegments * hopSamples) / encoder.sampleRate;
    const share = this.#totalSeconds === 0 ? 0 : Math.min(1, audioSeconds / this.#totalSeconds);
    const done = this.#total - this.#waiting.size;
    // How much there is to hear is known when the scan has ended.
    const known = this.#options.tools.arrivals.areComing ? { secondsLeft: null } : { share };
    context.report({ done, total: this.#total, unit: 'tracks', audioSeconds, detail, failed: this.#result.failed.length, ...known });
  }
}

/** A run's outcome as a sentence. */
export function describeIndex({ tracks, segments, failed }: IndexResult): string {
  const problems = failed.length === 0 ? '' : ` ${failed.length} could not be indexed.`;
  return tracks === 0 && failed.length === 0
    ? 'Every track was indexed already.'
    : `${countOf(tracks, 'track')} indexed: ${countOf(segments, 'segment')}.${problems}`;
}
