/** @file Branded numbers, so that one subject's id is never passed where another's belongs. */
import { z } from 'zod';

export const trackIdSchema = z.int().positive().brand<'TrackId'>();
export const folderIdSchema = z.int().positive().brand<'FolderId'>();
export const encoderIdSchema = z.int().positive().brand<'EncoderId'>();
export const jobIdSchema = z.int().positive().brand<'JobId'>();

/** A track: one audio file of the library. */
export type TrackId = z.infer<typeof trackIdSchema>;
/** A folder that a person added. */
export type FolderId = z.infer<typeof folderIdSchema>;
/** An encoder: one set of weights of one architecture. */
export type EncoderId = z.infer<typeof encoderIdSchema>;
/** A job: one piece of long work. */
export type JobId = z.infer<typeof jobIdSchema>;
