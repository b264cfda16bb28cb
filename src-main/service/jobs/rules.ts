/** @file The rules by which jobs run beside or after one another, in one table. */
import type { JobKind } from '../../contract/index.ts';

/** How jobs of a kind behave. Jobs of one kind share a lane: one works at a time, first come first served. */
export type JobRule = {
  /** Whether a paused job that has begun keeps its lane; those behind it then wait until it is resumed or cancelled, and say so. */
  holdsLaneWhilePaused: boolean;
  /** What a job works on: two jobs of one kind with one subject are never under way together. Absent: all that they are asked to do. */
  subject?: (params: unknown) => string;
  /** Whether a wish for what is under way already joins that job, since it takes up by itself what is new; else only one that has not begun. */
  joinsBegun: boolean;
  /** Work of another kind that is to be through before a job begins; null for one that waits for none. */
  waitsFor?: (params: unknown) => WorkOn | null;
};

/** Jobs of a kind on a subject. */
export type WorkOn = { readonly kind: JobKind; readonly subject: string };

const valueIn = (params: unknown, name: string): string => String((params as Record<string, unknown> | null)?.[name]);

/** The rule of each kind. */
export const jobRules: Readonly<Record<JobKind, JobRule>> = {
  // What a scan compared before the pause must still be so after it: another scan in between would take its files.
  scan: { holdsLaneWhilePaused: true, joinsBegun: false },
  index: { holdsLaneWhilePaused: false, subject: (params) => valueIn(params, 'encoderId'), joinsBegun: true },
  // What learns from an index learns from the whole of it, where that is still being made.
  pretrain: {
    ...{ holdsLaneWhilePaused: false, subject: (params: unknown) => valueIn(params, 'runId'), joinsBegun: true },
    waitsFor: (params) => {
      const heardBy = valueIn(params, 'heardBy');
      return /^\d+$/.test(heardBy) ? { kind: 'index', subject: heardBy } : null;
    },
  },
  tag: { holdsLaneWhilePaused: false, joinsBegun: false },
  // The fields of a file are written by one batch at a time, from its first file to its last.
  write: { holdsLaneWhilePaused: true, joinsBegun: false },
  fetch: { holdsLaneWhilePaused: false, subject: (params) => valueIn(params, 'name'), joinsBegun: true },
  evaluate: { holdsLaneWhilePaused: false, joinsBegun: true },
  // One at a time: what it does are runs and evaluations, which have lanes of their own.
  experiment: { holdsLaneWhilePaused: false, subject: (params) => valueIn(params, 'file'), joinsBegun: true },
  concepts: { holdsLaneWhilePaused: false, joinsBegun: true },
  map: { holdsLaneWhilePaused: false, joinsBegun: true },
  duplicates: { holdsLaneWhilePaused: false, subject: () => '', joinsBegun: true },
};

/** What a job works on, as a key that is unique within its kind. */
export function subjectOf(kind: JobKind, params: unknown): string {
  const { subject = (asked) => JSON.stringify(asked ?? null) } = jobRules[kind];
  return subject(params);
}
