/**
 * @file Examples to one query vector: the mean of what should be alike, less a share of the mean of what should not (Rocchio, Relevance feedback in
 * information retrieval, in: Salton, The SMART retrieval system, 1971). All in a centred space, where every vector has unit length.
 */
import { AppError } from '../../base/index.ts';
import { SegmentTimes } from '../../contract/index.ts';
import type { EncoderId, QueryFileId, QueryItem, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { timingOf } from '../listening/listening.ts';
import type { Neighbours } from './neighbours.ts';
import { addScaled, lengthOf, meanOf, rowOf, rowsOf, unit } from './vectors.ts';

/**
 * How much what should not be alike counts, beside 1 for what should. Text retrieval often takes a quarter (SMART's weights 16 and 4); here a person
 * gives few examples and expects each to tell.
 */
export const unlikeShare = 0.5;

/** A file's embeddings as the encoder gave them: `[segments, dimensions]`. */
export type FileEmbeddings = { name: string; embeddings: Float32Array; hopMs: number };

/** What examples are looked up in. */
export type QuerySources = {
  neighbours: Pick<Neighbours, 'trackSpace' | 'segmentVectors' | 'centre'>;
  store: Pick<Store, 'encoders' | 'index' | 'tracks' | 'tags'>;
  /** @throws AppError NOT_FOUND for a file that was forgotten */
  file(fileId: QueryFileId, encoderId: EncoderId): FileEmbeddings;
};

/** Whole tracks, or segments. */
export type Space = 'tracks' | 'segments';

/** A stretch of a track that an example names; all of it is 0 to Infinity. */
export type Stretch = { trackId: TrackId; startMs: number; endMs: number };

/** One example: its vector in the space, and what of the library it is. */
export type Example = { vector: Float32Array; stretches: Stretch[]; source: ExampleSource };

/** Where an example's segments are found: rows of a track, or of a file; a tag has none. */
export type ExampleSource =
  { kind: 'track'; trackId: TrackId; segments: number[] | null } | { kind: 'file'; file: FileEmbeddings } | { kind: 'tag' };

/** A query: unit vector `[dimensions]`, and its examples. */
export type Query = { vector: Float32Array; like: Example[]; unlike: Example[] };

/** Makes a query of examples. @throws AppError NOT_FOUND for what is not there, BAD_INPUT for what cannot be asked */
export async function makeQuery(
  sources: QuerySources,
  { encoderId, like, unlike }: { encoderId: EncoderId; like: readonly QueryItem[]; unlike: readonly QueryItem[] },
  space: Space,
): Promise<Query> {
  const find = async (items: readonly QueryItem[]): Promise<Example[]> => {
    const examples: Example[] = [];
    for (const item of items) examples.push(await findExample(sources, { encoderId, item, space }));
    return examples;
  };
  const query = { like: await find(like), unlike: await find(unlike) };
  return { ...query, vector: combine(query) };
}

/**
 * Mean of `like` less {@link unlikeShare} of the mean of `unlike`, at unit length; zeros where all examples are just what the library is on average.
 * @throws AppError BAD_INPUT when they cancel each other out
 */
export function combine({ like, unlike }: Pick<Query, 'like' | 'unlike'>): Float32Array {
  const vector = meanOf(like.map((example) => example.vector));
  if (unlike.length > 0) addScaled(vector, meanOf(unlike.map((example) => example.vector)), -unlikeShare);
  const isAverage = (example: Example): boolean => lengthOf(example.vector) === 0;
  if (lengthOf(vector) < 1e-6 && ![...like, ...unlike].every(isAverage))
    throw new AppError('BAD_INPUT', 'These examples cancel each other out: nothing is left to look for. Take one of them away.');
  return unit(vector);
}

type ItemQuestion = { encoderId: EncoderId; item: QueryItem; space: Space };

/** One example's vector. @throws AppError NOT_FOUND, BAD_INPUT */
export async function findExample(sources: QuerySources, { encoderId, item, space }: ItemQuestion): Promise<Example> {
  const { neighbours, store } = sources;
  const { dimensions } = store.encoders.get(encoderId);
  const centre = async (raw: Float32Array): Promise<Float32Array> => neighbours.centre(encoderId, space, raw);
  switch (item.kind) {
    case 'track': {
      const source = { kind: 'track' as const, trackId: item.trackId, segments: null };
      const stretches = [{ trackId: item.trackId, startMs: 0, endMs: Infinity }];
      if (space === 'tracks') return { vector: await trackVector(sources, encoderId, item.trackId), stretches, source };
      return { vector: await centre(meanOf(rowsOf(embeddingsOf(sources, encoderId, item.trackId), dimensions))), stretches, source };
    }
    case 'passage': {
      const embeddings = embeddingsOf(sources, encoderId, item.trackId);
      const segments = segmentsOf(sources, { encoderId, ...item, count: embeddings.length / dimensions });
      const { trackId, startMs, endMs } = item;
      const vector = await centre(meanOf(rowsOf(embeddings, dimensions, segments)));
      return { vector, stretches: [{ trackId, startMs, endMs }], source: { kind: 'track', trackId, segments } };
    }
    case 'file': {
      const file = sources.file(item.fileId, encoderId);
      return { vector: await centre(meanOf(rowsOf(file.embeddings, dimensions))), stretches: [], source: { kind: 'file', file } };
    }
    case 'tag':
      return tagExample(sources, encoderId, item.tagId);
  }
}

/** The mean of the tracks that carry a tag; among segments too, where it is the direction that counts. */
async function tagExample({ neighbours, store }: QuerySources, encoderId: EncoderId, tagId: Parameters<Store['tags']['get']>[0]) {
  const tag = store.tags.get(tagId);
  const space = await neighbours.trackSpace(encoderId);
  const carriers = store.tags.tracksWith(tagId);
  const positions = carriers.map((trackId) => space.positionOf(trackId)).filter((position) => position >= 0);
  if (positions.length === 0)
    throw new AppError(
      'BAD_INPUT',
      `No track that this encoder has heard carries “${tag.name}”. Put the tag on some tracks first, or index them.`,
      { details: { tagId } },
    );
  const vector = unit(meanOf(positions.map((position) => space.vector(position))));
  const stretches = carriers.map((trackId) => ({ trackId, startMs: 0, endMs: Infinity }));
  return { vector, stretches, source: { kind: 'tag' as const } };
}

async function trackVector(sources: QuerySources, encoderId: EncoderId, trackId: TrackId): Promise<Float32Array> {
  const space = await sources.neighbours.trackSpace(encoderId);
  const position = space.positionOf(trackId);
  if (position < 0) throw notHeard(sources, trackId);
  return space.vector(position).slice();
}

function embeddingsOf(sources: QuerySources, encoderId: EncoderId, trackId: TrackId): Float32Array {
  const embeddings = sources.store.index.embeddings(encoderId, trackId);
  if (embeddings.length === 0) throw notHeard(sources, trackId);
  return embeddings;
}

/** Segments of a passage. @throws AppError BAD_INPUT beyond the track's end */
function segmentsOf(
  { store }: QuerySources,
  passage: { encoderId: EncoderId; trackId: TrackId; startMs: number; endMs: number; count: number },
): number[] {
  const encoder = store.encoders.get(passage.encoderId);
  const timing = timingOf(encoder, store.index.current(encoder.id)?.hopSamples ?? encoder.cropSamples);
  const segments = new SegmentTimes(timing, passage.count).of(passage);
  if (segments.length > 0) return segments;
  const { title } = store.tracks.get(passage.trackId, null);
  throw new AppError('BAD_INPUT', `The passage lies where “${title}” has no segment. Choose another.`, { details: passage });
}

/** Segments of a query that has times: unit vectors, each with its track (null: a file's) and start. */
export type TimedSegments = { vectors: Float32Array[]; trackIds: (TrackId | null)[]; startsMs: number[] };

/** Most segments of a query that are compared with each result; of longer queries, that many spread over them. */
const mostTimed = 2048;

/** The segments of a query's examples, where they have times. */
export async function timedSegments(sources: QuerySources, encoderId: EncoderId, like: readonly Example[]): Promise<TimedSegments> {
  const { neighbours, store } = sources;
  const encoder = store.encoders.get(encoderId);
  const { dimensions } = encoder;
  const timing = timingOf(encoder, store.index.current(encoderId)?.hopSamples ?? encoder.cropSamples);
  const timed: TimedSegments = { vectors: [], trackIds: [], startsMs: [] };
  const most = Math.max(1, Math.floor(mostTimed / like.length));
  for (const { source } of like) {
    if (source.kind === 'tag') continue;
    const matrix = source.kind === 'track' ? neighbours.segmentVectors(encoderId, source.trackId) : source.file.embeddings;
    const all = (source.kind === 'track' ? source.segments : null) ?? Array.from({ length: matrix.length / dimensions }, (_, i) => i);
    const step = Math.ceil(all.length / most);
    const hopMs = source.kind === 'track' ? timing.hopMs : source.file.hopMs;
    const times = new SegmentTimes({ ...timing, hopMs }, matrix.length / dimensions);
    for (const segment of all.filter((_, i) => i % step === 0)) {
      const row = rowOf(matrix, dimensions, segment);
      timed.vectors.push(source.kind === 'track' ? row : await neighbours.centre(encoderId, 'segments', row));
      timed.trackIds.push(source.kind === 'track' ? source.trackId : null);
      timed.startsMs.push(times.startOf(segment));
    }
  }
  return timed;
}

function notHeard({ store }: QuerySources, trackId: TrackId): AppError {
  const { title } = store.tracks.get(trackId, null);
  return new AppError('NOT_FOUND', `The encoder has not heard “${title}” yet. Index the library with it first.`, { details: { trackId } });
}
