/** @file Columns beside a space's neurons: tags with what a person said and what a head says, and several neurons together. */
import { AppError } from '../../base/index.ts';
import { tagValues } from '../../contract/index.ts';
import type { ExtraColumn, SegmentTiming, TagId } from '../../contract/index.ts';
import type { DerivedColumn, Store, StoredEncoder, StoredHead } from '../../store/index.ts';
import { judgedLabel } from '../tagging/label-verdict.ts';
import { LabelTags } from '../tagging/label-tags.ts';
import { answersOn } from './segment-answers.ts';
import type { SegmentAnswers, TrackMarks } from './segment-answers.ts';

/** What a head says of tracks: probabilities `[tracks, labels]`. The same object while it says the same. */
export type HeadOutputs = { trackIds: Int32Array; probabilities: Float32Array; labels: number };

/** What the columns are made from. */
export type ExtraSources = {
  store: Pick<Store, 'tags' | 'heads' | 'index'>;
  answers: SegmentAnswers;
  predictions: { of(head: StoredHead): Promise<HeadOutputs> };
};

/** A head's label. */
type Labelled = { head: StoredHead; label: number };

/** Makes them. @throws AppError NOT_FOUND for a tag that is gone, BAD_INPUT for a label or neuron that the encoder does not have */
export class ExtraColumns {
  readonly #sources: ExtraSources;
  readonly #rows = new WeakMap<HeadOutputs, ReadonlyMap<number, number>>();

  constructor(sources: ExtraSources) {
    this.#sources = sources;
  }

  /** One column of an encoder's table. */
  async of(encoder: StoredEncoder, extra: ExtraColumn, timing: SegmentTiming): Promise<DerivedColumn> {
    if (extra.kind === 'weighted') return weightedColumn(encoder, extra);
    const { tags } = this.#sources.store;
    if (extra.kind === 'tag') {
      const { id } = tags.get(extra.tagId);
      return this.#tagColumn(`tag ${id}`, { tagId: id, learnt: this.#trained(encoder, id), timing });
    }
    const head = this.#heads(encoder).find(({ source }) => source === 'published');
    const label = head?.labels[extra.label];
    if (head === undefined || label === undefined)
      throw new AppError('BAD_INPUT', `${encoder.name} has no tag ${extra.label} that came with it. Choose another column.`);
    const tagId = new LabelTags({ tags }).of(label)?.id ?? null;
    return this.#tagColumn(`label ${extra.label}`, { tagId, learnt: { head, label: extra.label }, timing });
  }

  async #tagColumn(
    name: string,
    { tagId, learnt, timing }: { tagId: TagId | null; learnt: Labelled | null; timing: SegmentTiming },
  ): Promise<DerivedColumn> {
    const { store, answers, predictions } = this.#sources;
    const said: ReadonlyMap<number, TrackMarks> = tagId === null ? new Map() : answers.of(tagId);
    const predicted = learnt === null ? null : await predictions.of(learnt.head);
    const rows = predicted === null ? null : this.#rowsOf(predicted);
    const probability = (trackId: number): number => {
      const row = rows?.get(trackId);
      return row === undefined || predicted === null || learnt === null
        ? NaN
        : (predicted.probabilities[row * predicted.labels + learnt.label] as number);
    };
    const ofTrack = (trackId: number): number | ((segment: number) => number) => {
      const marks = said.get(trackId);
      const otherwise = probability(trackId);
      if (marks === undefined) return otherwise;
      if (marks.passages.length === 0) return marks.whole === null ? otherwise : tagValues[marks.whole];
      const on = answersOn(marks, timing);
      return (segment) => {
        const answer = on(segment);
        return answer === null ? otherwise : tagValues[answer];
      };
    };
    const key = [name, store.tags.revision, learnt?.head.id ?? '', store.index.revision()].join(' ');
    return { kind: 'each', key, ofTrack };
  }

  /** The label that was learnt of a tag, where it is told from chance. */
  #trained(encoder: StoredEncoder, tagId: TagId): Labelled | null {
    const tags = new LabelTags(this.#sources.store);
    const head = this.#heads(encoder).find(({ source }) => source === 'trained');
    const label = head?.labels.findIndex((one) => tags.of(one)?.id === tagId) ?? -1;
    const found = head?.labels[label];
    if (head === undefined || found === undefined || judgedLabel(tags.current(found), head.groupedBy).state !== 'ready') return null;
    return { head, label };
  }

  #heads(encoder: StoredEncoder): StoredHead[] {
    return this.#sources.store.heads.list(encoder.id);
  }

  #rowsOf(predictions: HeadOutputs): ReadonlyMap<number, number> {
    const known = this.#rows.get(predictions) ?? new Map(Array.from(predictions.trackIds, (trackId, row) => [trackId, row]));
    this.#rows.set(predictions, known);
    return known;
  }
}

function weightedColumn(
  { name, dimensions }: StoredEncoder,
  { weights, offset }: Extract<ExtraColumn, { kind: 'weighted' }>,
): DerivedColumn {
  const unknown = weights.find(({ feature }) => feature >= dimensions);
  if (unknown !== undefined)
    throw new AppError(
      'BAD_INPUT',
      `${name} has neurons 0 to ${dimensions - 1}; there is no neuron ${unknown.feature}. Choose those of this encoder.`,
    );
  const counted = weights.filter(({ weight }) => weight !== 0);
  const key = ['weighted', offset, ...counted.map(({ feature, weight }) => `${feature}:${weight}`)].join(' ');
  return { kind: 'weighted', key, weights: counted, offset };
}
