/** @file Two spaces beside each other over the segments that both have heard: neighbours, layers, neurons. */
import { z } from 'zod';
import { encoderIdSchema, trackIdSchema } from '../ids.ts';
import { featureNumberSchema, heardSegmentSchema } from '../listen.ts';

/** Nearest tracks that are compared. */
export const sharedBounds = { usual: 10, most: 100 } as const;

export const encodersWishSchema = z.strictObject({
  encoderId: encoderIdSchema,
  /** The other encoder, layer or checkpoint; another space than the first. */
  otherId: encoderIdSchema,
  k: z.int().min(1).max(sharedBounds.most).default(sharedBounds.usual),
});
export type EncodersWish = z.infer<typeof encodersWishSchema>;

const trackNameSchema = z.object({ trackId: trackIdSchema, title: z.string(), artist: z.string(), durationMs: z.number() });

export const sharedNeighboursSchema = z.object({
  /** Nearest tracks of each query; fewer than were asked for in a small library. */
  k: z.int(),
  /** Tracks among which they are looked for. */
  tracks: z.int(),
  /** Share of the nearest that both have, mean over the queries, with its 95 % interval; null where too few tracks tell. */
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** What chance gives. */
  chance: z.number(),
  /** The tracks that were asked about, and how many of their nearest both have. */
  queries: z.array(trackNameSchema.extend({ shared: z.int() })),
});
export type SharedNeighbours = z.infer<typeof sharedNeighboursSchema>;

const spaceNameSchema = z.object({ encoderId: encoderIdSchema, name: z.string() });

const partnerSchema = z.object({ number: featureNumberSchema, partner: featureNumberSchema.nullable(), correlation: z.number() });
const aloneSchema = partnerSchema.extend({ label: z.string(), segments: z.array(heardSegmentSchema) });
/** A neuron that stands alone. */
export type AloneNeuron = z.infer<typeof aloneSchema>;

export const encodersSchema = z.object({
  encoderId: encoderIdSchema,
  otherId: encoderIdSchema,
  names: z.tuple([z.string(), z.string()]),
  /** What both have heard. */
  tracks: z.int(),
  segments: z.int(),
  /** Whether segments lie at other times, so that means over those that cover each other were compared. */
  isCovered: z.boolean(),
  /** Null where there are too few tracks. */
  neighbours: sharedNeighboursSchema.nullable(),
  layers: z.object({
    /** Indexed spaces of the first encoder, and of the other. */
    rows: z.array(spaceNameSchema),
    columns: z.array(spaceNameSchema),
    /** Linear centred kernel alignment, `[rows][columns]`; null where a space does not differ between segments. */
    values: z.array(z.array(z.number().nullable())),
    /** Segments that it was taken over. */
    taken: z.int(),
  }),
  neurons: z.object({
    /** Of each pair a neuron of both, the most alike first. */
    pairs: z.array(z.object({ first: featureNumberSchema, second: featureNumberSchema, correlation: z.number() })),
    /** Of both spaces each neuron that differs, with its best partner in the other; the one that stands most alone first. */
    best: z.tuple([z.array(partnerSchema), z.array(partnerSchema)]),
    /** Of both spaces the neurons that stand most alone, with what each hears most: what it hears that the other space does not. */
    alone: z.tuple([z.array(aloneSchema), z.array(aloneSchema)]),
    /** Neurons that do not differ. */
    dead: z.tuple([z.int(), z.int()]),
    taken: z.int(),
  }),
});
/** Two encoders, layers or checkpoints. */
export type EncodersBeside = z.infer<typeof encodersSchema>;

export const neighboursWishSchema = encodersWishSchema.extend({ trackId: trackIdSchema });
export type NeighboursWish = z.infer<typeof neighboursWishSchema>;

export const neighbourListsSchema = z.object({
  query: trackNameSchema,
  /** Of both spaces the nearest tracks, the nearest first; `place`: its place in the other list from 1, null where it is not there. */
  lists: z.tuple([
    z.array(trackNameSchema.extend({ cosine: z.number(), place: z.int().nullable() })),
    z.array(trackNameSchema.extend({ cosine: z.number(), place: z.int().nullable() })),
  ]),
});
/** One track's nearest in both spaces. */
export type NeighbourLists = z.infer<typeof neighbourListsSchema>;
