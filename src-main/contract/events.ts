/** @file What the core tells every window without being asked. */
import { z } from 'zod';
import { encoderIdSchema } from './ids.ts';
import { inspectionSchema } from './inspect/index.ts';
import { jobProgressSchema, jobSchema } from './jobs.ts';
import { featureNumberSchema } from './listen.ts';
import { queryEncodingSchema } from './similar.ts';
import { healthSchema, runIdSchema, runPointSchema, runSchema } from './pretrain/runs.ts';

export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job.updated'), job: jobSchema }),
  /** Folders, tracks or problems are not what they were. */
  z.object({ type: z.literal('library.changed') }),
  /** Segments came or went. */
  z.object({ type: z.literal('index.changed'), encoderId: encoderIdSchema }),
  z.object({ type: z.literal('encoders.changed') }),
  z.object({ type: z.literal('feature.noteChanged'), encoderId: encoderIdSchema, feature: featureNumberSchema, text: z.string() }),
  z.object({ type: z.literal('settings.changed') }),
  /** Which check of the installation goes on, and how far it is. */
  z.object({ type: z.literal('doctor.checking'), doctoring: z.object({ check: z.string(), progress: jobProgressSchema }) }),
  /** A backup began, went on or ended, or the database was found damaged. */
  z.object({ type: z.literal('data.changed') }),
  /** The database is another one now: everything that was loaded is old. */
  z.object({ type: z.literal('data.reopened') }),
  /** Tags or marks are not what they were. */
  z.object({ type: z.literal('tags.changed') }),
  /** A head was trained, taken away, or is no longer up to date. */
  z.object({ type: z.literal('heads.changed'), encoderId: encoderIdSchema }),
  /** A batch of changes to files began, went on or ended. */
  z.object({ type: z.literal('writing.changed') }),
  z.object({ type: z.literal('playlists.changed') }),
  /** A track or file is being encoded for a query; null when none is any more. */
  z.object({ type: z.literal('similar.encoding'), encoding: queryEncodingSchema.nullable() }),
  /** Neurons are being looked at; null when none are any more. */
  z.object({ type: z.literal('inspect.looking'), looking: inspectionSchema.nullable() }),
  z.object({ type: z.literal('duplicates.changed') }),
  /** A data set’s folder is being looked through. */
  z.object({ type: z.literal('datasets.checking'), path: z.string(), progress: jobProgressSchema }),
  /** An evaluation came or went. */
  z.object({ type: z.literal('evaluations.changed') }),
  /** A run began, ended, was saved or taken away; null when it is gone. */
  z.object({ type: z.literal('run.updated'), runId: runIdSchema, run: runSchema.nullable() }),
  /** A step was taken, a few times a second at most. */
  z.object({ type: z.literal('run.stepped'), runId: runIdSchema, point: runPointSchema, health: healthSchema.nullable() }),
]);
export type AppEvent = z.infer<typeof eventSchema>;
