/** @file Putting tracks in order and choosing among them: nearest first, so many of an artist or album, one of every recording. */
import type { TrackId } from '../../contract/index.ts';
import { noGroup } from '../../store/index.ts';
import type { TrackColumns } from '../../store/index.ts';

/** Up to so many, keeping a sorted list is quicker than sorting everything. */
const mostInserted = 512;
const positionStep = 2 ** 21;

/**
 * Positions of the smallest keys, smallest first; of equal ones the lower position first. Infinite keys are left out.
 * @param keys `[n]`, none below 0
 */
export function smallest(keys: Float32Array, count: number): Int32Array {
  return count <= mostInserted ? inserted(keys, count) : sorted(keys, count);
}

function inserted(keys: Float32Array, count: number): Int32Array {
  const positions = new Int32Array(count);
  const best = new Float32Array(count);
  let size = 0;
  let worst = Infinity;
  for (let position = 0; position < keys.length; position++) {
    const key = keys[position] as number;
    if (key >= worst || key === Infinity) continue;
    let at = size < count ? size++ : count - 1;
    for (; at > 0 && (best[at - 1] as number) > key; at--) {
      best[at] = best[at - 1] as number;
      positions[at] = positions[at - 1] as number;
    }
    best[at] = key;
    positions[at] = position;
    if (size === count) worst = best[count - 1] as number;
  }
  return positions.subarray(0, size);
}

/** One number a key, its bits above its position: bits of floats from 0 on are in the order of their values. */
function sorted(keys: Float32Array, count: number): Int32Array {
  const bits = new Uint32Array(keys.buffer, keys.byteOffset, keys.length);
  const packed = new Float64Array(keys.length);
  let size = 0;
  for (let position = 0; position < keys.length; position++)
    if (keys[position] !== Infinity) packed[size++] = (bits[position] as number) * positionStep + position;
  const ordered = packed.subarray(0, size).sort();
  return Int32Array.from(ordered.subarray(0, count), (value) => value % positionStep);
}

/** What limits a choice. `groups`: recordings that are the same; null when all of them may come. */
export type PickLimits = {
  columns: Pick<TrackColumns, 'artists' | 'albums'>;
  perArtist?: number | null;
  perAlbum?: number | null;
  groups: ReadonlyMap<number, number> | null;
};

/** Takes tracks one after the other while the limits allow. */
export class Picker {
  readonly #limits: PickLimits;
  readonly #artists = new Map<number, number>();
  readonly #albums = new Map<number, number>();
  /** The track that stands for each recording. */
  readonly #groups = new Map<number, number>();

  constructor(limits: PickLimits) {
    this.#limits = limits;
  }

  /** True when a track could be taken now. */
  allows(trackId: number): boolean {
    const { columns, perArtist, perAlbum, groups } = this.#limits;
    const group = groups?.get(trackId);
    const other = group === undefined ? undefined : this.#groups.get(group);
    if (other !== undefined && other !== trackId) return false;
    return hasRoom(this.#artists, columns.artists[trackId], perArtist) && hasRoom(this.#albums, columns.albums[trackId], perAlbum);
  }

  /** Takes a track when it is allowed. */
  take(trackId: number): boolean {
    if (!this.allows(trackId)) return false;
    const { columns } = this.#limits;
    add(this.#artists, columns.artists[trackId]);
    add(this.#albums, columns.albums[trackId]);
    this.block(trackId);
    return true;
  }

  /** No other copy of this track's recording will be taken; it stands for all. */
  block(trackId: number): void {
    const group = this.#limits.groups?.get(trackId);
    if (group !== undefined) this.#groups.set(group, trackId);
  }
}

/** Groups of the same recording by track; kept for each list of groups. */
export class RecordingGroups {
  #known: { of: readonly (readonly TrackId[])[]; groups: ReadonlyMap<number, number> } | null = null;

  get(of: readonly (readonly TrackId[])[]): ReadonlyMap<number, number> {
    if (this.#known?.of !== of)
      this.#known = { of, groups: new Map(of.flatMap((tracks, group) => tracks.map((trackId): [number, number] => [trackId, group]))) };
    return this.#known.groups;
  }
}

function hasRoom(taken: ReadonlyMap<number, number>, group: number | undefined, most: number | null | undefined): boolean {
  if (most === null || most === undefined || group === undefined || group === noGroup) return true;
  return (taken.get(group) ?? 0) < most;
}

function add(taken: Map<number, number>, group: number | undefined): void {
  if (group !== undefined && group !== noGroup) taken.set(group, (taken.get(group) ?? 0) + 1);
}
