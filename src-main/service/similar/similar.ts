/** @file Music by example as a person asks for it: what is near, why, on the way, and next. */
import { AppError } from '../../base/index.ts';
import type {
  Contribution,
  EncoderId,
  NeighbourStatus,
  PathStep,
  SimilarAnswer,
  SimilarQuery,
  SimilarRow,
  TrackId,
} from '../../contract/index.ts';
import type { TrackSummary } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { ConceptDirections } from './concept-directions.ts';
import { contributionsOf, neuronsOf, ranked, weightsOf, whyOf } from './explain.ts';
import { findPassages } from './find-passages.ts';
import { findTracks } from './find-tracks.ts';
import { Hubs } from './hubs.ts';
import { askPath, askRadio } from './journeys.ts';
import type { Journey, PathWish, RadioWish } from './journeys.ts';
import type { Neighbours } from './neighbours.ts';
import type { SearchContext } from './search-context.ts';
import { QueryFiles } from './query-files.ts';
import { makeQuery } from './query.ts';
import type { QuerySources } from './query.ts';
import { RecordingGroups } from './rank.ts';
import { product, rowOf } from './vectors.ts';

/** What the service asks of the engine besides vectors. */
export type NeighbourStates = { status(encoderId: EncoderId): NeighbourStatus };

/** Use cases of the Similar view. */
export class Similar {
  /** Files that were brought for queries. */
  readonly files: QueryFiles;
  readonly #context: SearchContext;
  readonly #states: NeighbourStates;
  readonly #preparing = new Map<EncoderId, Promise<void>>();
  /** What could not be prepared: the next question says why. */
  readonly #unprepared = new Set<EncoderId>();

  constructor(tools: Pick<Tools, 'store' | 'entries' | 'events'>, neighbours: Neighbours & NeighbourStates) {
    const { store } = tools;
    this.files = new QueryFiles(tools);
    this.#states = neighbours;
    const directions = new ConceptDirections(store);
    const sources: QuerySources = {
      neighbours,
      store,
      file: (...file) => this.files.embeddings(...file),
      unindexed: (...track) => this.files.unindexed(...track),
      concept: (...wish) => directions.of(...wish),
    };
    this.#context = { store, neighbours, hubs: new Hubs(neighbours), sources, recordings: new RecordingGroups() };
  }

  /**
   * Tracks, or passages, like some examples and unlike others, best first, and the neurons that make them so.
   * @throws AppError NOT_FOUND without such an encoder, index, track or file; BAD_INPUT for a query that cannot be asked
   */
  async find(query: SimilarQuery): Promise<SimilarAnswer> {
    const { dimensions } = this.#encoder(query.encoderId);
    const weights = weightsOf(query.weights, dimensions);
    const find = query.level === 'tracks' ? findTracks : findPassages;
    const { considered, found, vector } = await find(this.#context, query, weights);
    const contributions = found.map((one) => contributionsOf(vector, one.vector, weights));
    const tracks = this.#summaries(found);
    const rows = found.flatMap(({ trackId, score, cosine, passage }, i): SimilarRow[] => {
      const track = tracks.get(trackId);
      return track === undefined
        ? []
        : [{ rank: i + 1, score, cosine, ...shown(track), passage, why: whyOf(contributions[i] ?? new Float64Array(0)) }];
    });
    return { considered, rows, neurons: neuronsOf(contributions, query.weights, dimensions), method: this.#method(query) };
  }

  /** Every neuron's contribution to one result, most first; without a segment, to the track's best passage. @throws AppError as `find` */
  async explain({
    query,
    trackId,
    segment,
  }: {
    query: SimilarQuery;
    trackId: TrackId;
    segment?: number | undefined;
  }): Promise<Contribution[]> {
    const { neighbours, sources, store } = this.#context;
    const { dimensions } = this.#encoder(query.encoderId);
    const weights = weightsOf(query.weights, dimensions);
    const { title } = store.tracks.get(trackId, null);
    const isWhole = query.level === 'tracks' && segment === undefined;
    const { vector } = await makeQuery(sources, query, isWhole ? 'tracks' : 'segments');
    const space = await neighbours.trackSpace(query.encoderId);
    const position = space.positionOf(trackId);
    const vectors = isWhole ? new Float32Array(0) : neighbours.segmentVectors(query.encoderId, trackId);
    const count = vectors.length / dimensions;
    const place = segment ?? nearestRow(vectors, vector);
    if (position < 0 || (!isWhole && place >= count))
      throw new AppError('NOT_FOUND', `The encoder has not heard this of “${title}”. Index the library with it, and search again.`);
    const other = isWhole ? space.vector(position) : rowOf(vectors, dimensions, place);
    return ranked(contributionsOf(vector, other, weights));
  }

  /** How far the neighbour index is; one that is not in memory begins to be brought there, so that the first question waits less. @throws AppError NOT_FOUND */
  status(encoderId: EncoderId): NeighbourStatus {
    const { index } = this.#context.store.encoders.get(encoderId);
    const status = this.#states.status(encoderId);
    if (status.state !== 'none' || index === null || index.tracks === 0 || this.#unprepared.has(encoderId)) return status;
    if (!this.#preparing.has(encoderId)) this.#preparing.set(encoderId, this.#prepare(encoderId));
    return { state: 'building', done: 0, total: index.segments };
  }

  /** From one example to another. @throws AppError BAD_INPUT when the ends are one track, or too few tracks lie between; NOT_FOUND */
  async path(wish: PathWish): Promise<PathStep[]> {
    this.#encoder(wish.encoderId);
    return this.#steps(await askPath(this.#context, wish));
  }

  /** The next tracks of an endless list; fewer, or none, when no others pass the filter. @throws AppError NOT_FOUND */
  async radio(wish: RadioWish): Promise<PathStep[]> {
    this.#encoder(wish.encoderId);
    return this.#steps(await askRadio(this.#context, wish));
  }

  /** Ends encodings and deletes files that were brought. */
  async close(): Promise<void> {
    await Promise.all([this.files.close(), ...this.#preparing.values()]);
  }

  async #prepare(encoderId: EncoderId): Promise<void> {
    const { neighbours, hubs } = this.#context;
    try {
      await hubs.trackScales(encoderId, await neighbours.trackSpace(encoderId));
    } catch {
      this.#unprepared.add(encoderId);
    } finally {
      this.#preparing.delete(encoderId);
    }
  }

  #encoder(encoderId: EncoderId): { id: EncoderId; dimensions: number } {
    return this.#context.store.encoders.get(encoderId);
  }

  #method({ encoderId, level, exact }: SimilarQuery): SimilarAnswer['method'] {
    const status = this.#states.status(encoderId);
    return level === 'passages' && !exact && status.state === 'ready' ? status.method : 'exact';
  }

  /** What is shown of the tracks of some results, by number. */
  #summaries(results: readonly { trackId: TrackId }[]): Map<TrackId, TrackSummary> {
    const summaries = this.#context.store.tracks.summaries(results.map(({ trackId }) => trackId));
    return new Map(summaries.map((track) => [track.id, track]));
  }

  #steps(journey: readonly Journey[]): PathStep[] {
    const tracks = this.#summaries(journey);
    return journey.flatMap(({ trackId, score, cosine, vector }, i): PathStep[] => {
      const track = tracks.get(trackId);
      const before = journey[i - 1];
      return track === undefined
        ? []
        : [{ score, cosine, ...shown(track), fromBefore: before === undefined ? null : product(before.vector, vector) }];
    });
  }
}

function shown({ id, title, artist, album, genre, year, durationMs }: TrackSummary): Omit<PathStep, 'score' | 'cosine' | 'fromBefore'> {
  return { trackId: id, title, artist, album, genre, year, durationMs };
}

function nearestRow(matrix: Float32Array, vector: Float32Array): number {
  let [best, greatest] = [0, -Infinity];
  for (let row = 0; row < matrix.length / vector.length; row++) {
    const likeness = product(rowOf(matrix, vector.length, row), vector);
    if (likeness > greatest) [best, greatest] = [row, likeness];
  }
  return best;
}
