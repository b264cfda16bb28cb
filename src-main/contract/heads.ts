/** @file Heads: probes on frozen embeddings that learn a person's tags, and what they suggest. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { encoderIdSchema, headIdSchema, jobIdSchema, tagIdSchema, trackIdSchema } from './ids.ts';
import { intervalSchema } from './interval.ts';
import { changeSchema, tagAnswers } from './tags.ts';

export const headArchitectures = ['logistic', 'mlp'] as const;
/** `logistic`: one linear layer; `mlp`: one hidden layer. */
export type HeadArchitecture = (typeof headArchitectures)[number];

/** Tracks or passages that a tag must fit before it can be learnt. */
export const leastTagExamples = 5;

export const headLabelSchema = z.object({
  /** Its column in the head, from 0; null for a tag with too few examples, which has none. */
  label: z.int().nullable(),
  /** The tag; null for a label of a published head that no tag stands for yet. */
  tagId: tagIdSchema.nullable(),
  kind: z.string(),
  name: z.string(),
  /** Examples for it and against it, and how many artists (or albums) those for it come from. */
  yes: z.int(),
  no: z.int(),
  groups: z.int(),
  /** By cross-validation over artists or albums; null where it was not measured. */
  rocAuc: intervalSchema.nullable(),
  averagePrecision: intervalSchema.nullable(),
  /** Share of the examples that carry it: what average precision is by chance. */
  chance: z.number().nullable(),
  /** What learnt nothing reaches on the same examples; none where it was not measured. */
  beside: z.array(z.object({ name: z.string(), rocAuc: intervalSchema.nullable(), averagePrecision: intervalSchema.nullable() })),
  /**
   * `tooFew`: it was not learnt; `unclear`: it was, but is told from other tracks no better than chance may, so nothing is suggested. `message` says
   * what is missing.
   */
  state: z.enum(['ready', 'tooFew', 'unclear']),
  message: z.string(),
});
export type HeadLabel = z.infer<typeof headLabelSchema>;

/** What learnt nothing and tells a label as well as its head, as a sentence; empty where the head is ahead, or where nothing was measured. */
export function asWellText({ rocAuc, beside }: Pick<HeadLabel, 'rocAuc' | 'beside'>): string {
  const known = beside.flatMap(({ name, rocAuc: own }) => (own === null ? [] : [{ name, value: own.value }]));
  const [first, ...others] = known;
  if (rocAuc === null || first === undefined) return '';
  const best = others.reduce((most, one) => (one.value > most.value ? one : most), first);
  if (best.value < rocAuc.value) return '';
  return `${best.name}, which learnt nothing, reaches ROC-AUC ${best.value.toFixed(2)}, and this encoder ${rocAuc.value.toFixed(2)}: what it learnt does not help with this tag.`;
}

export const headSchema = z.object({
  id: headIdSchema,
  encoderId: encoderIdSchema,
  /** `trained` on the person's tags, or `published` with its encoder. */
  source: z.enum(['trained', 'published']),
  name: z.string(),
  architecture: z.enum(headArchitectures),
  groupedBy: z.enum(['artist', 'album']).nullable(),
  /** Examples it was trained on. */
  examples: z.int(),
  /** Tags or marks changed since, or tracks were indexed. */
  isStale: z.boolean(),
  seconds: z.number(),
  createdAt: z.number(),
  labels: z.array(headLabelSchema),
});
export type Head = z.infer<typeof headSchema>;

export const suggestedSegmentSchema = z.object({ segment: z.int(), startMs: z.number(), durationMs: z.number(), probability: z.number() });

export const suggestionSchema = z.object({
  trackId: trackIdSchema,
  title: z.string(),
  artist: z.string(),
  album: z.string(),
  durationMs: z.number(),
  /** Calibrated for trained heads; the head's own output for published ones. */
  probability: z.number(),
  /** Answers that it has already. */
  answer: z.enum(tagAnswers).nullable(),
  /** The segments that speak for it most. */
  segments: z.array(suggestedSegmentSchema),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

export const questionSchema = suggestionSchema.extend({
  label: z.int(),
  tagId: tagIdSchema.nullable(),
  kind: z.string(),
  name: z.string(),
});
/** A track whose answer would teach a head much. */
export type Question = z.infer<typeof questionSchema>;

export const thresholdSchema = z.object({
  atLeast: z.number(),
  /** Share of those above it that are right, by cross-validation; `low` is the lower end of the 95 % interval. Null without measurements. */
  precision: z.number().nullable(),
  low: z.number().nullable(),
  /** Share of the right ones that are above it. */
  recall: z.number().nullable(),
  /** False where chance may explain the precision: its interval reaches down to the share of examples that the tag fits anyway. */
  isClear: z.boolean(),
  /** Unanswered tracks of the library above it. */
  tracks: z.int(),
});
/** What accepting everything above a probability would mean. */
export type Threshold = z.infer<typeof thresholdSchema>;

export const taggramWishSchema = z.strictObject({
  encoderId: encoderIdSchema,
  trackId: trackIdSchema,
  /** Null: the head that was trained on a person's tags, else one that came with the encoder. */
  headId: headIdSchema.nullable().default(null),
});
export type TaggramWish = z.infer<typeof taggramWishSchema>;

export const taggramSchema = z.object({
  encoderId: encoderIdSchema,
  trackId: trackIdSchema,
  title: z.string(),
  artist: z.string(),
  durationMs: z.number(),
  headId: headIdSchema,
  head: z.string(),
  /** Labels that were learnt, in the order of the columns. */
  labels: z.array(z.string()),
  /** Step from one segment's start to the next's, and a segment's length. */
  hopMs: z.number(),
  segmentMs: z.number(),
  /** Base64 of float32 `[segments, labels]`: calibrated for trained heads, by whole tracks; a published head's own outputs. */
  probabilities: z.string(),
});
/** What a head says of each segment of a track. */
export type Taggram = z.infer<typeof taggramSchema>;

const ofLabel = z.strictObject({ headId: headIdSchema, label: z.int().min(0).max(65535) });
const probability = z.number().min(0).max(1);

export const headsContract = {
  heads: {
    /** Heads of an encoder: the one trained last, and those published with it. */
    list: oc.input(z.strictObject({ encoderId: encoderIdSchema })).output(z.array(headSchema)),
    /** Tags over the time of one track. */
    taggram: oc.input(taggramWishSchema).output(taggramSchema),
    /** Trains one head on every tag that has enough examples; takes the place of the one before. */
    train: oc
      .input(
        z.strictObject({
          encoderId: encoderIdSchema,
          architecture: z.enum(headArchitectures).default('logistic'),
          /** What must not be on both sides of a fold. */
          groupBy: z.enum(['artist', 'album']).default('artist'),
          tagIds: z.array(tagIdSchema).max(10_000).optional(),
        }),
      )
      .output(z.object({ jobId: jobIdSchema })),
  },
  suggest: {
    /** Tracks in the order of their probability. */
    tracks: oc
      .input(
        ofLabel.extend({
          offset: z.int().min(0),
          limit: z.int().min(0).max(500),
          atLeast: probability.default(0),
          /** Also those that were answered already. */
          includeAnswered: z.boolean().default(false),
        }),
      )
      .output(z.object({ total: z.int(), rows: z.array(suggestionSchema) })),
    thresholds: oc.input(ofLabel).output(z.array(thresholdSchema)),
    /** Accepts or rejects; for a published label the tag is made when it is first accepted. */
    answer: oc
      .input(ofLabel.extend({ trackIds: z.array(trackIdSchema).min(1).max(10_000), answer: z.enum(tagAnswers) }))
      .output(z.object({ change: changeSchema.nullable() })),
    /** Accepts every unanswered track at or above a probability. */
    acceptAbove: oc.input(ofLabel.extend({ atLeast: probability })).output(z.object({ change: changeSchema.nullable(), tracks: z.int() })),
    /** The tracks whose answer would teach most: uncertain, and unlike each other. */
    ask: oc
      .input(
        z.strictObject({ headId: headIdSchema, labels: z.array(z.int().min(0)).max(10_000).optional(), count: z.int().min(1).max(200) }),
      )
      .output(z.array(questionSchema)),
  },
};
