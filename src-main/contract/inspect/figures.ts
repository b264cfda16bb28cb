/** @file Figures of the thesis’s chapter 7, made of one’s own encoder and library: what they are asked for with, and what they show. */
import { z } from 'zod';
import { encoderIdSchema, folderIdSchema, playlistIdSchema, tagIdSchema } from '../ids.ts';
import { searchSchema } from '../library.ts';
import { featureNumberSchema, heardSegmentSchema } from '../listen.ts';
import { nameKinds } from './neurons.ts';

export const musicPartSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('folder'), folderId: folderIdSchema }),
  z.strictObject({ kind: z.literal('tag'), tagId: tagIdSchema }),
  z.strictObject({ kind: z.literal('playlist'), playlistId: playlistIdSchema }),
  /** Tracks in whose title, artist, album, genre, year or path every word occurs. */
  z.strictObject({ kind: z.literal('search'), search: searchSchema.min(1) }),
]);
/** Some music of the library. */
export type MusicPart = z.infer<typeof musicPartSchema>;

/** The name of a data set's library. */
export const dataSetNameSchema = z
  .string()
  .max(200)
  .regex(/^[a-z0-9-]+$/i);
const dataSetSchema = z.strictObject({ kind: z.literal('data-set'), name: dataSetNameSchema });
export const musicSourceSchema = z.discriminatedUnion('kind', [...musicPartSchema.options, dataSetSchema]);
/** Some music of the library, or a data set that an evaluation has heard. */
export type MusicSource = z.infer<typeof musicSourceSchema>;

export const heardDataSetSchema = z.object({
  name: z.string(),
  /** The data set, and where it lies. */ title: z.string(),
  folder: z.string(),
});
/** A data set that an evaluation has heard. */
export type HeardDataSet = z.infer<typeof heardDataSetSchema>;

const figures = z.array(z.number());

const spreadSchema = z.object({
  mean: figures,
  /** Below these lie a tenth, a half and nine tenths of the segments. */
  low: figures,
  middle: figures,
  high: figures,
});

/** `own`: numbers as neurons give them; `standard`: each neuron less its mean, by its deviation, over all music that is shown. */
export const profileScales = ['own', 'standard'] as const;

export const profileWishSchema = z.strictObject({
  encoderId: encoderIdSchema,
  parts: z.array(musicSourceSchema).min(1).max(2),
  scale: z.enum(profileScales).default('own'),
});
export type ProfileWish = z.infer<typeof profileWishSchema>;

export const profilePartSchema = z.object({
  name: z.string(),
  tracks: z.int(),
  segments: z.int(),
  /** Segments that the figure is made of, spread evenly over all. */
  taken: z.int(),
  /** Neurons in the upper half of a segment’s own range, on average. */
  responding: z.number(),
  /** Sorted within each segment, the strongest neuron first. */
  ranks: spreadSchema,
  /** Of each neuron, by number. */
  neurons: spreadSchema,
});
export type ProfilePart = z.infer<typeof profilePartSchema>;

export const profileSchema = z.object({
  encoderId: encoderIdSchema,
  scale: z.enum(profileScales),
  /** Of each neuron by number, where it has a name of its own; else empty. */
  labels: z.array(z.string()),
  parts: z.array(profilePartSchema),
});
/** How many neurons respond, and how flatly (thesis, Figures 7.4 and 7.5). */
export type Profile = z.infer<typeof profileSchema>;

/** Top segments of each neuron among which names are counted. */
export const occurrenceTops = [10, 100] as const;

export const occurrenceWishSchema = z.strictObject({
  encoderId: encoderIdSchema,
  top: z.union([z.literal(occurrenceTops[0]), z.literal(occurrenceTops[1])]).default(occurrenceTops[0]),
  /** Names of one kind alone; null for all kinds. */
  kind: z.enum(nameKinds).nullable().default(null),
});
export type OccurrenceWish = z.infer<typeof occurrenceWishSchema>;

export const occurrenceSchema = z.object({
  encoderId: encoderIdSchema,
  top: z.int(),
  tracks: z.int(),
  segments: z.int(),
  labels: z.array(z.string()),
  /** `share`: of all segments that are of tracks of that name, 0 to 1. */
  names: z.array(z.object({ kind: z.enum(nameKinds), name: z.string(), tracks: z.int(), share: z.number() })),
  /** `[neurons][names]` */
  counts: z.array(z.array(z.int())),
});
/** How many of each neuron’s top segments bear a name (thesis, Fig. 7.8). */
export type Occurrence = z.infer<typeof occurrenceSchema>;

export const occurrenceCellSchema = z.strictObject({
  encoderId: encoderIdSchema,
  top: z.int().min(1).max(occurrenceTops[1]),
  number: featureNumberSchema,
  kind: z.enum(nameKinds),
  name: z.string().max(1000),
});
export type OccurrenceCell = z.infer<typeof occurrenceCellSchema>;
export const occurrenceSegmentsSchema = z.array(heardSegmentSchema);

/** Most factors that are asked for. */
export const mostFactors = 12;

export const factorsWishSchema = z.strictObject({ encoderId: encoderIdSchema, count: z.int().min(1).max(mostFactors).default(3) });
export type FactorsWish = z.infer<typeof factorsWishSchema>;

export const factorsSchema = z.object({
  encoderId: encoderIdSchema,
  segments: z.int(),
  /** Segments that they were found in, spread evenly over all. */
  taken: z.int(),
  /** Neurons that differ between segments. */
  alive: z.int(),
  labels: z.array(z.string()),
  /**
   * `explained`: share of the variance of the neurons that differ; `loadings`: by neuron; `strongest`: numbers of neurons, by the size of their loadings;
   * `weights` and `offset`: what a segment’s score is made of, by neuron.
   */
  factors: z.array(
    z.object({ explained: z.number(), loadings: figures, strongest: z.array(z.int()), weights: figures, offset: z.number() }),
  ),
});
/** Principal components, turned by varimax (thesis, Fig. 7.6). */
export type Factors = z.infer<typeof factorsSchema>;

export const spectraWishSchema = z.strictObject({ encoderId: encoderIdSchema, /** From 1. */ layer: z.int().min(1).max(64) });
export type SpectraWish = z.infer<typeof spectraWishSchema>;

export const spectraSchema = z.object({
  /** The encoder whose filters they are: where an inner output or a set of tags was asked about, the one that it belongs to. */
  encoderId: encoderIdSchema,
  name: z.string(),
  layer: z.int(),
  /** Layers of which spectra can be made, from 1. */
  layers: z.int(),
  sampleRate: z.int(),
  /** Length of the waves. */
  samples: z.int(),
  /** Sorted by their peaks; magnitudes from 0 Hz to half of the rate, the greatest is 1. */
  lines: z.array(z.object({ filter: z.int(), peakHz: z.number(), magnitudes: figures })),
});
/** What a layer’s filters are excited by (thesis, Figures 7.1 to 7.3). */
export type Spectra = z.infer<typeof spectraSchema>;

export const spectrumWaveWishSchema = spectraWishSchema.extend({ filter: z.int().min(0).max(65535) });
/** `wave`: base64 of float32, full scale is 1. */
export const spectrumWaveSchema = z.object({ sampleRate: z.int(), wave: z.string() });
export type SpectrumWave = z.infer<typeof spectrumWaveSchema>;
