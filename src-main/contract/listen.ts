/** @file The listening experiment: segments as rows, features as columns. Spijkervet 2021 (MSc thesis), section 7.4, Fig. 7.7. */
import { z } from 'zod';
import { encoderIdSchema, folderIdSchema, playlistIdSchema, tagIdSchema, trackIdSchema } from './ids.ts';
import { searchSchema } from './library.ts';

/** Bars of the small waveform in a row. */
export const waveformBars = 24;

export const featureNumberSchema = z.int().min(0).max(65535);

/** What a row is, as far as segments are sorted by it: its track's title, its number, when it begins, its track's genre. */
export const segmentColumns = ['track', 'segment', 'time', 'labels'] as const;
export type SegmentColumn = (typeof segmentColumns)[number];

/** Most neurons of a column of several together. */
const mostWeighted = 65_536;

export const extraColumnSchema = z.discriminatedUnion('kind', [
  /** A tag of a person's own; see {@link tagValues}. */
  z.strictObject({ kind: z.literal('tag'), tagId: tagIdSchema }),
  /** A tag of the head that came with the encoder, by its number there. */
  z.strictObject({ kind: z.literal('label'), label: featureNumberSchema }),
  /** The sum of neurons by their weights, and an offset: a factor's score. */
  z.strictObject({
    kind: z.literal('weighted'),
    weights: z.array(z.strictObject({ feature: featureNumberSchema, weight: z.number() })).max(mostWeighted),
    offset: z.number(),
  }),
]);
/** A column beside the features. */
export type ExtraColumn = z.infer<typeof extraColumnSchema>;

/** Most of them at once. */
export const mostExtras = 64;

/** What a tag's column holds besides a head's probability, 0 to 1, for the track: what a person said of the track or the passage. NaN: nobody knows. */
export const tagValues = { yes: 2, no: -1 } as const;

export const segmentFilterSchema = z.strictObject({
  /** Below one of these; below any when empty. */
  folderIds: z.array(folderIdSchema).max(1000).default([]),
  /** Carries all of these, as a whole or where the segment lies. */
  tagIds: z.array(tagIdSchema).max(100).default([]),
  /** In one of these; in any or none when empty. */
  playlistIds: z.array(playlistIdSchema).max(100).default([]),
});
/** Which tracks, and which passages of them, segments are of. */
export type SegmentFilter = z.infer<typeof segmentFilterSchema>;

const descending = z.boolean();
export const segmentSortSchema = z.union([
  z.strictObject({ feature: featureNumberSchema, descending }),
  z.strictObject({ column: z.enum(segmentColumns), descending }),
  /** One of the question's extra columns, by its place there. */
  z.strictObject({
    extra: z
      .int()
      .min(0)
      .max(mostExtras - 1),
    descending,
  }),
]);
/** One key of an order of segments. */
export type SegmentSort = z.infer<typeof segmentSortSchema>;

/** Most segments of one track that may be asked for as "at most so many". */
export const mostPerTrack = 1000;

export const segmentQuerySchema = z.strictObject({
  encoderId: encoderIdSchema,
  /** Columns whose values are wanted, in this order; may be empty. */
  features: z.array(featureNumberSchema).max(4096),
  /** First key, then second. None: the library's order (artist, album, track, segment). */
  sort: z.array(segmentSortSchema).max(2),
  /** Every word must occur in the track's title, artist, album, genre, year or path, or in the name of a tag that it carries. */
  search: searchSchema,
  trackId: trackIdSchema.optional(),
  filter: segmentFilterSchema.optional(),
  /** Of each track the first of the order alone, so many at most. */
  perTrack: z.int().min(1).max(mostPerTrack).optional(),
  /** Columns besides the features whose values are wanted. */
  extras: z.array(extraColumnSchema).max(mostExtras).optional(),
  offset: z.int().min(0),
  limit: z.int().min(0).max(1000),
});
export type SegmentQuery = z.infer<typeof segmentQuerySchema>;

export const segmentRowSchema = z.object({
  /** Stable while the index is: identifies the row when the order changes. */
  row: z.int(),
  trackId: trackIdSchema,
  title: z.string(),
  artist: z.string(),
  /** Number of the segment in its track, from 0. */
  segment: z.int(),
  startMs: z.number(),
  durationMs: z.number(),
  /** Genre, the file's tags, and in pages of the table the person's own. */
  labels: z.array(z.string()),
});
export type SegmentRow = z.infer<typeof segmentRowSchema>;

export const segmentPageSchema = z.object({
  total: z.int(),
  /** Tracks that they are of. */
  tracks: z.int(),
  rows: z.array(segmentRowSchema),
  /** Base64 of float32 `[rows, features]`. */
  values: z.string(),
  /** Base64 of float32 `[rows, extras]`. */
  extras: z.string(),
  /** Base64 of bytes `[rows, waveformBars]`, 255 = full scale. */
  waveforms: z.string(),
});
export type SegmentPage = z.infer<typeof segmentPageSchema>;

export const featureSummarySchema = z.object({
  dimensions: z.int(),
  segments: z.int(),
  /** Base64 of float32 `[dimensions]`. */
  minima: z.string(),
  maxima: z.string(),
  means: z.string(),
});
/** Per feature over all segments: the range of its values, for the heat behind the numbers. */
export type FeatureSummary = z.infer<typeof featureSummarySchema>;

export const featureProfileSchema = z.object({
  hopMs: z.number(),
  segmentMs: z.number(),
  /** Base64 of float32, one value a segment. */
  values: z.string(),
});
/** One feature's activation over a track's time. */
export type FeatureProfile = z.infer<typeof featureProfileSchema>;

export const featureNoteSchema = z.object({ feature: featureNumberSchema, text: z.string() });
/** What a listener wrote on a feature. */
export type FeatureNote = z.infer<typeof featureNoteSchema>;

export const heardSegmentSchema = segmentRowSchema.extend({ activation: z.number() });
/** A segment, and what a neuron gives on it. */
export type HeardSegment = z.infer<typeof heardSegmentSchema>;

export const clearNeuronSchema = z.object({
  feature: z.int(),
  /** How clearly it parts tracks, 0 to 1. */
  clarity: z.number(),
  /** Segments of different tracks on which it is great, the greatest track first. */
  top: z.array(heardSegmentSchema),
  /** And on which it is small, the smallest first. */
  bottom: z.array(heardSegmentSchema),
});
export type ClearNeuron = z.infer<typeof clearNeuronSchema>;

export const clearestNeuronsSchema = z.object({
  /** Tracks with sound that were looked at: a sample of the index. */
  tracks: z.int(),
  /** The clearest first; fewer than asked for where no others are clear. */
  neurons: z.array(clearNeuronSchema),
  /** Why there are none, as a sentence; empty where there are some. */
  says: z.string(),
});
/** Neurons that are worth hearing first: they have a clear sound, and differ from each other. */
export type ClearestNeurons = z.infer<typeof clearestNeuronsSchema>;

/** How many of them may be asked for. */
export const mostClearest = 32;

/** Longest note on a feature, in characters. */
export const noteLength = 2000;
