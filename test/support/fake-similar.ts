/** @file Music by example on synthetic tracks: vectors drawn from genre, artist and number, so that what is alike is near; the same on every run. */
import type {
  Contribution,
  EncoderId,
  Handlers,
  PathStep,
  QueryFile,
  QueryFileId,
  QueryItem,
  SimilarQuery,
  SimilarRow,
  TagId,
  Track,
  TrackFilter,
  TrackId,
} from '../../src-main/contract/index.ts';
import { AppError } from '../../src-main/base/index.ts';
import { fakeDimensions } from './fake-segments.ts';
import { noise, trackMatches } from './fake-tracks.ts';

/** Neurons that take part; the others are silent. */
const neurons = Array.from({ length: 48 }, (_, i) => (i * 37 + 5) % fakeDimensions);
const segmentMs = (59_049 / 22_050) * 1000;

/** What is used of the fake world. */
export type SimilarWorld = {
  readonly tracks: readonly Track[];
  track(id: number): Track;
  encoder(id: EncoderId): { index: { segments: number } | null };
  /** Tracks that carry a tag. */
  taggedTracks(tagId: TagId): readonly TrackId[];
};

type Vector = Float64Array;
type Filed = { name: string; bytes: number; received: number; query: QueryFile | null };

/** Similar music, and the files that were brought. */
export class FakeSimilar {
  readonly #world: SimilarWorld;
  readonly #files = new Map<QueryFileId, Filed>();
  #nextFile = 1;

  constructor(world: SimilarWorld) {
    this.#world = world;
  }

  /** Files that were brought and not forgotten. */
  get fileNames(): string[] {
    return [...this.#files.values()].map(({ name }) => name);
  }

  handlers(): Handlers['similar'] {
    return {
      find: (query) => this.#find(query),
      explain: ({ query, trackId }) => contributions(this.#queryVector(query), vectorOf(this.#world.track(trackId)), weightsOf(query)),
      status: ({ encoderId }) => {
        const { index } = this.#world.encoder(encoderId);
        if (index === null) return { state: 'none' };
        return { state: 'ready', method: 'exact', segments: index.segments, tracks: this.#world.tracks.length, bytes: 0 };
      },
      openFile: ({ name, bytes }) => {
        const fileId = this.#nextFile++ as QueryFileId;
        this.#files.set(fileId, { name, bytes, received: 0, query: null });
        return { fileId };
      },
      sendPiece: ({ fileId, offset, piece }) => {
        const file = this.#file(fileId);
        if (offset !== file.received) throw new AppError('BAD_INPUT', `The piece of ${file.name} is not the next one.`);
        file.received += Buffer.from(piece, 'base64').length;
      },
      encodeFile: ({ fileId }) => this.#encode(fileId),
      stopEncoding: () => undefined,
      forgetFile: ({ fileId }) => void this.#files.delete(fileId),
      path: ({ from, to, steps, filter }) => this.#path(from, to, steps, this.#passing(filter)),
      radio: ({ seeds, played, skipped, diversity, filter, count, seed }) => {
        const away = skipped.map((trackId): QueryItem => ({ kind: 'track', trackId }));
        const rows = this.#ranked(this.#mean(seeds, away), this.#passing(filter), new Map());
        const left = rows.filter(({ track }) => !played.includes(track.id));
        const stirred = left.map((row, i) => ({ ...row, place: i + diversity * noise(row.track.id, seed) * left.length }));
        return stirred
          .toSorted((a, b) => a.place - b.place)
          .slice(0, count)
          .map(({ track, cosine }) => stepOf(track, cosine, null));
      },
    };
  }

  /** The tracks near examples, best first, for smart playlists. */
  near(query: SimilarQuery): TrackId[] {
    return this.#find(query).rows.map(({ trackId }) => trackId);
  }

  /** The tracks that pass a filter, for smart playlists. */
  passing(filter: TrackFilter): TrackId[] {
    return this.#passing(filter).map(({ id }) => id);
  }

  #file(fileId: QueryFileId): Filed {
    const file = this.#files.get(fileId);
    if (file === undefined) throw new AppError('NOT_FOUND', `There is no file ${fileId} any more. Choose it again.`);
    return file;
  }

  #encode(fileId: QueryFileId): QueryFile {
    const file = this.#file(fileId);
    if (file.received !== file.bytes) throw new AppError('BAD_INPUT', `${file.name} has not arrived whole.`);
    if (!/\.(mp3|flac|ogg|opus|m4a|wav|aiff?|wma)$/i.test(file.name))
      throw new AppError('NOT_AUDIO', `${file.name} is not audio: the file begins like plain text.`);
    return (file.query = { fileId, name: file.name, durationMs: 134_000, segments: 50, truncated: false });
  }

  #find(query: SimilarQuery): { considered: number; rows: SimilarRow[]; neurons: Contribution[]; method: 'exact' } {
    if (this.#world.encoder(query.encoderId).index === null)
      throw new AppError('NOT_FOUND', 'This encoder has not listened to the library yet. Index the library first.');
    const weights = weightsOf(query);
    const wanted = this.#queryVector(query);
    const asked = new Set([...query.like, ...query.unlike].flatMap((item) => (item.kind === 'track' ? [item.trackId] : [])));
    const passing = this.#passing(query.filter).filter(({ id }) => query.level === 'passages' || !asked.has(id));
    const ranked = capped(this.#ranked(wanted, passing, weights), query).slice(0, query.limit);
    const rows = ranked.map(({ track, cosine }, i): SimilarRow => {
      const why = contributions(wanted, vectorOf(track), weights);
      return {
        ...stepOf(track, cosine, null),
        ...{ rank: i + 1, passage: query.level === 'passages' ? passageOf(track, query.like) : null, why: why.slice(0, 3) },
      };
    });
    const sums = new Map<number, number>();
    for (const { track } of ranked)
      for (const { feature, contribution } of contributions(wanted, vectorOf(track), weights))
        sums.set(feature, (sums.get(feature) ?? 0) + contribution / ranked.length);
    const all = [...sums].map(([feature, contribution]) => ({ feature, contribution })).toSorted((a, b) => b.contribution - a.contribution);
    const kept = all.filter(({ feature }, i) => i < 24 || weights.has(feature));
    return { considered: passing.length, rows, neurons: kept, method: 'exact' };
  }

  #queryVector(query: SimilarQuery): Vector {
    return this.#mean(query.like, query.unlike);
  }

  #mean(like: readonly QueryItem[], unlike: readonly QueryItem[]): Vector {
    const sum = new Float64Array(neurons.length);
    const add = (items: readonly QueryItem[], share: number): void => {
      for (const vector of items.flatMap((item) => this.#vectorsOf(item)))
        vector.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + (share * value) / items.length));
    };
    add(like, 1);
    add(unlike, -0.5);
    return unit(sum);
  }

  #vectorsOf(item: QueryItem): Vector[] {
    if (item.kind === 'file') {
      if (this.#file(item.fileId).query === null) throw new AppError('BAD_INPUT', 'The file has not been encoded yet.');
      return [unit(Float64Array.from(neurons, (feature) => noise(item.fileId * 7919, feature) - 0.5))];
    }
    if (item.kind !== 'tag') return [vectorOf(this.#world.track(item.trackId))];
    const tagged = this.#world.taggedTracks(item.tagId);
    if (tagged.length === 0) throw new AppError('BAD_INPUT', 'No track carries this tag yet. Tag some tracks first.');
    return tagged.map((trackId) => vectorOf(this.#world.track(trackId)));
  }

  #passing(filter: TrackFilter): Track[] {
    const within = (value: number | null, { least, most }: { least?: number | undefined; most?: number | undefined }): boolean =>
      (least === undefined || (value !== null && value >= least)) && (most === undefined || (value !== null && value <= most));
    const carrying = filter.tagIds.map((tagId) => new Set(this.#world.taggedTracks(tagId)));
    const barred = filter.withoutTagIds.map((tagId) => new Set(this.#world.taggedTracks(tagId)));
    return this.#world.tracks.filter(
      (track) =>
        track.state !== 'missing' &&
        track.state !== 'failed' &&
        (filter.search === '' || trackMatches(track, filter.search)) &&
        (filter.genres.length === 0 || filter.genres.includes(track.genre)) &&
        (filter.folderId === undefined || track.folderId === filter.folderId) &&
        carrying.every((ids) => ids.has(track.id)) &&
        !barred.some((ids) => ids.has(track.id)) &&
        within(track.year, filter.year) &&
        within(track.durationMs, filter.durationMs),
    );
  }

  #ranked(wanted: Vector, tracks: readonly Track[], weights: ReadonlyMap<number, number>): { track: Track; cosine: number }[] {
    return tracks
      .map((track) => ({ track, cosine: cosineOf(wanted, vectorOf(track), weights) }))
      .toSorted((a, b) => b.cosine - a.cosine || a.track.id - b.track.id);
  }

  #path(from: QueryItem, to: QueryItem, steps: number, passing: readonly Track[]): PathStep[] {
    const [first, last] = [this.#mean([from], []), this.#mean([to], [])];
    const chosen: Track[] = [];
    for (let step = 0; step < steps; step++) {
      const share = step / (steps - 1);
      const place = unit(first.map((value, i) => value * (1 - share) + (last[i] ?? 0) * share));
      const item = step === 0 ? from : step === steps - 1 ? to : null;
      const own = item !== null && item.kind !== 'file' && item.kind !== 'tag' ? this.#world.track(item.trackId) : undefined;
      const ends = [from, to].flatMap((end) => (end.kind === 'track' ? [end.trackId] : []));
      const next =
        own ?? this.#ranked(place, passing, new Map()).find(({ track }) => !chosen.includes(track) && !ends.includes(track.id))?.track;
      if (next !== undefined) chosen.push(next);
    }
    return chosen.map((track, i) => {
      const before = chosen[i - 1];
      const cosine = cosineOf(first, vectorOf(track), new Map());
      return stepOf(track, cosine, before === undefined ? null : cosineOf(vectorOf(before), vectorOf(track), new Map()));
    });
  }
}

function stepOf(track: Track, cosine: number, fromBefore: number | null): PathStep {
  const { id: trackId, title, artist, album, genre, year, durationMs } = track;
  return { score: (cosine + 1) / 2, cosine, trackId, title, artist, album, genre, year, durationMs, fromBefore };
}

function passageOf(track: Track, like: readonly QueryItem[]): NonNullable<SimilarRow['passage']> {
  const segment = Math.floor(noise(track.id, 91) * Math.floor(track.durationMs / segmentMs));
  const asked = like[0];
  const hasTime = asked?.kind === 'track' || asked?.kind === 'passage';
  return {
    segment,
    startMs: segment * segmentMs,
    durationMs: segmentMs,
    queryStartMs: hasTime ? Math.floor(noise(track.id, 92) * 12) * segmentMs : null,
    queryTrackId: hasTime ? asked.trackId : null,
  };
}

function capped<Row extends { track: Track }>(rows: readonly Row[], { perArtist, perAlbum }: SimilarQuery): Row[] {
  const counts = new Map<string, number>();
  const isLeft = (key: string, most: number | null): boolean => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return most === null || count <= most;
  };
  return rows.filter(
    ({ track }) =>
      (track.artist === '' || isLeft(`artist ${track.artist}`, perArtist)) &&
      (track.album === '' || isLeft(`album ${track.album}`, perAlbum)),
  );
}

function weightsOf(query: SimilarQuery): Map<number, number> {
  return new Map(query.weights.map(({ feature, weight }) => [feature, weight]));
}

const vectors = new Map<string, Vector>();

function vectorOf(track: Track): Vector {
  const key = `${track.id} ${track.genre} ${track.artist}`;
  const known = vectors.get(key);
  if (known !== undefined) return known;
  const number = (text: string): number => [...text].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 65_536;
  const made = unit(
    Float64Array.from(
      neurons,
      (feature) =>
        (noise(number(track.genre), feature) - 0.5) * 1.2 +
        (noise(number(track.artist), feature + 1) - 0.5) * 0.5 +
        (noise(track.id, feature + 2) - 0.5) * 0.8,
    ),
  );
  vectors.set(key, made);
  return made;
}

function unit(vector: Vector): Vector {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return vector.map((value) => value / norm);
}

function products(a: Vector, b: Vector, weights: ReadonlyMap<number, number>): number[] {
  const weight = neurons.map((feature) => weights.get(feature) ?? 1);
  const norm = (vector: Vector): number => Math.sqrt(vector.reduce((sum, value, i) => sum + (weight[i] ?? 1) * value * value, 0)) || 1;
  const scale = norm(a) * norm(b);
  return neurons.map((_, i) => ((weight[i] ?? 1) * (a[i] ?? 0) * (b[i] ?? 0)) / scale);
}

function cosineOf(a: Vector, b: Vector, weights: ReadonlyMap<number, number>): number {
  return products(a, b, weights).reduce((sum, part) => sum + part, 0);
}

function contributions(a: Vector, b: Vector, weights: ReadonlyMap<number, number>): Contribution[] {
  return products(a, b, weights)
    .map((contribution, i) => ({ feature: neurons[i] ?? 0, contribution }))
    .toSorted((one, other) => other.contribution - one.contribution);
}
