/** @file The listening experiment: segments as rows, features as columns. Spijkervet 2021 (MSc thesis), section 7.4, Fig. 7.7. */
import { z } from 'zod';
import { encoderIdSchema, trackIdSchema } from './ids.ts';
import { searchSchema } from './library.ts';

/** Bars of the small waveform in a row. */
export const waveformBars = 24;

export const featureNumberSchema = z.int().min(0).max(65535);

export const segmentQuerySchema = z.strictObject({
  encoderId: encoderIdSchema,
  /** Columns whose values are wanted, in this order; may be empty. */
  features: z.array(featureNumberSchema).max(4096),
  /** First key, then second. None: the library's order (artist, album, track, segment). */
  sort: z.array(z.strictObject({ feature: featureNumberSchema, descending: z.boolean() })).max(2),
  /** Every word must occur in the track's title, artist, album, genre, year or path. */
  search: searchSchema,
  trackId: trackIdSchema.optional(),
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
  /** Genre and the file's tags. */
  labels: z.array(z.string()),
});
export type SegmentRow = z.infer<typeof segmentRowSchema>;

export const segmentPageSchema = z.object({
  total: z.int(),
  rows: z.array(segmentRowSchema),
  /** Base64 of float32 `[rows, features]`. */
  values: z.string(),
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
