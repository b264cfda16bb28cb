/** @file One neuron in two kinds of music: what it hears most in each, and how alike that sounds. */
import { z } from 'zod';
import { encoderIdSchema, trackIdSchema } from '../ids.ts';
import { featureNumberSchema, heardSegmentSchema } from '../listen.ts';
import { dataSetNameSchema, musicSourceSchema } from './figures.ts';
import { nameKinds } from './neurons.ts';

/** Top segments that are compared, at least and at most. */
export const topBounds = { least: 5, usual: 20, most: 100 } as const;

export const librariesWishSchema = z.strictObject({
  encoderId: encoderIdSchema,
  number: featureNumberSchema,
  sides: z.tuple([musicSourceSchema, musicSourceSchema]),
  /** Top segments of each side. */
  top: z.int().min(topBounds.least).max(topBounds.most).default(topBounds.usual),
});
export type LibrariesWish = z.infer<typeof librariesWishSchema>;

const rangedSchema = z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() });

export const librarySideSchema = z.object({
  name: z.string(),
  tracks: z.int(),
  segments: z.int(),
  /** The data set whose tracks they are, which the player does not have; null for tracks of the library. */
  dataSet: z.string().nullable(),
  /** What the neuron hears most there, the top one first. */
  top: z.array(heardSegmentSchema),
  /** Tracks that these are of. */
  topTracks: z.int(),
  /** Names that more of these tracks bear than chance explains; `count` of `topTracks`, `tracks` of the side's; `probability`: by chance, for all names tried. */
  names: z.array(z.object({ kind: z.enum(nameKinds), name: z.string(), count: z.int(), tracks: z.int(), probability: z.number() })),
});
export type LibrarySide = z.infer<typeof librarySideSchema>;

export const likenessSchema = z.object({
  /** Cosine of what stands out on both sides, -1 to 1; null where nothing does. */
  likeness: rangedSchema.nullable(),
  /** Where 95 % of as many segments drawn by chance lie, and the share of them that are as alike. */
  chance: z.object({ low: z.number(), high: z.number() }).nullable(),
  byChance: z.number().nullable(),
  /** Names of the statistics of timbre, by number; and of both sides by how many deviations each stands out from the side's music. */
  statistics: z.array(z.string()),
  sides: z.tuple([z.array(rangedSchema), z.array(rangedSchema)]),
  /** Numbers of the statistics that sum a sound up: bass, treble, loudness, brightness, dynamics, beat. */
  telling: z.array(z.int()),
});
export type Likeness = z.infer<typeof likenessSchema>;

export const librariesSchema = z.object({
  encoderId: encoderIdSchema,
  number: featureNumberSchema,
  /** What it is called by itself; else empty. */
  label: z.string(),
  sides: z.tuple([librarySideSchema, librarySideSchema]),
  /** Tracks that are in both. */
  shared: z.int(),
  likeness: likenessSchema.nullable(),
  /** Why it is not told how alike they are, as a sentence; empty where it is. */
  missing: z.string(),
});
/** A neuron in two kinds of music (thesis, section 7.5). */
export type Libraries = z.infer<typeof librariesSchema>;

export const dataSetSoundWishSchema = z.strictObject({
  name: dataSetNameSchema,
  trackId: trackIdSchema,
  startMs: z.number().min(0).max(1e9),
  durationMs: z.number().min(1).max(60_000),
});
/** A segment of a data set's track. */
export type DataSetSoundWish = z.infer<typeof dataSetSoundWishSchema>;
