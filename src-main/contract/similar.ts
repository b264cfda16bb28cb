/** @file Music by example: queries of tracks, passages, files and tags; why a result is near; paths, radio and duplicates. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { encoderIdSchema, folderIdSchema, jobIdSchema, tagIdSchema, trackIdSchema } from './ids.ts';
import { searchSchema } from './library.ts';
import { featureNumberSchema } from './listen.ts';

/** A file that was brought to the core for a query; forgotten when the core ends. */
export const queryFileIdSchema = z.int().positive().brand<'QueryFileId'>();
export type QueryFileId = z.infer<typeof queryFileIdSchema>;

/** How long a direction is, where the other examples together have length 1. */
export const mostStrength = 4;
/** Turns a query by about 27 degrees. */
export const usualStrength = 0.5;
const strength = z.number().positive().max(mostStrength).default(usualStrength);

export const queryItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('track'), trackId: trackIdSchema }),
  /** The segments that overlap a stretch of a track. */
  z.strictObject({ kind: z.literal('passage'), trackId: trackIdSchema, startMs: z.number().min(0), endMs: z.number().positive() }),
  z.strictObject({ kind: z.literal('file'), fileId: queryFileIdSchema }),
  /** What carries a tag, together. */
  z.strictObject({ kind: z.literal('tag'), tagId: tagIdSchema }),
  /** What a concept stands for, as a direction that is added to the other examples; `encoderId`: the concepts', which were learnt of the query's space. */
  z.strictObject({ kind: z.literal('concept'), encoderId: encoderIdSchema, concept: featureNumberSchema, strength }),
  /** A neuron of the query's space, which is named so that no other space's is meant, as a direction. */
  z.strictObject({ kind: z.literal('neuron'), encoderId: encoderIdSchema, feature: featureNumberSchema, strength }),
]);
/** One example of a query. */
export type QueryItem = z.infer<typeof queryItemSchema>;

const range = z.strictObject({ least: z.number().optional(), most: z.number().optional() });

export const trackFilterSchema = z.strictObject({
  search: searchSchema.default(''),
  /** Carries all of these. */
  tagIds: z.array(tagIdSchema).max(1000).default([]),
  /** Carries none of these. */
  withoutTagIds: z.array(tagIdSchema).max(1000).default([]),
  /** One of these, as the table of tracks shows them; any when empty. */
  genres: z.array(z.string().max(1000)).max(1000).default([]),
  year: range.default({}),
  durationMs: range.default({}),
  folderId: folderIdSchema.optional(),
});
/** Which tracks may be among the results. */
export type TrackFilter = z.infer<typeof trackFilterSchema>;

export const neuronWeightSchema = z.strictObject({ feature: featureNumberSchema, weight: z.number().min(0).max(4) });
/** How much a neuron counts: 0 mutes it, 1 leaves it as it is. */
export type NeuronWeight = z.infer<typeof neuronWeightSchema>;

export const similarQuerySchema = z.strictObject({
  encoderId: encoderIdSchema,
  like: z.array(queryItemSchema).min(1).max(200),
  unlike: z.array(queryItemSchema).max(200).default([]),
  /** Whole tracks, or their best matching passages. */
  level: z.enum(['tracks', 'passages']).default('tracks'),
  weights: z.array(neuronWeightSchema).max(4096).default([]),
  filter: trackFilterSchema.prefault({}),
  /** Most results of one artist or album; null for any number. */
  perArtist: z.int().min(1).max(1000).nullable().default(null),
  perAlbum: z.int().min(1).max(1000).nullable().default(null),
  /** Of recordings found to be the same, only the nearest. */
  leaveOutDuplicates: z.boolean().default(true),
  /** Searches float32 vectors one by one, also in a library that has a fast index. */
  exact: z.boolean().default(false),
  limit: z.int().min(1).max(1000).default(50),
});
export type SimilarQuery = z.infer<typeof similarQuerySchema>;

export const contributionSchema = z.object({
  feature: featureNumberSchema,
  /** Its part of the similarity; all parts add up to the cosine. */
  contribution: z.number(),
});
/** What one neuron adds to a similarity. */
export type Contribution = z.infer<typeof contributionSchema>;

export const similarRowSchema = z.object({
  rank: z.int(),
  /** 0 to 1; what results are ordered by, with hubs damped by local scaling. */
  score: z.number(),
  /** Cosine of the centred vectors, -1 to 1. */
  cosine: z.number(),
  trackId: trackIdSchema,
  title: z.string(),
  artist: z.string(),
  album: z.string(),
  genre: z.string(),
  year: z.int().nullable(),
  durationMs: z.number(),
  /** The passage of this track that matches best, and the one of the query that it matches; null where a query has no time. */
  passage: z
    .object({
      segment: z.int(),
      startMs: z.number(),
      durationMs: z.number(),
      queryStartMs: z.number().nullable(),
      queryTrackId: trackIdSchema.nullable(),
    })
    .nullable(),
  /** The neurons that contribute most, most first. */
  why: z.array(contributionSchema),
});
export type SimilarRow = z.infer<typeof similarRowSchema>;

export const similarAnswerSchema = z.object({
  /** Tracks, or segments, that the filter left to choose from. */
  considered: z.int(),
  rows: z.array(similarRowSchema),
  /** Over all rows: the neurons that contribute most, most first; muted ones among them, with 0. */
  neurons: z.array(contributionSchema),
  /** How it was searched. */
  method: z.enum(['exact', 'fast']),
});
export type SimilarAnswer = z.infer<typeof similarAnswerSchema>;

export const queryFileSchema = z.object({
  fileId: queryFileIdSchema,
  name: z.string(),
  durationMs: z.number(),
  segments: z.int(),
  truncated: z.boolean(),
});
/** A file that is not in the library, encoded for a query. */
export type QueryFile = z.infer<typeof queryFileSchema>;

/** Most bytes of a file that is brought for a query, and of one piece of it. */
export const mostQueryFileBytes = 4 * 1024 ** 3;
export const queryPieceBytes = 1024 * 1024;

export const queryEncodingSchema = z.object({
  /** The track's title, or the file's name. */
  name: z.string(),
  /** Sound that was encoded so far, and all of it where that is known. */
  audioSeconds: z.number(),
  totalSeconds: z.number().nullable(),
  /** Null before there is enough to tell it by. */
  secondsLeft: z.number().nullable(),
});
/** Sound that is being encoded because a query names it and no index holds it. */
export type QueryEncoding = z.infer<typeof queryEncodingSchema>;

export const pathStepSchema = similarRowSchema.omit({ rank: true, why: true, passage: true }).extend({
  /** Cosine to the step before; null for the first. */
  fromBefore: z.number().nullable(),
});
/** One track of a path or a radio. */
export type PathStep = z.infer<typeof pathStepSchema>;

export const duplicateRelations = ['same', 'master'] as const;
/** `same`: the same recording in another format, bit rate, or with silence around it; `master`: the same performance, mastered otherwise. */
export type DuplicateRelation = (typeof duplicateRelations)[number];

export const duplicateGroupSchema = z.object({
  /** Stable while the same tracks are in it. */
  key: z.string(),
  relation: z.enum(duplicateRelations),
  tracks: z.array(
    z.object({
      trackId: trackIdSchema,
      title: z.string(),
      artist: z.string(),
      album: z.string(),
      path: z.string(),
      format: z.string(),
      bitRate: z.number(),
      sampleRate: z.int(),
      durationMs: z.number(),
      /** Where its sound lies against the first track's. */
      offsetMs: z.number(),
      /** Share of fingerprint bits that differ from the first track's; 0 for the first. */
      bitErrorRate: z.number(),
    }),
  ),
});
export type DuplicateGroup = z.infer<typeof duplicateGroupSchema>;

export const neighbourStatusSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('building'), done: z.int(), total: z.int() }),
  z.object({ state: z.literal('ready'), method: z.enum(['exact', 'fast']), segments: z.int(), tracks: z.int(), bytes: z.number() }),
]);
/** How far an encoder's neighbour index is. */
export type NeighbourStatus = z.infer<typeof neighbourStatusSchema>;

const ofEncoder = z.strictObject({ encoderId: encoderIdSchema });

export const similarContract = {
  similar: {
    find: oc.input(similarQuerySchema).output(similarAnswerSchema),
    /** Every neuron's contribution to one result, most first. */
    explain: oc
      .input(z.strictObject({ query: similarQuerySchema, trackId: trackIdSchema, segment: z.int().min(0).optional() }))
      .output(z.array(contributionSchema)),
    status: oc.input(ofEncoder).output(neighbourStatusSchema),
    /** Begins to bring a file, piece by piece; works the same in a browser and in a window. */
    openFile: oc
      .input(z.strictObject({ name: z.string().min(1).max(1000), bytes: z.int().min(1).max(mostQueryFileBytes) }))
      .output(z.object({ fileId: queryFileIdSchema })),
    /** The next piece, base64. */
    sendPiece: oc
      .input(
        z.strictObject({ fileId: queryFileIdSchema, offset: z.int().min(0), piece: z.string().max(Math.ceil(queryPieceBytes / 3) * 4) }),
      )
      .output(z.void()),
    /** Encodes a file that was brought whole; the file itself is deleted. */
    encodeFile: oc.input(ofEncoder.extend({ fileId: queryFileIdSchema })).output(queryFileSchema),
    /** Ends the encoding that goes on for a query; who waits for it is told CANCELLED. None that goes on is no error. */
    stopEncoding: oc.output(z.void()),
    forgetFile: oc.input(z.strictObject({ fileId: queryFileIdSchema })).output(z.void()),
    /** From one example to another in so many tracks, each near the one before. */
    path: oc
      .input(
        ofEncoder.extend({
          from: queryItemSchema,
          to: queryItemSchema,
          /** Tracks, both ends included. */
          steps: z.int().min(3).max(100),
          filter: trackFilterSchema.prefault({}),
          perArtist: z.int().min(1).max(1000).nullable().default(null),
        }),
      )
      .output(z.array(pathStepSchema)),
    /** The next tracks of an endless list. */
    radio: oc
      .input(
        ofEncoder.extend({
          seeds: z.array(queryItemSchema).min(1).max(200),
          /** Tracks that were played already, in order; none of them comes again. */
          played: z.array(trackIdSchema).max(100_000),
          /** Tracks that were skipped: the list moves away from them. */
          skipped: z.array(trackIdSchema).max(10_000).default([]),
          /** 0: as near as possible; 1: as varied as possible. */
          diversity: z.number().min(0).max(1),
          filter: trackFilterSchema.prefault({}),
          perArtist: z.int().min(1).max(1000).nullable().default(null),
          count: z.int().min(1).max(100),
          seed: z.int().min(0).max(0xffffffff),
        }),
      )
      .output(z.array(pathStepSchema)),
  },
  duplicates: {
    /** Looks for recordings that are in the library more than once. Fingerprints of the sound alone tell; the encoder may be left out. */
    find: oc.output(z.object({ jobId: jobIdSchema })),
    /** What was found last, without what was dismissed; null when nobody looked yet. */
    list: oc.output(z.object({ at: z.number(), groups: z.array(duplicateGroupSchema) }).nullable()),
    /** Says that a group is none; `false` takes that back. */
    dismiss: oc.input(z.strictObject({ key: z.string().max(200), dismissed: z.boolean() })).output(z.void()),
  },
};
