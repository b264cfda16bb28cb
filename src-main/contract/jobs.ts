/** @file Jobs: long work with progress, pause, resume and cancel. */
import { z } from 'zod';
import { jobIdSchema } from './ids.ts';

export const jobKinds = [
  'scan',
  'index',
  'pretrain',
  'tag',
  'write',
  'duplicates',
  'fetch',
  'concepts',
  'evaluate',
  'experiment',
  'map',
] as const;
export type JobKind = (typeof jobKinds)[number];

/** `interrupted`: the program ended while it ran; it can be resumed. */
export const jobStates = ['queued', 'running', 'paused', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type JobState = (typeof jobStates)[number];

export const jobProgressSchema = z.object({
  /** Files or tracks finished. */
  done: z.int(),
  /** Null until it is known. */
  total: z.int().nullable(),
  /** What `done` counts: `files`, `tracks`. */
  unit: z.string(),
  /** Seconds of audio gone through. */
  audioSeconds: z.number(),
  /** Units a second, lately. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
  /** The file being worked on, or what is being done. */
  detail: z.string(),
  failed: z.int(),
  /** What goes on before that which the work is about: `Decoding`, before the first step of a run. */
  phase: z.string().optional(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

export const jobSchema = z.object({
  id: jobIdSchema,
  kind: z.enum(jobKinds),
  title: z.string(),
  state: z.enum(jobStates),
  progress: jobProgressSchema,
  /** Why it failed, or what it did, as a sentence. */
  message: z.string(),
  /** What of its kind it works on: an encoder's number for `index`, a run's for `pretrain`; two jobs with one subject are never under way together. */
  subject: z.string(),
  /** While it is queued: the job whose end, or whose resuming, it waits for. Null when its turn is near, and in every other state. */
  waitsFor: z.object({ jobId: jobIdSchema, title: z.string(), isPaused: z.boolean() }).nullable(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** Ended jobs stay in the header until seen. */
  seen: z.boolean(),
});
export type Job = z.infer<typeof jobSchema>;

/** What a job waits for, as words; empty when it does not wait. */
export function waitText({ state, waitsFor }: Pick<Job, 'state' | 'waitsFor'>): string {
  if (state !== 'queued') return '';
  if (waitsFor === null) return 'Waits for its turn';
  return `Waits for “${waitsFor.title}”${waitsFor.isPaused ? ', which is paused: resume or cancel that one' : ''}`;
}
