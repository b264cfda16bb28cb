/** @file The columns of the table of segments: what identifies a row, then one column a feature. */
import { decimalsFor, formatDuration, shownName } from '../../lib/format.ts';
import { heatLevel } from '../../lib/heat.ts';
import type { SegmentItem } from '../../lib/segment-blocks.ts';
import { withWidths } from '../../ui/grid/index.ts';
import type { GridColumn, GridSort } from '../../ui/grid/index.ts';
import { rangeOf } from '../../state/features.svelte.ts';
import type { FeatureRanges, ValueRange } from '../../state/features.svelte.ts';
import type { FeatureSort } from '../../state/listen-choice.svelte.ts';

/** A feature's column is this wide, or the second figure when it has a note. */
const featurePx = { plain: 76, noted: 116 };
/** A digit of the table's type, and what lies around a number. */
const digitPx = 7.6;
const aroundPx = 18;
/** A letter of a tag in a header, and the room for padding and the order's arrow. */
const letterPx = 8;
const aroundNamePx = 36;
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

/** The column id of a feature. */
export function columnOf(feature: number): string {
  return `f${feature}`;
}

/** The feature of a column id; null for the other columns. */
export function featureOf(columnId: string): number | null {
  const match = /^f(\d+)$/.exec(columnId);
  return match === null ? null : Number(match[1]);
}

/** The columns that say what a row is. */
export function rowColumns(widths: Readonly<Record<string, number>>): GridColumn<SegmentItem>[] {
  const columns: GridColumn<SegmentItem>[] = [
    { id: 'play', title: 'Play', widthPx: 100, pinned: true, custom: true, movable: false, text: () => '' },
    {
      id: 'track',
      title: 'Track',
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
      description: 'Number of the segment in its track, from 0',
      widthPx: 52,
      pinned: true,
      align: 'end',
      text: (row) => String(row.segment),
    },
    {
      id: 'time',
      title: 'Time',
      description: 'Where in the track the segment begins',
      widthPx: 60,
      pinned: true,
      align: 'end',
      text: (row) => formatDuration(row.startMs),
    },
    {
      id: 'labels',
      title: 'Labels',
      description: 'Genre and the file’s tags',
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
      text: (_, index) => value(index, feature)?.toFixed(decimals),
      heat: (_, index) => heatLevel(value(index, feature) ?? 0, least, most),
    };
  });
}

/** Characters of the longest number of a feature. */
function longestNumber({ least, most }: ValueRange, decimals: number): number {
  return Math.max(least.toFixed(decimals).length, most.toFixed(decimals).length);
}

/** The order as the table's columns know it, and back. */
export function toGridSort(sort: readonly FeatureSort[]): GridSort[] {
  return sort.map(({ feature, descending }) => ({ id: columnOf(feature), descending }));
}

/** The order as the core knows it. */
export function fromGridSort(sort: readonly GridSort[]): FeatureSort[] {
  return sort.flatMap(({ id, descending }) => {
    const feature = featureOf(id);
    return feature === null ? [] : [{ feature, descending }];
  });
}
