/** @file Branded numbers, so that one subject's id is never passed where another's belongs. */
import { z } from 'zod';

export const trackIdSchema = z.int().positive().brand<'TrackId'>();
export const folderIdSchema = z.int().positive().brand<'FolderId'>();
export const encoderIdSchema = z.int().positive().brand<'EncoderId'>();
export const jobIdSchema = z.int().positive().brand<'JobId'>();
export const tagIdSchema = z.int().positive().brand<'TagId'>();
export const changeIdSchema = z.int().positive().brand<'ChangeId'>();
export const headIdSchema = z.int().positive().brand<'HeadId'>();
export const playlistIdSchema = z.int().positive().brand<'PlaylistId'>();
export const evaluationIdSchema = z.int().positive().brand<'EvaluationId'>();
export const writingIdSchema = z.int().positive().brand<'WritingId'>();

/** A track: one audio file of the library. */
export type TrackId = z.infer<typeof trackIdSchema>;
/** A folder that a person added. */
export type FolderId = z.infer<typeof folderIdSchema>;
/** An encoder: one set of weights of one architecture. */
export type EncoderId = z.infer<typeof encoderIdSchema>;
/** A job: one piece of long work. */
export type JobId = z.infer<typeof jobIdSchema>;
/** A tag: a word or name of a person's own. */
export type TagId = z.infer<typeof tagIdSchema>;
/** One change of tags that can be taken back. */
export type ChangeId = z.infer<typeof changeIdSchema>;
/** A head: a probe trained on tags, over one encoder's embeddings. */
export type HeadId = z.infer<typeof headIdSchema>;
/** A playlist. */
export type PlaylistId = z.infer<typeof playlistIdSchema>;
/** What one encoder reached on one data set. */
export type EvaluationId = z.infer<typeof evaluationIdSchema>;
/** One batch of tags written to files. */
export type WritingId = z.infer<typeof writingIdSchema>;
