/** @file What Listen is sorted by and which columns stand beside its neurons, and how columns are named in the table. Pure. */
import { segmentColumns } from '../../src-main/contract/index.ts';
import type { ExtraColumn, SegmentColumn, SegmentSort, TagId } from '../../src-main/contract/index.ts';

/** One key of the order: a neuron, what the row is, or a column beside the neurons by its id. */
export type ListenSort = { readonly descending: boolean } & (
  { readonly feature: number } | { readonly column: SegmentColumn } | { readonly extra: string }
);

/** A column beside the neurons. */
export interface ListenExtra {
  readonly id: string;
  readonly name: string;
  /** What it is, in a sentence: `tag “guitar”`. */
  readonly phrase: string;
  readonly column: ExtraColumn;
}

/** Several neurons together, as a column of its own. */
export interface WeightedColumn {
  readonly name: string;
  readonly weights: readonly { readonly feature: number; readonly weight: number }[];
  readonly offset: number;
}

/** Id of the column of several neurons together. */
export const weightedId = 'w';

/** What a row is sorted by, in words. */
export const columnPhrases: Record<SegmentColumn, string> = {
  track: 'track',
  segment: 'number of the segment',
  time: 'time',
  labels: 'label',
};

/** The column id of a feature. */
export function columnOf(feature: number): string {
  return `f${feature}`;
}

/** The feature of a column id; null for the other columns. */
export function featureOf(columnId: string): number | null {
  const match = /^f(\d+)$/.exec(columnId);
  return match === null ? null : Number(match[1]);
}

/** The column id of a tag of the person's own. */
export function tagColumnId(tagId: TagId): string {
  return `t${tagId}`;
}

/** The column id of a tag that came with an encoder: by its name, since another encoder has others in its place. */
export function labelColumnId(label: string): string {
  return `l:${label}`;
}

/** The column that a key of the order is about. */
export function sortedColumn(key: ListenSort): string {
  if ('feature' in key) return columnOf(key.feature);
  return 'column' in key ? key.column : key.extra;
}

/** A column of the table as a key of the order; null for one that nothing is sorted by. */
export function sortOf(columnId: string, descending: boolean): ListenSort | null {
  const feature = featureOf(columnId);
  if (feature !== null) return { feature, descending };
  const column = segmentColumns.find((one) => one === columnId);
  if (column !== undefined) return { column, descending };
  return columnId === 'play' ? null : { extra: columnId, descending };
}

/** The order as the core is asked for it, columns beside the neurons by their place. */
export function askedSort(sort: readonly ListenSort[], extras: readonly ListenExtra[]): SegmentSort[] {
  return sort.flatMap((key): SegmentSort[] => {
    if (!('extra' in key)) return [{ ...key }];
    const extra = extras.findIndex(({ id }) => id === key.extra);
    return extra < 0 ? [] : [{ extra, descending: key.descending }];
  });
}

/** Tags that can stand beside the neurons: a person's own, and those of the head that came with the encoder. */
export interface ColumnTags {
  readonly own: readonly { readonly id: TagId; readonly name: string }[];
  readonly labels: readonly string[] | null;
}

/** Those of some columns that there are; an id whose tag is gone, or of another encoder, is left out. */
export function extrasOf(ids: readonly string[], { own, labels }: ColumnTags): ListenExtra[] {
  return ids.flatMap((id): ListenExtra[] => {
    const tag = own.find((one) => tagColumnId(one.id) === id);
    if (tag !== undefined) return [{ id, name: tag.name, phrase: `tag “${tag.name}”`, column: { kind: 'tag', tagId: tag.id } }];
    const label = labels?.findIndex((one) => labelColumnId(one) === id) ?? -1;
    const name = labels?.[label];
    return name === undefined ? [] : [{ id, name, phrase: `tag “${name}”`, column: { kind: 'label', label } }];
  });
}

/** The column of several neurons together. */
export function weightedExtra({ name, weights, offset }: WeightedColumn): ListenExtra {
  return { id: weightedId, name, phrase: name, column: { kind: 'weighted', weights: weights.map((one) => ({ ...one })), offset } };
}
