/** @file All neurons of a space: how each behaves over the library, and the best name that was found for it. */
import { z } from 'zod';
import { encoderIdSchema } from '../ids.ts';
import { featureNumberSchema } from '../listen.ts';

/** What a name was found among: a person's own tags, and fields of the files. */
export const nameKinds = ['tag', 'genre', 'artist', 'album', 'decade'] as const;
export type NameKind = (typeof nameKinds)[number];

export const neuronNameSchema = z.object({
  kind: z.enum(nameKinds),
  name: z.string(),
  /** How well the neuron tells the tracks of that name from the others: area under the curve, 0.5 by chance. */
  auroc: z.number(),
  low: z.number(),
  high: z.number(),
  /** Tracks of that name. */
  tracks: z.int(),
});
/**
 * A name that a neuron earned, with its interval, which is corrected for all names that were tried on the neuron, and for the share of neurons that were named
 * (Benjamini and Yekutieli 2005), each end by itself.
 */
export type NeuronName = z.infer<typeof neuronNameSchema>;

/**
 * `dead`: it gives one number on all segments; `flat`: what it gives hardly differs; `rare`: it does on a handful of segments alone, as neurons of an untrained
 * encoder do that one odd clip has reach far out.
 */
export const neuronStates = ['alive', 'rare', 'flat', 'dead'] as const;
export type NeuronState = (typeof neuronStates)[number];

export const neuronSchema = z.object({
  number: featureNumberSchema,
  /** What it is called by itself, as timbre statistics are; else empty. */
  label: z.string(),
  /** What a listener wrote on it; empty where nobody did. */
  note: z.string(),
  state: z.enum(neuronStates),
  least: z.number(),
  greatest: z.number(),
  mean: z.number(),
  /** Standard deviation over the segments. */
  spread: z.number(),
  /** Share of segments in the upper half of its range. */
  activeShare: z.number(),
  /** Sparseness over segments (Vinje and Gallant 2000): 0 where all give the same, 1 where one alone gives anything. */
  selectivity: z.number(),
  /** Correlation with how loud segments are; null where it cannot be told. */
  loudness: z.number().nullable(),
  /** Segments in equal parts of its range. */
  histogram: z.array(z.int()),
  /** Names that are clear of chance, the best first; none where no name is. */
  names: z.array(neuronNameSchema),
});
export type Neuron = z.infer<typeof neuronSchema>;

export const neuronTableSchema = z.object({
  encoderId: encoderIdSchema,
  tracks: z.int(),
  segments: z.int(),
  /** Names that were tried; each has some tracks, and some others. */
  tried: z.int(),
  /** Whether tracks of one artist counted as one group for the intervals; false where no artists are known. */
  isByArtist: z.boolean(),
  /** So many of the named neurons have a name of chance, on average: a share (the false discovery rate of Benjamini and Hochberg 1995). */
  falseShare: z.number(),
  neurons: z.array(neuronSchema),
});
export type NeuronTable = z.infer<typeof neuronTableSchema>;

const relatedSchema = z.object({ number: featureNumberSchema, correlation: z.number() });

export const relatedNeuronsSchema = z.object({
  /** Neurons that go with it, the most alike first. */
  alike: z.array(relatedSchema),
  /** Neurons that go against it, the most opposite first. */
  opposite: z.array(relatedSchema),
  /** Tracks over whose means they were compared. */
  tracks: z.int(),
});
export type RelatedNeurons = z.infer<typeof relatedNeuronsSchema>;

/** What is looked at. */
export const inspectedThings = ['neurons', 'profile', 'tops', 'factors', 'spectra', 'libraries', 'encoders', 'sound', 'drift'] as const;

export const inspectionSchema = z.object({ encoderId: encoderIdSchema, about: z.enum(inspectedThings), done: z.int(), total: z.int() });
/** How far a look at neurons, or the making of a figure of them, is. */
export type Inspection = z.infer<typeof inspectionSchema>;
