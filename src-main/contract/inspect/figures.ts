/** @file Figures of the thesis’s chapter 7, made of one’s own encoder and library: what they are asked for with, and what they show. */
import { z } from 'zod';
import { encoderIdSchema, folderIdSchema, tagIdSchema } from '../ids.ts';
import { searchSchema } from '../library.ts';

export const musicPartSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('folder'), folderId: folderIdSchema }),
  z.strictObject({ kind: z.literal('tag'), tagId: tagIdSchema }),
  /** Tracks in whose title, artist, album, genre, year or path every word occurs. */
  z.strictObject({ kind: z.literal('search'), search: searchSchema.min(1) }),
]);
/** Some music of the library. */
export type MusicPart = z.infer<typeof musicPartSchema>;

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
  parts: z.array(musicPartSchema).min(1).max(2),
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
