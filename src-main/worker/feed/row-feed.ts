/**
 * @file Batches of embeddings that an index holds, for encoders that stand upon them: two moments of each track, each with an equaliser of its own. What a step
 * gets follows from the seed, the tracks' sound and the step's number alone. Everything is in memory from the beginning, so that a step waits for nothing.
 */
import { AppError, countOf, defined } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';
import { equalise, equaliserPoints, isHeard, isSilent, sizeOf } from '../../learn/index.ts';
import type { BatchPart } from '../../learn/index.ts';
import type { TrackRows, TrainTrack } from '../../service/index.ts';
import type { Batch, BatchFeed } from './batch-feed.ts';
import { numberOf, orderOfEpoch, randomFor } from './order.ts';
import { drawPart } from './parts.ts';
import type { PrepareReport } from './track-audio.ts';

/** What a feed is opened with. `rows` asks for tracks, some at a time, until there are no more; `deviationDb`: of the equaliser. */
export type RowFeedOptions = {
  tracks: readonly TrainTrack[];
  parts: readonly BatchPart[];
  batch: number;
  seed: number;
  deviationDb: number;
  rows: () => Promise<readonly TrackRows[] | null>;
  report: Pick<PrepareReport, 'problem'>;
};

/** What a run's steps come from, whatever they are made of. */
export type StepFeed = Pick<BatchFeed, 'prepare' | 'batch'>;

/** An open feed. */
export type RowFeed = StepFeed;

/** A track with the moments of it that can be heard, `[moments, length]`. */
type Known = TrainTrack & { rows: Float32Array; moments: number; isSilent: boolean };

/** What the numbers are for; views have 0 and 1. */
const [pairDraw, drawnPart] = [2, 3];

/** Opens a feed. */
export function createRowFeed(options: RowFeedOptions): RowFeed {
  return new Feed(options);
}

class Feed implements RowFeed {
  readonly #options: RowFeedOptions;
  readonly #heard: readonly BatchPart[];
  readonly #length: number;
  #tracks: Known[] = [];

  constructor(options: RowFeedOptions) {
    this.#options = options;
    this.#heard = options.parts.filter(isHeard);
    this.#length = sizeOf(defined(this.#heard[0], 'a part that is heard').shape);
  }

  async prepare(): Promise<{ tracks: number; tooShort: number; stepsPerEpoch: number }> {
    const { tracks, batch } = this.#options;
    const byId = new Map(tracks.map((track) => [track.trackId, track]));
    const known: Known[] = [];
    for (let some = await this.#options.rows(); some !== null; some = await this.#options.rows())
      for (const { trackId, rows } of some) {
        const track = byId.get(trackId);
        if (track !== undefined) known.push(...this.#withSound(track, rows));
      }
    this.#tracks = known.toSorted((a, b) => (a.audioHash === b.audioHash ? a.trackId - b.trackId : a.audioHash < b.audioHash ? -1 : 1));
    const { length } = this.#tracks;
    if (length < batch)
      throw new AppError(
        'BAD_INPUT',
        `${countOf(length, 'track has', 'tracks have')} two moments or more, and the batch wants ${batch} tracks at a time. Choose a batch of at most ${length}, or add music.`,
        { details: { tracks: length, batch } },
      );
    const silent = known.filter((track) => track.isSilent).length;
    if (length - silent < Math.min(pretraining.leastFed, batch))
      throw new AppError(
        'BAD_INPUT',
        `${countOf(silent, 'track is', 'tracks are')} silent, and what parts tracks from each other is learnt from ${pretraining.leastFed} with sound or more. Add music.`,
        { details: { tracks: length, silent } },
      );
    return { tracks: length, tooShort: tracks.length - length, stepsPerEpoch: this.#stepsPerEpoch };
  }

  batch(step: number): Promise<Batch> {
    const { batch, parts, seed } = this.#options;
    const epoch = Math.floor(step / this.#stepsPerEpoch);
    const first = (step % this.#stepsPerEpoch) * batch;
    const order = orderOfEpoch({ seed, epoch, tracks: this.#tracks.length }).slice(first, first + batch);
    const tracks = order.map((index) => defined(this.#tracks[index], 'a track of the plan'));
    const made: Record<string, Float32Array> = {};
    for (const [index, part] of parts.entries())
      made[part.name] = isHeard(part) ? this.#viewsOf(part, tracks, epoch) : drawPart(part, batch, randomFor(seed, step, index, drawnPart));
    return Promise.resolve({ parts: made, trackIds: Int32Array.from(tracks, ({ trackId }) => trackId), waitedMs: 0 });
  }

  get #stepsPerEpoch(): number {
    return Math.floor(this.#tracks.length / this.#options.batch);
  }

  #viewsOf({ content }: BatchPart, tracks: readonly Known[], epoch: number): Float32Array {
    const view = content.kind === 'view' ? content.view : 0;
    const all = new Float32Array(tracks.length * this.#length);
    for (const [place, track] of tracks.entries()) all.set(this.#view(track, epoch, view), place * this.#length);
    return all;
  }

  /** A moment of a track; the two views of an epoch are two moments. */
  #view({ audioHash, rows, moments }: Known, epoch: number, view: 0 | 1): Float32Array {
    const { seed, deviationDb } = this.#options;
    const pair = randomFor(seed, epoch, numberOf(audioHash), pairDraw);
    const first = pair.below(moments);
    const second = (first + 1 + pair.below(moments - 1)) % moments;
    const at = view === 0 ? first : second;
    const row = rows.slice(at * this.#length, (at + 1) * this.#length);
    const random = randomFor(seed, epoch, numberOf(audioHash), view);
    if (deviationDb > 0)
      equalise(
        row,
        Array.from({ length: equaliserPoints }, () => deviationDb * random.normal()),
      );
    return row;
  }

  /** A track without its silent moments, where that leaves two; none where there are not two at all. */
  #withSound(track: TrainTrack, rows: Float32Array): Known[] {
    const all = Array.from({ length: rows.length / this.#length }, (_, at) => rows.subarray(at * this.#length, (at + 1) * this.#length));
    if (all.length < 2) {
      const says = `${track.path} has ${countOf(all.length, 'moment')} of this length, and two are compared: it is left out.`;
      this.#options.report.problem(track.trackId, track.path, 'TOO_SHORT', says);
      return [];
    }
    const heard = all.filter((row) => !isSilent(row));
    const known = { ...track, isSilent: heard.length === 0 };
    if (heard.length < 2 || heard.length === all.length) return [{ ...known, rows, moments: all.length }];
    return [{ ...known, rows: Float32Array.from(heard.flatMap((row) => [...row])), moments: heard.length }];
  }
}
