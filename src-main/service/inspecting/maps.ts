/** @file Maps of a space: drawn as a job, kept, and coloured by what is known of tracks or by a neuron. */
import { createHash } from 'node:crypto';
import { AppError, breather, countOf } from '../../base/index.ts';
import { mapWishSchema, toBase64 } from '../../contract/index.ts';
import type { KeptMap, MapGrouping, MapGroups, MapValues, MapWish, MusicMap, TrackId } from '../../contract/index.ts';
import type { ActivationIndexInfo, TrackSummary } from '../../store/index.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import { timingOf } from '../listening/listening.ts';
import type { Tools } from '../tools.ts';
import type { IndexedTracks } from './indexed-tracks.ts';
import { inspectedSpace } from './inspected.ts';
import { integersOf, readMap, writeMap } from './map-file.ts';
import { mapGroups } from './map-groups.ts';
import { mapPoints } from './map-points.ts';
import { drawInThread } from './map-thread.ts';

/** Every map of the same numbers is the same. */
const seed = 1;
const leastPoints = 3;
const tracksAtOnce = 500;
/** Parts that progress is told in. */
const parts = 100;

/** Draws maps, and opens those that were drawn. */
export class Maps {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
    tools.jobs.define('map', (params, context) => this.#run(mapWishSchema.parse(params), context));
  }

  /** Begins to draw one. @throws AppError NOT_FOUND without such a space or an index of it, BAD_INPUT for fewer than three points */
  async draw(wish: MapWish): Promise<StartedJob> {
    const { encoder, index, tracks } = await inspectedSpace(this.#tools.store, wish.encoderId);
    const points = mapPoints(tracks, wish, index.dimensions).owners.length;
    if (points < leastPoints)
      throw new AppError(
        'BAD_INPUT',
        `A map needs three points or more, and ${encoder.name} has heard ${wish.level === 'tracks' ? countOf(points, 'track') : countOf(points, 'segment')}. Index more music with it first.`,
      );
    return this.#tools.jobs.start({ kind: 'map', title: `Map of ${encoder.name}`, params: wish });
  }

  /** The map that was drawn last of a wish; null where none was. @throws AppError NOT_FOUND without such a space or an index of it */
  async get(wish: MapWish): Promise<MusicMap | null> {
    const { encoder, index, tracks } = await inspectedSpace(this.#tools.store, wish.encoderId);
    const kept = await readMap(this.#tools.store.paths, wish);
    if (kept === null) return null;
    const { key, trackIds, ...map } = kept;
    return {
      ...{ wish, ...map, isOutdated: key !== keyOf(index, tracks), points: integersOf(map.owners).length },
      ...timingOf(encoder, index.hopSamples),
      tracks: await this.#names(trackIds),
    };
  }

  /** The same where there has to be one. @throws AppError NOT_FOUND */
  async kept(wish: MapWish): Promise<MusicMap> {
    const map = await this.get(wish);
    if (map === null) throw notDrawn();
    return map;
  }

  /** What a map's tracks have in common. @throws AppError NOT_FOUND where it was not drawn */
  async groups({ map: wish, by }: { map: MapWish; by: MapGrouping }): Promise<MapGroups> {
    const { trackIds, owners } = await this.#kept(wish);
    const points = new Int32Array(trackIds.length);
    for (const owner of integersOf(owners)) points[owner] = (points[owner] as number) + 1;
    return mapGroups(this.#tools.store, { trackIds, points, by }, breather());
  }

  /** What a neuron gives on a map's points. @throws AppError NOT_FOUND where it was not drawn, BAD_INPUT for a neuron that the space does not have */
  async values({ map: wish, neuron }: { map: MapWish; neuron: number }): Promise<MapValues> {
    const { store } = this.#tools;
    const { trackIds, owners, segments } = await this.#kept(wish);
    const { name, dimensions } = store.encoders.get(wish.encoderId);
    if (neuron >= dimensions)
      throw new AppError('BAD_INPUT', `${name} has no neuron ${neuron}; its neurons are numbered 0 to ${dimensions - 1}.`);
    const [ofTracks, ofSegments, pause] = [integersOf(owners), integersOf(segments), breather()];
    const values = new Float32Array(ofTracks.length);
    let [owner, profile] = [-1, new Float32Array()];
    for (const [point, own] of ofTracks.entries()) {
      if (own !== owner) {
        await pause();
        owner = own;
        profile = store.index.profile(wish.encoderId, trackIds[own] as TrackId, neuron) as Float32Array<ArrayBuffer>;
      }
      const segment = ofSegments[point] as number;
      values[point] = segment < 0 ? profile.reduce((sum, one) => sum + one, 0) / profile.length : (profile[segment] ?? Number.NaN);
    }
    const [least, greatest] = rangeOf(values);
    return { least, greatest, values: toBase64(new Uint8Array(values.buffer)) };
  }

  async #kept(wish: MapWish): Promise<KeptMap> {
    const kept = await readMap(this.#tools.store.paths, wish);
    if (kept === null) throw notDrawn();
    return kept;
  }

  async #names(trackIds: readonly TrackId[]): Promise<MusicMap['tracks']> {
    const pause = breather();
    const named = new Map<TrackId, TrackSummary>();
    for (let from = 0; from < trackIds.length; from += tracksAtOnce) {
      await pause();
      for (const one of this.#tools.store.tracks.summaries(trackIds.slice(from, from + tracksAtOnce))) named.set(one.id, one);
    }
    return trackIds.map((trackId) => ({ trackId, title: named.get(trackId)?.title ?? '', artist: named.get(trackId)?.artist ?? '' }));
  }

  async #run(wish: MapWish, { signal, gate, report }: JobContext): Promise<JobOutcome> {
    const { store, entries } = this.#tools;
    const { encoder, index, tracks } = await inspectedSpace(this.#tools.store, wish.encoderId);
    const { trackIds, outOf, ...points } = mapPoints(tracks, wish, index.dimensions);
    const tell = (share: number): void =>
      report({ done: Math.floor(parts * share), total: parts, unit: '%', audioSeconds: 0, detail: '', failed: 0 });
    tell(0);
    const order = { ...points, directory: store.paths.index(index.id), dimensions: index.dimensions, method: wish.method, seed };
    // What has units of its own is compared by its deviations, as similar music is.
    const isStandardised = encoder.source === 'built-in';
    const { places, kept } = await drawInThread({ ...order, isStandardised }, { entry: entries.mapThread, signal, gate, onShare: tell });
    const taken = (all: Int32Array): string => toBase64(new Uint8Array(Int32Array.from(kept, (point) => all[point] as number).buffer));
    await writeMap(store.paths, wish, {
      ...{ key: keyOf(index, tracks), drawnAt: Date.now(), outOf, trackIds },
      ...{ owners: taken(points.owners), segments: taken(points.segments) },
      places: toBase64(new Uint8Array(places.buffer, places.byteOffset, places.byteLength)),
    });
    const what =
      wish.level === 'tracks'
        ? countOf(kept.length, 'track')
        : `${countOf(kept.length, 'segment')} of ${countOf(trackIds.length, 'track')}`;
    return { message: `A map of ${what} is drawn.`, result: { points: kept.length } };
  }
}

function notDrawn(): AppError {
  return new AppError('NOT_FOUND', 'This map was not drawn yet, or its file is gone. Draw it again.');
}

/** Differs where rows or tracks do. */
function keyOf({ id }: ActivationIndexInfo, { trackIds, firstRows, counts }: IndexedTracks): string {
  const hash = createHash('sha256').update(firstRows).update(counts).update(Int32Array.from(trackIds));
  return `${id} ${hash.digest('hex')}`;
}

/** Of what is a number. */
function rangeOf(values: Float32Array): [least: number, greatest: number] {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return least > greatest ? [0, 0] : [least, greatest];
}
