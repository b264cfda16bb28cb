/** @file What heads suggest, and what a person answers. */
import { AppError, breather, countOf, defined } from '../../base/index.ts';
import { SegmentTimes } from '../../contract/index.ts';
import type { Change, HeadId, MarkTarget, Question, Suggestion, TagAnswer, TagId, Threshold, TrackId } from '../../contract/index.ts';
import { tagLabel } from '../../store/index.ts';
import type { StoredHead, StoredLabel } from '../../store/index.ts';
import { timingOf } from '../listening/listening.ts';
import type { Tools } from '../tools.ts';
import { Answers } from './answers.ts';
import { chooseQuestions } from './ask.ts';
import type { HeadMaker, TagHeads } from './heads.ts';
import { LabelTags, removedTag } from './label-tags.ts';
import { judgedLabel } from './label-verdict.ts';
import { calibrated } from './predictions.ts';
import type { HeadPredictions } from './predictions.ts';

/** A label of a head. */
export type LabelPlace = { headId: HeadId; label: number };

/** A page of suggestions. */
export type SuggestionQuery = LabelPlace & { offset: number; limit: number; atLeast: number; includeAnswered: boolean };

/** Segments shown that speak for a suggestion. */
const shownSegments = 3;
/** Steps of the threshold's scale. */
const thresholdSteps = 50;

type Parts = { tools: Tools; maker: HeadMaker; heads: TagHeads; predictions: HeadPredictions };
type Placed = { row: number; trackId: TrackId; probability: number };

/** Use cases of suggestions. */
export class Suggesting {
  readonly #parts: Parts;
  readonly #answers: Answers;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#answers = new Answers(parts.tools.store);
  }

  /** Tracks by their probability. @throws AppError NOT_FOUND, BAD_INPUT for a label that the head does not have */
  async tracks({ offset, limit, ...query }: SuggestionQuery): Promise<{ total: number; rows: Suggestion[] }> {
    const { head, label } = this.#label(query);
    const found = await this.#above(head, label, query);
    const page = found.slice(offset, offset + limit);
    return { total: found.length, rows: await this.#suggestions(head, label, page) };
  }

  /** What accepting everything above each probability would mean. */
  async thresholds(place: LabelPlace): Promise<Threshold[]> {
    const { head, label } = this.#label(place);
    const open = await this.#above(head, label, { atLeast: 0, includeAnswered: false });
    return Array.from({ length: thresholdSteps - 1 }, (_, i): Threshold => {
      const atLeast = (i + 1) / thresholdSteps;
      const measured = label.thresholds.find((one) => one.atLeast >= atLeast);
      const { precision, low, recall } = measured ?? { precision: null, low: null, recall: null };
      const isClear = low === null || low > (label.chance ?? 0);
      return { atLeast, precision, low, recall, isClear, tracks: open.filter(({ probability }) => probability >= atLeast).length };
    });
  }

  /** Accepts or rejects. @returns the change that can be taken back */
  async answer(place: LabelPlace, trackIds: readonly TrackId[], answer: TagAnswer): Promise<Change | null> {
    // Answers are what helps a tag that cannot be told yet.
    const { head, label } = this.#label(place, { mayBeUnclear: true });
    const { store, events } = this.#parts.tools;
    const targets = trackIds.map((trackId): MarkTarget => ({ trackId }));
    const name = tagLabel(this.#tags.current(label));
    const many = countOf(trackIds.length, 'track');
    const title = answer === 'yes' ? `“${name}” accepted for ${many}` : `“${name}” rejected for ${many}`;
    const tagOf = this.#tagMaker(label);
    const answering = function* (): Generator<void, void> {
      yield* store.tags.marking({ tagIds: [tagOf()], targets, answer, source: 'suggestion' });
    };
    const change = await store.tags.asOneInSteps(title, answering, breather());
    if (change !== null) events.emit({ type: 'tags.changed' });
    if (change !== null) events.emit({ type: 'heads.changed', encoderId: head.encoderId });
    return change;
  }

  /** Accepts every unanswered track at or above a probability. */
  async acceptAbove({ atLeast, ...place }: LabelPlace & { atLeast: number }): Promise<{ change: Change | null; tracks: number }> {
    const { head, label } = this.#label(place);
    const found = await this.#above(head, label, { atLeast, includeAnswered: false });
    if (found.length === 0) return { change: null, tracks: 0 };
    const change = await this.answer(
      place,
      found.map(({ trackId }) => trackId),
      'yes',
    );
    return { change, tracks: found.length };
  }

  /** The tracks whose answer would teach most, over all labels that were learnt or those named. */
  async ask({ headId, labels, count }: { headId: HeadId; labels?: readonly number[] | undefined; count: number }): Promise<Question[]> {
    const head = this.#parts.tools.store.heads.get(headId);
    const predictions = await this.#parts.predictions.of(head);
    const wanted = head.labels.flatMap((_, label) => (labels === undefined || labels.includes(label) ? [label] : []));
    const candidates = [];
    for (const number of wanted) {
      const label = head.labels[number];
      if (label?.state !== 'ready') continue;
      const open = await this.#above(head, label, { atLeast: 0, includeAnswered: false });
      candidates.push(...open.map(({ row, probability }) => ({ row, label: number, probability })));
    }
    const chosen = chooseQuestions(candidates, { ...predictions, count });
    const questions: Question[] = [];
    for (const { row, label: number, probability } of chosen) {
      const label = defined(head.labels[number], 'a label');
      const place = { row, probability, trackId: predictions.trackIds[row] as TrackId };
      const [suggestion] = await this.#suggestions(head, label, [place]);
      if (suggestion === undefined) continue;
      const { tagId, kind, name } = this.#tags.current(label);
      questions.push({ ...suggestion, label: number, tagId, kind, name });
    }
    return questions;
  }

  #label({ headId, label: number }: LabelPlace, { mayBeUnclear = false } = {}): { head: StoredHead; label: StoredLabel } {
    const head = this.#parts.tools.store.heads.get(headId);
    const label = head.labels[number];
    if (label === undefined)
      throw new AppError('BAD_INPUT', `${head.name} has no label ${number}.`, { details: { headId, label: number } });
    const { state, message } = judgedLabel(this.#tags.current(label), head.groupedBy);
    if (state === 'unclear' && !mayBeUnclear) throw new AppError('BAD_INPUT', message, { details: { headId, label: number } });
    if (label.state === 'ready') return { head, label };
    throw new AppError('BAD_INPUT', `“${label.name}” was not learnt. ${label.message}`, { details: { headId, label: number } });
  }

  /** The tag that a label stands for; a published label's is made when it is first put on a track. @throws AppError NOT_FOUND for one that was removed */
  #tagMaker(label: StoredLabel): () => TagId {
    const { store } = this.#parts.tools;
    const tag = this.#tags.of(label);
    if (tag !== null) return () => tag.id;
    if (label.tagId !== null) throw removedTag(label);
    const { kind, name } = label;
    return () => store.tags.create({ kind, name, isTyped: kind === '' }).tag.id;
  }

  get #tags(): LabelTags {
    return new LabelTags(this.#parts.tools.store);
  }

  #answersOf(label: StoredLabel): ReturnType<Answers['of']> {
    return this.#answers.of(this.#tags.of(label)?.id ?? null);
  }

  async #above(head: StoredHead, label: StoredLabel, query: { atLeast: number; includeAnswered: boolean }): Promise<Placed[]> {
    const column = head.labels.indexOf(label);
    const { trackIds, probabilities, labels } = await this.#parts.predictions.of(head);
    const order = await this.#parts.predictions.order(head, column);
    const answers = this.#answersOf(label);
    const found: Placed[] = [];
    for (const row of order) {
      const probability = probabilities[row * labels + column] as number;
      if (probability < query.atLeast) break;
      const trackId = trackIds[row] as TrackId;
      if (query.includeAnswered || !answers.has(trackId)) found.push({ row, trackId, probability });
    }
    return found;
  }

  async #suggestions(head: StoredHead, label: StoredLabel, page: readonly Placed[]): Promise<Suggestion[]> {
    const { store } = this.#parts.tools;
    const answers = this.#answersOf(label);
    const rows: Suggestion[] = [];
    for (const { trackId, probability } of page) {
      const { title, artist, album, durationMs } = store.tracks.get(trackId, head.encoderId);
      const segments = await this.#segments(head, label, trackId);
      rows.push({ trackId, title, artist, album, durationMs, probability, answer: answers.get(trackId) ?? null, segments });
    }
    return rows;
  }

  /** The segments on which a label is most probable; the calibration is that of whole tracks. */
  async #segments(head: StoredHead, label: StoredLabel, trackId: TrackId): Promise<Suggestion['segments']> {
    const { store } = this.#parts.tools;
    const encoder = store.encoders.get(head.encoderId);
    const timing = timingOf(encoder, store.index.current(encoder.id)?.hopSamples ?? encoder.cropSamples);
    const probabilities = await this.#segmentProbabilities(head, head.labels.indexOf(label), trackId);
    const times = new SegmentTimes(timing, probabilities.length);
    const best = probabilities.map((probability, segment) => ({ segment, probability })).sort((a, b) => b.probability - a.probability);
    return best
      .slice(0, shownSegments)
      .map(({ segment, probability }) => ({ segment, startMs: times.startOf(segment), durationMs: times.segmentMs, probability }));
  }

  async #segmentProbabilities(head: StoredHead, column: number, trackId: TrackId): Promise<number[]> {
    const { store } = this.#parts.tools;
    if (head.source === 'published') {
      const set = store.encoders.tagSetOf(head.encoderId);
      return set === null ? [] : [...store.index.profile(set.id, trackId, column)];
    }
    const weights = await this.#parts.heads.weights(head);
    const logits = await this.#parts.maker.predict(weights, store.index.embeddings(head.encoderId, trackId));
    const labels = head.labels.length;
    const all = calibrated(head, logits);
    return Array.from({ length: all.length / labels }, (_, segment) => all[segment * labels + column] ?? 0);
  }
}
