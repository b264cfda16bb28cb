/**
 * @file What there is to learn from: tracks and passages that a person answered for, as embeddings with answers.
 *
 * A yes and a no count whole. A tag says a little about those of its kind that were not answers: a track that was called `mood: sad` and not `mood:
 * rainy` is an example against `rainy`, of half the weight. Nothing is concluded from tracks that carry no tag of a kind at all.
 */
import type { TagId, TrackId } from '../../contract/index.ts';
import type { PlainMark } from '../../store/index.ts';
import type { HeadExamples } from '../processes/head-messages.ts';

/** Weight of an example against a tag that nobody gave, where another tag of its kind was given. */
export const impliedWeight = 0.5;

/** What examples are gathered from. `embedding`: the mean of a track's segments, or of those that overlap a passage; null for what is not indexed. */
export type ExampleSources = {
  tags: readonly { id: TagId; kind: string }[];
  marks: readonly PlainMark[];
  /** A number that tracks of one artist (or album) share. */
  groupOf: (trackId: TrackId) => number;
  embedding: (trackId: TrackId, passage: { startMs: number; endMs: number } | null) => Float32Array | null;
  dimensions: number;
};

/** Examples, and how many of each tag are for it and against it (implied ones among these). */
export type GatheredExamples = { examples: HeadExamples; count: number; counts: { yes: number; no: number }[] };

type Place = { trackId: TrackId; startMs: number | null; endMs: number | null; answers: Map<number, 'yes' | 'no'> };

/** Gathers the answers on each track and passage. */
export function gatherExamples({ tags, marks, groupOf, embedding, dimensions }: ExampleSources): GatheredExamples {
  const columns = new Map(tags.map(({ id }, column) => [id, column]));
  const places = placesOf(marks, columns);
  const elsewhere = acceptedColumns(places);
  const kept: { place: Place; vector: Float32Array }[] = [];
  for (const place of places) {
    const { trackId, startMs, endMs } = place;
    const vector = embedding(trackId, startMs === null || endMs === null ? null : { startMs, endMs });
    if (vector !== null) kept.push({ place, vector });
  }
  const labels = tags.length;
  const examples: HeadExamples = {
    embeddings: new Float32Array(kept.length * dimensions),
    dimensions,
    labels,
    answers: new Uint8Array(kept.length * labels),
    weights: new Float32Array(kept.length * labels),
    groups: Int32Array.from(kept, ({ place }) => groupOf(place.trackId)),
  };
  const counts = tags.map(() => ({ yes: 0, no: 0 }));
  for (const [row, { place, vector }] of kept.entries()) {
    examples.embeddings.set(vector, row * dimensions);
    const kinds = new Set([...place.answers].flatMap(([column, answer]) => (answer === 'yes' ? [tags[column]?.kind ?? ''] : [])));
    for (const [column, { kind }] of tags.entries()) {
      const answer = place.answers.get(column);
      const isImplied = answer === undefined && kinds.has(kind) && elsewhere.get(place.trackId)?.has(column) !== true;
      if (answer === undefined && !isImplied) continue;
      examples.answers[row * labels + column] = answer === 'yes' ? 1 : 0;
      examples.weights[row * labels + column] = isImplied ? impliedWeight : 1;
      const count = counts[column];
      if (count !== undefined) count[answer === 'yes' ? 'yes' : 'no']++;
    }
  }
  return { examples, count: kept.length, counts };
}

function placesOf(marks: readonly PlainMark[], columns: ReadonlyMap<TagId, number>): Place[] {
  const places = new Map<string, Place>();
  for (const { tagId, trackId, startMs, endMs, answer } of marks) {
    const column = columns.get(tagId);
    if (column === undefined) continue;
    const key = `${trackId} ${startMs ?? ''} ${endMs ?? ''}`;
    const place = places.get(key) ?? { trackId, startMs, endMs, answers: new Map<number, 'yes' | 'no'>() };
    place.answers.set(column, answer);
    places.set(key, place);
  }
  return [...places.values()];
}

/** Tags that were put on a track somewhere in it: they are implied against by no other place of it. */
function acceptedColumns(places: readonly Place[]): Map<TrackId, Set<number>> {
  const accepted = new Map<TrackId, Set<number>>();
  for (const place of places) {
    const columns = accepted.get(place.trackId) ?? new Set<number>();
    for (const [column, answer] of place.answers) if (answer === 'yes') columns.add(column);
    accepted.set(place.trackId, columns);
  }
  return accepted;
}
