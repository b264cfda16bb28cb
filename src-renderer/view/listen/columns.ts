/** @file The columns of the table of segments: what identifies a row, then one column a feature, then tags and the like. */
import { tagValues } from '../../../src-main/contract/index.ts';
import { withMinus } from '../../lib/figures.ts';
import { decimalsFor, formatDuration, shownName } from '../../lib/format.ts';
import { heatLevel } from '../../lib/heat.ts';
import { columnOf, sortedColumn, sortOf } from '../../lib/listen-columns.ts';
import type { ListenExtra, ListenSort } from '../../lib/listen-columns.ts';
import type { SegmentItem } from '../../lib/segment-blocks.ts';
import { withWidths } from '../../ui/grid/index.ts';
import type { GridColumn, GridSort } from '../../ui/grid/index.ts';
import { rangeOf } from '../../state/features.svelte.ts';
import type { FeatureRanges, ValueRange } from '../../state/features.svelte.ts';

/** A feature's column is this wide, or the second figure when it has a note. */
const featurePx = { plain: 76, noted: 116 };
/** A digit of the table's type, and what lies around a number. */
const digitPx = 7.6;
const aroundPx = 18;
/** A letter of a tag in a header, and the room for padding and the order's arrow. */
const letterPx = 8;
const aroundNamePx = 36;
const mostNamePx = 200;
/** A letter of what a feature is called, below its number. */
const smallPx = 6.3;

const unknownRange: ValueRange = { least: 0, most: 0 };

/** What feature columns are made from. */
export interface FeatureColumns {
  readonly features: readonly number[];
  readonly widths: Readonly<Record<string, number>>;
  readonly ranges: FeatureRanges | null;
  readonly isOneScale: boolean;
  readonly note: (feature: number) => string;
  /** What a feature is called by itself, where it has a name. */
  readonly name?: (feature: number) => string;
  /** Names of the columns where they are tags. */
  readonly labels: readonly string[] | null;
  readonly value: (index: number, feature: number) => number | undefined;
}

/** The columns that say what a row is. */
export function rowColumns(widths: Readonly<Record<string, number>>): GridColumn<SegmentItem>[] {
  const columns: GridColumn<SegmentItem>[] = [
    { id: 'play', title: 'Play', widthPx: 100, pinned: true, custom: true, movable: false, text: () => '' },
    {
      id: 'track',
      title: 'Track',
      sorts: 'ascending-first',
      widthPx: 224,
      grows: 3,
      leastPx: 80,
      pinned: true,
      custom: true,
      isName: true,
      text: (row) => shownName(row.title),
    },
    {
      id: 'segment',
      title: 'Seg.',
      sorts: 'ascending-first',
      description: 'Number of the segment in its track, from 0',
      widthPx: 52,
      pinned: true,
      align: 'end',
      text: (row) => String(row.segment),
    },
    {
      id: 'time',
      title: 'Time',
      sorts: 'ascending-first',
      description: 'Where in the track the segment begins',
      widthPx: 60,
      pinned: true,
      align: 'end',
      text: (row) => formatDuration(row.startMs),
    },
    {
      id: 'labels',
      title: 'Labels',
      sorts: 'ascending-first',
      description: 'Genre, the file’s tags, and your own',
      widthPx: 136,
      grows: 2,
      leastPx: 60,
      text: (row) => row.labels.join(', '),
    },
  ];
  return withWidths(columns, widths);
}

/** One column a feature. */
export function featureColumns(made: FeatureColumns): GridColumn<SegmentItem>[] {
  const { ranges, isOneScale, note, name: nameOf = () => '', value } = made;
  return made.features.map((feature) => {
    const id = columnOf(feature);
    const text = note(feature) || nameOf(feature);
    const textPx = note(feature) !== '' ? featurePx.noted : text === '' ? featurePx.plain : Math.ceil(text.length * smallPx) + aroundPx;
    const name = made.labels?.[feature];
    const phrase = name === undefined ? `Neuron ${feature}` : `Tag “${name}”`;
    const namePx = name === undefined ? 0 : Math.ceil(name.length * letterPx) + aroundNamePx;
    const own = (ranges === null ? null : rangeOf(ranges, feature)) ?? unknownRange;
    const { least, most } = isOneScale && ranges !== null ? ranges.all : own;
    const decimals = decimalsFor(own.least, own.most);
    const numberPx = Math.ceil(longestNumber(own, decimals) * digitPx) + aroundPx;
    return {
      id,
      title: name ?? String(feature),
      description: text === '' ? phrase : `${phrase}: ${text}`,
      widthPx: made.widths[id] ?? Math.max(textPx, numberPx, namePx),
      leastPx: 56,
      grows: made.widths[id] === undefined ? 0.5 : 0,
      align: 'end',
      sorts: 'descending-first',
      text: (_, index) => written(value(index, feature), decimals),
      heat: (_, index) => heatLevel(value(index, feature) ?? 0, least, most),
    };
  });
}

/** Characters of the longest number of a feature. */
function longestNumber({ least, most }: ValueRange, decimals: number): number {
  return Math.max(least.toFixed(decimals).length, most.toFixed(decimals).length);
}

/** From the least to the largest value of what has mean 0 and deviation 1, as far as colours tell it apart. */
const standardRange: ValueRange = { least: -3, most: 3 };

/** A column for each of those beside the features. @param value NaN where nobody knows, undefined while it is on its way */
export function extraColumns(
  extras: readonly ListenExtra[],
  { widths, value }: { widths: Readonly<Record<string, number>>; value: (index: number, id: string) => number | undefined },
): GridColumn<SegmentItem>[] {
  return extras.map(({ id, name, column }) => {
    const isTag = column.kind !== 'weighted';
    const namePx = Math.ceil(name.length * letterPx) + aroundNamePx;
    const { least, most } = isTag ? { least: 0, most: 1 } : standardRange;
    return {
      id,
      title: name,
      description: isTag ? `Tag “${name}”: yes or no where you said so, else its probability for the track` : name,
      widthPx: widths[id] ?? Math.min(mostNamePx, Math.max(featurePx.plain, namePx)),
      leastPx: 56,
      grows: widths[id] === undefined ? 0.5 : 0,
      align: 'end',
      sorts: 'descending-first',
      text: (_, index) => (isTag ? tagText(value(index, id)) : written(value(index, id), 2)),
      heat: (_, index) => heatLevel(value(index, id) ?? NaN, least, most),
    };
  });
}

/** What a tag's column says of a segment; empty where nobody knows. */
function tagText(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value === tagValues.yes) return 'yes';
  if (value === tagValues.no) return 'no';
  return Number.isNaN(value) ? '' : value.toFixed(2);
}

function written(value: number | undefined, decimals: number): string | undefined {
  return value === undefined ? undefined : withMinus(value.toFixed(decimals));
}

/** The order as the table's columns know it, and back. */
export function toGridSort(sort: readonly ListenSort[]): GridSort[] {
  return sort.map((key) => ({ id: sortedColumn(key), descending: key.descending }));
}

/** The order as Listen keeps it. */
export function fromGridSort(sort: readonly GridSort[]): ListenSort[] {
  return sort.flatMap(({ id, descending }) => sortOf(id, descending) ?? []);
}
