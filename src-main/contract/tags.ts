/** @file A person's own words for their music: tags, and the tracks and passages that they were put on. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { changeIdSchema, encoderIdSchema, tagIdSchema, trackIdSchema } from './ids.ts';
import { featureNumberSchema } from './listen.ts';

/** Colours of tags: numbers of the interface's palette. */
export const tagColors = 12;

/** Longest name or kind of a tag, in characters. */
export const longestTagName = 200;

const tagText = z.string().max(20_000);

export const tagSchema = z.object({
  id: tagIdSchema,
  /** What sort of word it is (`mood`, `for sets`); empty without one. */
  kind: z.string(),
  name: z.string(),
  /** 0 to {@link tagColors} - 1. */
  color: z.int(),
  /** Tracks that carry it, as a whole or in a passage. */
  tracks: z.int(),
  /** Passages that carry it. */
  passages: z.int(),
  /** Tracks and passages with the answer that it does not fit. */
  rejected: z.int(),
  createdAt: z.number(),
});
export type Tag = z.infer<typeof tagSchema>;

export const tagAnswers = ['yes', 'no'] as const;
/** An answer: the tag fits, or it does not. */
export type TagAnswer = (typeof tagAnswers)[number];

export const markSources = ['person', 'suggestion', 'file', 'folder', 'neuron'] as const;
/** Where a mark came from. */
export type MarkSource = (typeof markSources)[number];

export const markTargetSchema = z
  .strictObject({
    trackId: trackIdSchema,
    /** A passage; both or neither. Without them the whole track is meant. */
    startMs: z.number().min(0).optional(),
    endMs: z.number().positive().optional(),
  })
  .refine(({ startMs, endMs }) => (startMs === undefined) === (endMs === undefined) && (startMs ?? 0) < (endMs ?? 1), {
    message: 'A passage needs a start and a later end.',
  });
/** A track, or a passage of one. */
export type MarkTarget = z.infer<typeof markTargetSchema>;

export const markSchema = z.object({
  tagId: tagIdSchema,
  trackId: trackIdSchema,
  /** Null for the whole track. */
  startMs: z.number().nullable(),
  endMs: z.number().nullable(),
  answer: z.enum(tagAnswers),
  source: z.enum(markSources),
  at: z.number(),
});
/** One answer: this tag fits, or does not fit, this track or passage. */
export type Mark = z.infer<typeof markSchema>;

export const changeSchema = z.object({
  id: changeIdSchema,
  /** What was done, as a short sentence: `“rainy” added to 12 tracks`. */
  title: z.string(),
  at: z.number(),
});
export type Change = z.infer<typeof changeSchema>;

/** What a change answers: null when nothing was different afterwards. */
const changed = z.object({ change: changeSchema.nullable() });

/** Parts of a file's tags, and its place, that can become tags. */
export const tagFields = [
  'genre',
  'artist',
  'albumArtist',
  'album',
  'year',
  'decade',
  'mood',
  'grouping',
  'comment',
  'composer',
  'folder',
] as const;
export type TagField = (typeof tagFields)[number];

export const fieldValueSchema = z.object({ value: z.string(), tracks: z.int() });
/** A value of a field, and the tracks that have it. */
export type FieldValue = z.infer<typeof fieldValueSchema>;

const neuronSchema = z.strictObject({
  encoderId: encoderIdSchema,
  feature: featureNumberSchema,
  /** Least activation. */
  atLeast: z.number(),
});

export const tagsContract = {
  tags: {
    list: oc.output(z.array(tagSchema)),
    /** Makes a tag. `mood: rainy` as a name is the kind `mood` and the name `rainy`. One of the same kind and name, whatever the case, is given back as it is. */
    create: oc
      .input(
        z.strictObject({
          kind: tagText.default(''),
          name: tagText,
          color: z
            .int()
            .min(0)
            .max(tagColors - 1)
            .optional(),
        }),
      )
      .output(z.object({ tag: tagSchema, change: changeSchema.nullable() })),
    update: oc
      .input(
        z.strictObject({
          tagId: tagIdSchema,
          kind: tagText.optional(),
          name: tagText.optional(),
          color: z
            .int()
            .min(0)
            .max(tagColors - 1)
            .optional(),
        }),
      )
      .output(z.object({ tag: tagSchema, change: changeSchema.nullable() })),
    /** All that the others mark becomes the first's; where they disagree, `into` wins. */
    merge: oc.input(z.strictObject({ tagIds: z.array(tagIdSchema).min(1).max(10_000), into: tagIdSchema })).output(changed),
    remove: oc.input(z.strictObject({ tagIds: z.array(tagIdSchema).min(1).max(10_000) })).output(changed),
    /** Says yes or no of every tag and every target; `none` takes answers back. */
    mark: oc
      .input(
        z.strictObject({
          tagIds: z.array(tagIdSchema).min(1).max(1000),
          targets: z.array(markTargetSchema).min(1).max(200_000),
          answer: z.enum([...tagAnswers, 'none']),
        }),
      )
      .output(changed),
    /** Every mark of some tracks. */
    marks: oc.input(z.strictObject({ trackIds: z.array(trackIdSchema).max(1000) })).output(z.array(markSchema)),
    /** What a field says over the library, most frequent first. `folder` is the name of the folder that holds the file. */
    fieldValues: oc.input(z.strictObject({ field: z.enum(tagFields) })).output(z.array(fieldValueSchema)),
    /** Makes tags of values of a field and puts them on the tracks that have them. */
    fromField: oc
      .input(z.strictObject({ field: z.enum(tagFields), values: z.array(z.string()).min(1).max(10_000), kind: tagText }))
      .output(z.object({ change: changeSchema.nullable(), tagIds: z.array(tagIdSchema) })),
    /** Segments, and their tracks, on which a feature is at least so large. */
    aboveActivation: oc.input(neuronSchema).output(z.object({ segments: z.int(), tracks: z.int() })),
    /** Puts a tag on those segments, or on the tracks that hold one. */
    fromNeuron: oc.input(neuronSchema.extend({ tagId: tagIdSchema, per: z.enum(['track', 'segment']) })).output(changed),
    /** The latest changes that can be taken back, newest first. */
    changes: oc.output(z.array(changeSchema)),
    /** Takes a change back. The answer is a change of its own: taking that back does it again. */
    undo: oc.input(z.strictObject({ changeId: changeIdSchema })).output(changed),
  },
};
