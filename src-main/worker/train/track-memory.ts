/**
 * @file What a method remembers of each track between the steps in which it comes: told after a step, given again with the next that has the track, and kept
 * with each checkpoint. Tracks are known by their numbers in the library, which stay theirs; those that are added come without, those that are gone stay.
 */
import { AppError, assert, defined } from '../../base/index.ts';
import { sizeOf } from '../../learn/index.ts';
import type { BatchPart, WeightArray, WeightArrays } from '../../learn/index.ts';

/** Of a part: its numbers for each track that came. */
type Known = { name: string; width: number; byTrack: Map<number, Float32Array> };

/** A batch, and whose items are in it. */
type TrackBatch = { parts: Readonly<Record<string, Float32Array>>; trackIds: Int32Array };

/** Checkpoints hold 32-bit floats, which tell whole numbers apart up to this. */
const largestTrackId = 2 ** 24;
const [idsSuffix, valuesSuffix] = ['tracks', 'values'];

/** Nothing is remembered where a method has no such part. */
export class TrackMemory {
  readonly #known: readonly Known[];

  /**
   * @param parts of the method
   * @param kept what {@link arrays} gave; none for a run that begins
   * @throws AppError `CHECKPOINT_UNREADABLE` when a track's numbers are not as many as the method's
   */
  constructor(parts: readonly BatchPart[], kept: WeightArrays = new Map()) {
    this.#known = parts
      .filter(({ content }) => content.kind === 'remembered')
      .map(({ name, shape }) => ({ name, width: sizeOf(shape), byTrack: readTracks(kept, name, sizeOf(shape)) }));
  }

  /** The parts of a batch with what is known of its tracks; zeros for those that never came. */
  recall({ parts, trackIds }: TrackBatch): Readonly<Record<string, Float32Array>> {
    if (this.#known.length === 0) return parts;
    const recalled = this.#known.map(({ name, width, byTrack }) => {
      const values = new Float32Array(trackIds.length * width);
      for (const [item, trackId] of trackIds.entries()) values.set(byTrack.get(trackId) ?? [], item * width);
      return [name, values] as const;
    });
    return { ...parts, ...Object.fromEntries(recalled) };
  }

  /** Takes what a step told of its tracks. */
  remember(trackIds: Int32Array, told: Readonly<Record<string, Float32Array>>): void {
    for (const { name, width, byTrack } of this.#known) {
      const values = defined(told[name], name);
      for (const [item, trackId] of trackIds.entries()) byTrack.set(trackId, values.slice(item * width, (item + 1) * width));
    }
  }

  /** For a checkpoint: of each part the tracks' numbers, ascending, `[tracks]`, and their values `[tracks, …]`. */
  arrays(): WeightArrays {
    return new Map(
      this.#known.flatMap(({ name, width, byTrack }) => {
        const tracks = [...byTrack.keys()].toSorted((a, b) => a - b);
        assert((tracks.at(-1) ?? 0) < largestTrackId, 'the numbers of tracks are exact in a checkpoint');
        const values = new Float32Array(tracks.length * width);
        for (const [at, track] of tracks.entries()) values.set(defined(byTrack.get(track), name), at * width);
        return [
          [`${name}.${idsSuffix}`, { shape: [tracks.length], data: Float32Array.from(tracks) }],
          [`${name}.${valuesSuffix}`, { shape: [tracks.length, width], data: values }],
        ] as [string, WeightArray][];
      }),
    );
  }
}

function readTracks(kept: WeightArrays, name: string, width: number): Map<number, Float32Array> {
  const [tracks, values] = [idsSuffix, valuesSuffix].map((suffix) => kept.get(`${name}.${suffix}`));
  if (tracks === undefined || values === undefined) return new Map();
  if (values.data.length !== tracks.data.length * width)
    throw new AppError(
      'CHECKPOINT_UNREADABLE',
      `The checkpoint remembers ${values.data.length} numbers of ${tracks.data.length} tracks; this run has ${width} of each.`,
    );
  return new Map(Array.from(tracks.data, (track, at) => [track, values.data.slice(at * width, (at + 1) * width)]));
}
