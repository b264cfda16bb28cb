/** @file Writing tags to files, only when asked: a plan that lists every change, the writing, and taking it back. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { jobIdSchema, tagIdSchema, trackIdSchema, writingIdSchema } from './ids.ts';

export const writableFields = ['genre', 'comment', 'grouping', 'mood', 'custom'] as const;
/** Where tags go in a file; `custom` is a frame with a name of the person's choice. */
export type WritableField = (typeof writableFields)[number];

export const writingWishSchema = z.strictObject({
  field: z.enum(writableFields),
  /** Of the custom frame: letters, digits, blanks, `_` and `-`. */
  customName: z.string().max(60).optional(),
  tagIds: z.array(tagIdSchema).min(1).max(1000),
  /** `add`: behind what the field says; `replace`: instead of it. */
  mode: z.enum(['add', 'replace']),
  /** Puts the kind before the name: `mood: rainy`. */
  withKind: z.boolean(),
  /** Only these tracks; every track that carries one of the tags when absent. */
  trackIds: z.array(trackIdSchema).max(200_000).optional(),
});
export type WritingWish = z.infer<typeof writingWishSchema>;

export const fileChangeStates = ['planned', 'written', 'unchanged', 'failed', 'undone', 'undoFailed'] as const;

export const fileChangeSchema = z.object({
  trackId: trackIdSchema,
  path: z.string(),
  /** Values of the field as they are, and as they will be. */
  before: z.array(z.string()),
  after: z.array(z.string()),
  state: z.enum(fileChangeStates),
  /** Why it failed, or cannot be written. */
  message: z.string(),
});
/** What happens to one file. */
export type FileChange = z.infer<typeof fileChangeSchema>;

export const writingSchema = z.object({
  id: writingIdSchema,
  wish: writingWishSchema,
  /** `planned`: nothing was written yet; `partial`: ended before its end. */
  state: z.enum(['planned', 'running', 'done', 'partial', 'undone']),
  files: z.int(),
  written: z.int(),
  failed: z.int(),
  undone: z.int(),
  createdAt: z.number(),
  jobId: jobIdSchema.nullable(),
});
/** One batch of changes to files. */
export type Writing = z.infer<typeof writingSchema>;

const one = z.strictObject({ writingId: writingIdSchema });

export const writingContract = {
  writing: {
    /** Reads the files and lists what would change; writes nothing. */
    plan: oc.input(writingWishSchema).output(writingSchema),
    files: oc
      .input(one.extend({ offset: z.int().min(0), limit: z.int().min(0).max(1000) }))
      .output(z.object({ total: z.int(), rows: z.array(fileChangeSchema) })),
    list: oc.output(z.array(writingSchema)),
    /** Writes what was planned. */
    start: oc.input(one).output(z.object({ jobId: jobIdSchema })),
    /** Puts the old values back, in every file that was written. */
    undo: oc.input(one).output(z.object({ jobId: jobIdSchema })),
    /** Forgets a plan that was never carried out. */
    discard: oc.input(one).output(z.void()),
  },
};
