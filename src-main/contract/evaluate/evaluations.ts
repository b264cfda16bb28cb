/** @file Evaluations: what is asked, and what came out. */
import { z } from 'zod';
import { layerUses, probeHeads, protocolNames } from '../../learn/about.ts';
import { longestOutputName, poolings } from '../encoders.ts';
import { encoderIdSchema, evaluationIdSchema, jobIdSchema } from '../ids.ts';
import { intervalSchema } from '../interval.ts';
import { scratchSchema, scratchWishSchema } from './from-scratch.ts';

export { layerUses, probeHeads, protocolNames, protocols } from '../../learn/about.ts';
export type { LayerUse, ProbeHead, ProtocolName } from '../../learn/about.ts';

const path = z.string().min(1).max(4096);
const word = z.string().min(1).max(200);

/** What is compared by an evaluation: encoders of the library, what learns from the labels alone, and what has learnt nothing. */
export const contestantKinds = ['encoder', 'supervised', 'untrained', 'statistics', 'cepstra', 'chroma'] as const;
export type ContestantKind = (typeof contestantKinds)[number];

/** Seeds and contestants of one wish. */
export const [mostSeeds, mostContestants] = [20, 50] as const;

export const evaluationWishSchema = z.strictObject({
  /** The data set's folder. */
  folder: path,
  /** Which data set it is; null where its files tell. */
  dataset: word.nullable().default(null),
  /** Null: the data set's first. */
  task: word.nullable().default(null),
  split: word.nullable().default(null),
  protocol: z.enum(protocolNames),
  /** Null: the protocol's first. */
  head: z.enum(probeHeads).nullable().default(null),
  /** Which layers of encoders are probed; other than one is what a protocol allows, and no output is named then. */
  layers: z.enum(layerUses).default('one'),
  /** Encoders, or layers of them, pooled over time. */
  encoders: z
    .array(
      z.strictObject({
        encoderId: encoderIdSchema,
        output: z.string().min(1).max(longestOutputName).nullable().default(null),
        pooling: z.enum(poolings).default('mean'),
      }),
    )
    .max(mostContestants),
  /** Whether untrained twins, timbre statistics, cepstral coefficients and, for musical keys, chroma stand beside them. */
  baselines: z.boolean().default(true),
  /** An encoder that is trained from scratch, with each seed, on the same labels; null: none is, since it is costly. */
  supervised: scratchWishSchema.nullable().default(null),
  seeds: z.array(z.int().min(0).max(0xffffffff)).min(1).max(mostSeeds).default([1]),
  /** Share of the labels that is learnt from. */
  percent: z.number().gt(0).max(100).default(100),
  /** The data set is heard, and nothing is probed: an evaluation that follows finds it indexed. */
  indexOnly: z.boolean().default(false),
});
export type EvaluationWish = z.input<typeof evaluationWishSchema>;
export type FullEvaluationWish = z.output<typeof evaluationWishSchema>;

export const figureNames = ['averagePrecision', 'rocAuc', 'averagePrecisionByClip', 'rocAucByClip', 'accuracy', 'keyScore', 'r2'] as const;
export type FigureName = (typeof figureNames)[number];

const layersSchema = z.object({
  use: z.enum(['every', 'sum']),
  /** Of every layer what its best probe reached on what is validated, of a sum how much it counts; means over seeds. */
  each: z.array(z.object({ output: z.string(), validated: z.number().nullable(), share: z.number().nullable() })),
});

const countsSchema = z.object({ train: z.int(), validation: z.int(), test: z.int() });

export const contestantSchema = z.object({
  kind: z.enum(contestantKinds),
  name: z.string(),
  /** The encoder of the library; of an untrained one its twin; null for statistics. */
  encoderId: encoderIdSchema.nullable(),
  architecture: z.string(),
  output: z.string(),
  pooling: z.enum(poolings),
  dimensions: z.int(),
  parameters: z.int(),
  /** The run that it came from, at which step, and the seconds that were spent until then; null where no run of this library made it. */
  training: z.object({ runId: z.int(), step: z.int(), seconds: z.number() }).nullable().default(null),
});
export type Contestant = z.infer<typeof contestantSchema>;

export const evaluationSchema = z.object({
  id: evaluationIdSchema,
  /** Milliseconds since 1970. */
  at: z.number(),
  contestant: contestantSchema,
  dataset: z.string(),
  datasetTitle: z.string(),
  folder: z.string(),
  task: z.string(),
  taskTitle: z.string(),
  kind: z.enum(['tags', 'classes', 'numbers']),
  split: z.string(),
  /** Hash of the clips, their parts and answers: figures of other ones are not compared. */
  manifest: z.string(),
  protocol: z.enum(protocolNames),
  head: z.enum(probeHeads),
  seeds: z.array(z.int()),
  percent: z.number(),
  /** Clips that were used, and clips of the tables that could not be, with why. */
  counts: countsSchema,
  leftOut: z.int(),
  notes: z.array(z.string()),
  /** The first one is what encoders are compared by; intervals over what the data set keeps together. */
  figures: z.array(intervalSchema.extend({ name: z.enum(figureNames), each: z.array(z.number()) })),
  /** Of each label its average precision, its share recognised, or R²; null where it cannot be told. */
  labels: z.array(
    z.object({
      name: z.string(),
      figure: z.number().nullable(),
      low: z.number().nullable().default(null),
      high: z.number().nullable().default(null),
      rocAuc: z.number().nullable(),
      examples: z.int(),
    }),
  ),
  /** What layers came to where several were probed; of every layer the contestant’s output is the best one of the first seed. */
  layers: layersSchema.nullable().default(null),
  /** Settings that were chosen on what is validated, of the first seed. */
  chosen: z.object({
    learningRate: z.number(),
    batch: z.int(),
    dropout: z.number(),
    isStandardised: z.boolean(),
    epochs: z.int(),
    steps: z.int(),
  }),
  /** How it was trained where it learnt from the labels alone; null of others. Its own head is judged, and no probe. */
  scratch: scratchSchema.nullable().default(null),
  /** Whether rows were standardised though the protocol does not say so, as decibels are. */
  isStandardised: z.boolean(),
  seconds: z.number(),
});
/** One contestant on one task by one protocol. */
export type Evaluation = z.infer<typeof evaluationSchema>;

export const differenceSchema = z.object({
  id: evaluationIdSchema,
  against: evaluationIdSchema,
  name: z.enum(figureNames),
  difference: intervalSchema,
  /** Whether its interval leaves zero out; null where there is none. */
  isBeyondChance: z.boolean().nullable(),
});
/** One evaluation's first figure less another's, on the same clips. */
export type Difference = z.infer<typeof differenceSchema>;

export const startedEvaluationSchema = z.object({ jobId: jobIdSchema });
