/** @file Labelled data sets in folders of a person: which are known, and what is in one. */
import { oc } from '@orpc/contract';
import { z } from 'zod';

const name = z.string().trim().min(1).max(100);
const part = z.enum(['train', 'validation', 'test']);

const named = z.object({ name: z.string(), title: z.string() });
const taskKind = z.enum(['tags', 'classes', 'numbers']);

export const knownDatasetSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** Its paper and where a person reads about it. */
  about: z.string(),
  /** What its folder must hold. */
  holds: z.string(),
  /** Empty where it is audio to learn from alone. */
  tasks: z.array(named.extend({ kind: taskKind })),
  splits: z.array(named),
});
/** A data set that Earmark knows. */
export type KnownDataset = z.infer<typeof knownDatasetSchema>;

const clipSchema = z.object({ id: z.string(), path: z.string().nullable(), part: part.nullable(), why: z.string() });
const countsSchema = z.object({ train: z.int(), validation: z.int(), test: z.int() });

const labelCounts = z.array(z.int()).readonly();

export const datasetManifestSchema = z.object({
  earmark: z.string(),
  dataset: z.string(),
  task: z.string(),
  kind: taskKind,
  labels: z.array(z.string()).readonly(),
  split: z.string(),
  /** Of the ids, parts and answers of the clips that are used. */
  sha256: z.string(),
  counts: countsSchema.readonly(),
  published: countsSchema.readonly().nullable(),
  /** Clips of each part that have each label, in the order of labels; null for numbers, which every clip has. */
  labelCounts: z.object({ train: labelCounts, validation: labelCounts, test: labelCounts }).readonly().nullable(),
  leftOut: z.array(z.object({ why: z.string(), clips: z.int(), ids: z.array(z.string()).readonly() })).readonly(),
  policies: z.object({
    ...{ emptyLabels: z.string(), labelOrder: z.string(), ties: z.string(), aggregation: z.string(), groups: z.string() },
  }),
  notes: z.array(z.string()).readonly(),
});

export const datasetCheckSchema = z.object({
  dataset: z.string(),
  /** The folder as a whole path. */
  path: z.string(),
  /** Whether every file was decoded; else broken files are only those that are empty. */
  decoded: z.boolean(),
  /** Every clip that the split names is there and, as far as was looked, whole. */
  ok: z.boolean(),
  /** Of clips that can be used. */
  counts: countsSchema.readonly(),
  missing: z.array(clipSchema),
  broken: z.array(clipSchema),
  manifest: datasetManifestSchema,
});
/** What is in a data set’s folder, and what is not. */
export type DatasetCheck = z.infer<typeof datasetCheckSchema>;

/** So many missing and broken clips are named to a window; all are counted. */
export const mostClipsTold = 1000;

export const datasetsContract = {
  datasets: {
    list: oc.output(z.array(knownDatasetSchema)),
    /** Reads the tables and looks for every file; `datasets.checking` tells how far it is, and it ends with its caller. */
    check: oc
      .input(
        z.strictObject({
          path: z.string().min(1).max(4096),
          /** What the folder looks like, when absent. */
          dataset: name.optional(),
          task: name.optional(),
          split: name.optional(),
          decodes: z.boolean().default(false),
        }),
      )
      .output(datasetCheckSchema.extend({ missingClips: z.int(), brokenClips: z.int() })),
  },
};
