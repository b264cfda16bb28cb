/**
 * @file The file that holds all that people made: JSON, for people and programs to read. Tracks, tags and encoders are named once and meant by their
 * place in those lists everywhere else, also within what smart playlists ask. A later version adds fields; a reader passes over those it does not know.
 */
import { z } from 'zod';
import { longestOutputName, poolings } from './encoders.ts';
import { headLabelSchema } from './heads.ts';
import { intervalSchema } from './interval.ts';
import { duplicateRelations } from './similar.ts';
import { markSources, tagAnswers } from './tags.ts';

/** Grows when what a field means changes. */
export const libraryFileVersion = 1;

const place = z.int().min(0);
const text = z.string().max(100_000);

const trackSchema = z.object({
  path: text,
  audioHash: z.string().max(200),
  title: text,
  artist: text,
  album: text,
  durationMs: z.number(),
});

const markSchema = z.object({
  track: place,
  /** Of a passage, in ms from the track's beginning; absent for the whole track. */
  startMs: z.number().min(0).optional(),
  endMs: z.number().min(0).optional(),
  /** `no`: it does not fit; a suggestion that was rejected, or a person's word. */
  answer: z.enum(tagAnswers),
  source: z.enum(markSources),
  at: z.number(),
});

const tagSchema = z.object({ kind: text, name: text, color: z.int().min(0), createdAt: z.number(), marks: z.array(markSchema) });

const measuredSchema = z.object({ atLeast: z.number(), precision: z.number(), low: z.number(), recall: z.number() });

/** The labels of a head as a library keeps them; a head with others has no place. */
export const fileLabelsSchema = z.array(
  headLabelSchema.omit({ beside: true }).extend({ slope: z.number(), offset: z.number(), thresholds: z.array(measuredSchema) }),
);

/** Of what learnt nothing the figures of each label, in the order of labels; absent in files of versions that did not measure it. */
const besideSchema = z.array(
  z.object({
    name: text,
    labels: z.array(z.object({ rocAuc: intervalSchema.nullable(), averagePrecision: intervalSchema.nullable() })).max(4096),
  }),
);

const headSchema = z.object({
  name: text,
  architecture: z.enum(['logistic', 'mlp']),
  groupedBy: z.enum(['artist', 'album']).nullable(),
  examples: z.int(),
  seconds: z.number(),
  createdAt: z.number(),
  settings: z.object({ l2: z.number().nullable(), indexed: z.string(), beside: besideSchema.max(16).readonly().optional() }),
  /** What was learnt of each tag, with its figures. */
  labels: z.array(z.looseObject({ kind: text, name: text })).max(4096),
  /** The weights: a safetensors file in base64. */
  weights: z.string(),
});

const encoderSchema = z.object({
  name: text,
  architecture: text,
  sampleRate: z.int(),
  source: text,
  origin: text,
  /** Hash of names, shapes and values of the weights; the same weights are the same encoder in any library. */
  weightsSha256: z.string().max(200),
  /**
   * Of a feature space: which output of which encoder, by its place in this list. Its hash is empty, so that a version without spaces takes its neurons for
   * nobody's.
   */
  space: z.object({ base: place, output: z.string().min(1).max(longestOutputName), pooling: z.enum(poolings) }).optional(),
  /** What people wrote on its neurons. */
  notes: z.array(z.object({ feature: z.int().min(0), text, updatedAt: z.number() })),
  /** What was trained on people's tags. */
  heads: z.array(headSchema),
});

const playlistSchema = z.object({
  name: text,
  /** In order; empty for a smart playlist. */
  tracks: z.array(place),
  /** What a smart playlist asks; null for a list. */
  smart: z.unknown(),
  createdAt: z.number(),
  updatedAt: z.number(),
});

export const libraryFileSchema = z.object({
  format: z.literal('earmark-library'),
  version: z.int().min(1),
  about: z.string(),
  library: z.string(),
  made: z.string(),
  by: z.string(),
  folders: z.array(text),
  tracks: z.array(trackSchema),
  tags: z.array(tagSchema),
  encoders: z.array(encoderSchema),
  playlists: z.array(playlistSchema),
  /** Groups of tracks that a person marked as no duplicates. */
  notDuplicates: z.array(z.object({ relation: z.enum(duplicateRelations), tracks: z.array(place) })),
  settings: z.record(z.string(), z.unknown()),
  /** How views were left, muted and weighted neurons of Similar among them; taken up only by the very library that they are from. */
  views: z.record(z.string(), z.unknown()),
});
/** See the file's header. */
export type LibraryFile = z.infer<typeof libraryFileSchema>;

/** Any file of this format, of whatever version. */
export const anyLibraryFileSchema = z.object({ format: z.literal('earmark-library'), version: z.int() });
