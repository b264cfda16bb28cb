/**
 * @file Examples to one query vector: the mean of what should be alike, less a share of the mean of what should not (Rocchio, Relevance feedback in
 * information retrieval, in: Salton, The SMART retrieval system, 1971), and directions by their strength. All in a centred space, where every vector has
 * unit length.
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
  neighbours: Pick<Neighbours, 'trackSpace' | 'segmentVectors' | 'centre' | 'direction'>;
  store: Pick<Store, 'encoders' | 'index' | 'tracks' | 'tags'>;
  /** Encodes a track that the index does not hold yet; without it such a track is refused. @throws AppError what its file cannot give */
  unindexed?(encoderId: EncoderId, trackId: TrackId): Promise<FileEmbeddings>;
  /** What a concept of an encoder's space stands for, in the encoder's own numbers. @throws AppError NOT_FOUND, BAD_INPUT for concepts of another space */
  concept(encoderId: EncoderId, concept: { encoderId: EncoderId; concept: number }): Promise<Float32Array>;
  /** @throws AppError NOT_FOUND for a file that was forgotten */
  file(fileId: QueryFileId, encoderId: EncoderId): FileEmbeddings;
};

/** Whole tracks, or segments. */
export type Space = 'tracks' | 'segments';

/** A stretch of a track that an example names; all of it is 0 to Infinity. */
export type Stretch = { trackId: TrackId; startMs: number; endMs: number };

/** One example: its vector in the space, and what of the library it is. */
export type Example = { vector: Float32Array; stretches: Stretch[]; source: ExampleSource };

/** Where an example's segments are found: rows of a track, or of a file; a tag has none, and a direction is no place. */
export type ExampleSource =
  | { kind: 'track'; trackId: TrackId; segments: number[] | null }
  | { kind: 'file'; file: FileEmbeddings }
  | { kind: 'tag' }
  | { kind: 'direction'; strength: number };

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
 * Mean of `like` less {@link unlikeShare} of the mean of `unlike`, at unit length, and directions by their strength, those of `unlike` the other way; all
 * at unit length again. Zeros where all examples are just what the library is on average.
 * @throws AppError BAD_INPUT when they cancel each other out
 */
export function combine({ like, unlike }: Pick<Query, 'like' | 'unlike'>): Float32Array {
  const places = { like: like.filter(isPlace), unlike: unlike.filter(isPlace) };
  const vector = new Float32Array([...like, ...unlike][0]?.vector.length ?? 0);
  if (places.like.length > 0) addScaled(vector, meanOf(places.like.map((example) => example.vector)), 1);
  if (places.unlike.length > 0) addScaled(vector, meanOf(places.unlike.map((example) => example.vector)), -unlikeShare);
  const isAverage = (example: Example): boolean => lengthOf(example.vector) === 0;
  if (lengthOf(vector) < 1e-6 && ![...places.like, ...places.unlike].every(isAverage)) throw cancelled();
  const query = unit(vector);
  const directions = [...like.map((example) => ({ example, sign: 1 })), ...unlike.map((example) => ({ example, sign: -1 }))];
  for (const { example, sign } of directions)
    if (example.source.kind === 'direction') addScaled(query, example.vector, sign * example.source.strength);
  if (lengthOf(query) < 1e-6 && places.like.length + places.unlike.length < like.length + unlike.length) throw cancelled();
  return unit(query);
}

function isPlace({ source }: Example): boolean {
  return source.kind !== 'direction';
}

function cancelled(): AppError {
  return new AppError('BAD_INPUT', 'These examples cancel each other out: nothing is left to look for. Take one of them away.');
}

type ItemQuestion = { encoderId: EncoderId; item: QueryItem; space: Space };

/** One example's vector. @throws AppError NOT_FOUND, BAD_INPUT */
export async function findExample(sources: QuerySources, question: ItemQuestion): Promise<Example> {
  const { encoderId, item } = question;
  switch (item.kind) {
    case 'track':
    case 'passage':
      return trackExample(sources, question, { startMs: 0, endMs: Infinity, ...item });
    case 'file':
      return fileExample(sources, question, sources.file(item.fileId, encoderId));
    case 'tag':
      return tagExample(sources, encoderId, item.tagId);
    case 'concept':
      return directionExample(await sources.neighbours.direction(encoderId, await sources.concept(encoderId, item)), item.strength);
    case 'neuron':
      return directionExample(neuronDirection(sources, encoderId, item), item.strength);
  }
}

function directionExample(vector: Float32Array, strength: number): Example {
  return { vector, stretches: [], source: { kind: 'direction', strength } };
}

/** The axis of a neuron. @throws AppError BAD_INPUT for one of another space, or that the encoder does not have */
function neuronDirection(
  { store }: QuerySources,
  encoderId: EncoderId,
  { encoderId: own, feature }: { encoderId: EncoderId; feature: number },
): Float32Array {
  const { name, dimensions } = store.encoders.get(encoderId);
  if (own !== encoderId)
    throw new AppError(
      'BAD_INPUT',
      `Neuron ${feature} is one of ${store.encoders.get(own).name}, and the query looks in ${name}. Choose that encoder, or take the neuron away.`,
    );
  if (feature >= dimensions)
    throw new AppError('BAD_INPUT', `${name} has neurons 0 to ${dimensions - 1}; there is no neuron ${feature}. Choose one of those.`);
  const axis = new Float32Array(dimensions);
  axis[feature] = 1;
  return axis;
}

/** The mean of all that a file holds. */
async function fileExample(
  { neighbours, store }: QuerySources,
  { encoderId, space }: ItemQuestion,
  file: FileEmbeddings,
): Promise<Example> {
  const { dimensions } = store.encoders.get(encoderId);
  const vector = await neighbours.centre(encoderId, space, meanOf(rowsOf(file.embeddings, dimensions)));
  return { vector, stretches: [], source: { kind: 'file', file } };
}

/** A track, or the segments of a stretch of it; one that is not indexed yet is what its file holds. */
async function trackExample(sources: QuerySources, question: ItemQuestion, { trackId, startMs, endMs }: Stretch): Promise<Example> {
  const { encoderId, space } = question;
  const { dimensions } = sources.store.encoders.get(encoderId);
  const stretches = [{ trackId, startMs, endMs }];
  const isWhole = question.item.kind === 'track';
  const unindexed = await unindexedOf(sources, encoderId, trackId);
  const embeddings = unindexed?.embeddings ?? embeddingsOf(sources, encoderId, trackId);
  const count = embeddings.length / dimensions;
  const segments = isWhole ? null : segmentsOf(sources, { encoderId, trackId, startMs, endMs, count });
  if (unindexed !== null) {
    const rows = segments === null ? embeddings : Float32Array.from(rowsOf(embeddings, dimensions, segments).flatMap((row) => [...row]));
    return { ...(await fileExample(sources, question, { ...unindexed, embeddings: rows })), stretches };
  }
  const source = { kind: 'track' as const, trackId, segments };
  if (isWhole && space === 'tracks') return { vector: await trackVector(sources, encoderId, trackId), stretches, source };
  const mean = meanOf(segments === null ? rowsOf(embeddings, dimensions) : rowsOf(embeddings, dimensions, segments));
  return { vector: await sources.neighbours.centre(encoderId, space, mean), stretches, source };
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

/** A track's embeddings where the index does not hold them and they can be made at once; null where it does, or where they cannot. */
async function unindexedOf(sources: QuerySources, encoderId: EncoderId, trackId: TrackId): Promise<FileEmbeddings | null> {
  if (sources.unindexed === undefined || sources.store.index.embeddings(encoderId, trackId).length > 0) return null;
  return sources.unindexed(encoderId, trackId);
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
    if (source.kind === 'tag' || source.kind === 'direction') continue;
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
