/** @file What the core tells every window without being asked. */
import { z } from 'zod';
import { encoderIdSchema } from './ids.ts';
import { jobSchema } from './jobs.ts';
import { featureNumberSchema } from './listen.ts';

export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job.updated'), job: jobSchema }),
  /** Folders, tracks or problems are not what they were. */
  z.object({ type: z.literal('library.changed') }),
  /** Segments came or went. */
  z.object({ type: z.literal('index.changed'), encoderId: encoderIdSchema }),
  z.object({ type: z.literal('encoders.changed') }),
  z.object({ type: z.literal('feature.noteChanged'), encoderId: encoderIdSchema, feature: featureNumberSchema, text: z.string() }),
  z.object({ type: z.literal('settings.changed') }),
]);
export type AppEvent = z.infer<typeof eventSchema>;
