/** @file Experiments in the application: those that come with Earmark, one as it stands, what it would take, and carrying it out. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { resultsSchema } from './experiment-results.ts';
import { jobIdSchema } from './ids.ts';

const path = z.string().min(1).max(4096);

export const experimentWishSchema = z.strictObject({
  /** A file, or the name of an experiment that comes with Earmark. */
  file: path,
  /** Where folders lie that the file leaves open. */
  folders: z.record(z.string().min(1).max(200), path).default({}),
});
export type ExperimentWish = z.input<typeof experimentWishSchema>;

const unitSchema = z.object({
  row: z.string(),
  seed: z.int().nullable(),
  kind: z.enum(['pretrain', 'untrained', 'encoder', 'supervised', 'statistics', 'cepstra', 'chroma']),
  state: z.enum(['done', 'begun', 'left']),
  runId: z.int().nullable(),
  encoderId: z.int().nullable(),
  /** Of what is left; null where that is not known. */
  seconds: z.number().nullable(),
  bytes: z.number(),
  problem: z.string().nullable(),
});

const columnSchema = z.object({
  name: z.string(),
  ...{ dataset: z.string(), task: z.string(), split: z.string(), protocol: z.string(), head: z.string() },
  percent: z.number(),
  /** The folder’s name in the file, and where it lies; null where nobody has said. */
  place: z.string(),
  folder: z.string().nullable(),
  done: z.int(),
  all: z.int(),
  seconds: z.number().nullable(),
  problem: z.string().nullable(),
});

export const experimentPlanSchema = z.object({
  units: z.array(unitSchema),
  columns: z.array(columnSchema),
  /** Sums over what is left and known. */
  seconds: z.number(),
  bytes: z.number(),
  isAllKnown: z.boolean(),
});
export type ExperimentPlan = z.infer<typeof experimentPlanSchema>;

const listedSchema = z.object({ name: z.string(), title: z.string(), about: z.string(), source: z.string() });
export type ListedExperiment = z.infer<typeof listedSchema>;

export const openedExperimentSchema = z.object({
  file: z.string(),
  ...{ title: z.string(), about: z.string(), source: z.string(), notes: z.array(z.string()) },
  /** Folders that the file names, and where they lie; null where nobody has said. */
  folders: z.record(z.string(), z.string().nullable()),
  plan: experimentPlanSchema,
  results: resultsSchema,
});
/** An experiment as far as it is done. */
export type OpenedExperiment = z.infer<typeof openedExperimentSchema>;

/** Procedures of the subject `experiments`. */
export const experimentsContract = {
  /** Those that come with Earmark. */
  list: oc.output(z.array(listedSchema)),
  /** Reads a file, and tells what is done and the table; nothing is measured. */
  open: oc.input(experimentWishSchema).output(openedExperimentSchema),
  /** The same with a step of every run that is left measured; ends with its caller. */
  plan: oc.input(experimentWishSchema).output(experimentPlanSchema),
  /** Does what is left, as a job that goes on where it was interrupted. */
  run: oc.input(experimentWishSchema).output(z.object({ jobId: jobIdSchema })),
};
