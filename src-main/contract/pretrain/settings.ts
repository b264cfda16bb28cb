/**
 * @file Every setting of a pre-training run. The resolved whole is stored with each run. Ranges are checked here; what a person reads about each field
 * (unit, default, source) stands in `fields.ts`, and the defaults of a recipe in `recipes.ts`.
 */
import { z } from 'zod';
import { encoderSampleRates } from '../encoders.ts';

const probability = z.number().min(0).max(1);
const decibels = z.number().min(-60).max(60);
const hertz = z.number().min(20).max(24_000);

const ordered = (value: { least: number; most: number }): boolean => value.least <= value.most;
const range = (bound: z.ZodNumber) =>
  z.strictObject({ least: bound, most: bound }).refine(ordered, { error: 'The least may not be above the most.' });

/** The chain of CLMR's transforms (thesis), in the order in which they are applied after the crop. */
export const augmentationSchema = z.strictObject({
  /** `symmetric`: both views go through the chain. `asymmetric`: one view is the crop alone (thesis, Fig. 6.3). */
  views: z.enum(['symmetric', 'asymmetric']),
  polarity: z.strictObject({ probability }),
  /** `snr`: a signal-to-noise ratio drawn from `snrDb`. `relative`: noise of a deviation drawn from `deviation`, as a share of the signal's own. */
  noise: z.strictObject({
    probability,
    kind: z.enum(['snr', 'relative']),
    snrDb: range(z.number().min(0).max(160)),
    deviation: range(z.number().min(0).max(1)),
  }),
  gain: z.strictObject({ probability, db: range(decibels) }),
  /** Low-pass or high-pass by the toss of a coin. */
  filter: z.strictObject({ probability, lowPassHz: range(hertz), highPassHz: range(hertz) }),
  /** The delay is a whole number of steps; `halve` halves the sum, as the released code does. */
  delay: z.strictObject({
    probability,
    ms: range(z.number().min(1).max(2_000)),
    stepMs: z.number().min(1).max(1_000),
    feedback: z.number().min(0).max(1),
    halve: z.boolean(),
  }),
  pitch: z.strictObject({ probability, semitones: range(z.number().min(-24).max(24)) }),
  /** Each in percent, as Freeverb and sox name them. */
  reverb: z.strictObject({
    probability,
    roomSize: range(z.number().min(0).max(100)),
    reverberance: range(z.number().min(0).max(100)),
    damping: range(z.number().min(0).max(100)),
  }),
});
export type AugmentationSettings = z.infer<typeof augmentationSchema>;

export const projectorSchema = z.strictObject({
  kind: z.enum(['identity', 'linear', 'mlp']),
  /** Widths of the layers between; none for a linear projector. */
  hidden: z.array(z.int().min(1).max(16_384)).max(4),
  dimensions: z.int().min(1).max(16_384),
  /** Batch norm after each layer but the last, as VICReg's expander has it. */
  batchNorm: z.boolean(),
});
export type ProjectorSettings = z.infer<typeof projectorSchema>;

export const objectiveSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('nt-xent'), temperature: z.number().min(0.01).max(10) }),
  z.strictObject({
    kind: z.literal('vicreg'),
    invariance: z.number().min(0).max(1_000),
    variance: z.number().min(0).max(1_000),
    covariance: z.number().min(0).max(1_000),
    /** The deviation that every dimension is held above. */
    gamma: z.number().min(0.01).max(100),
    /** `code`: mean squared error over all entries and half the hinge per branch, as released. `paper`: as printed. */
    normalisation: z.enum(['code', 'paper']),
  }),
]);
export type ObjectiveSettings = z.infer<typeof objectiveSchema>;

const weightDecay = z.number().min(0).max(1);
/** `fixed`: `learningRate` as it is. `linear`: times batch / 256. `square-root`: times √batch. */
const rateRule = z.enum(['fixed', 'linear', 'square-root']);
const learningRate = z.number().min(1e-8).max(100);
const fraction = z.number().min(0).lt(1);

export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('adam'),
    learningRate,
    rateRule,
    weightDecay,
    beta1: fraction,
    beta2: fraction,
    epsilon: z.number().min(1e-12).max(1e-2),
  }),
  z.strictObject({
    kind: z.literal('lars'),
    learningRate,
    rateRule,
    weightDecay,
    momentum: fraction,
    /** The trust coefficient η. */
    trust: z.number().min(1e-6).max(1),
    /** Biases and norms are kept from weight decay and from the layer-wise rate. */
    excludeVectors: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('sgd'), learningRate, rateRule, weightDecay, momentum: fraction, nesterov: z.boolean() }),
]);
export type OptimizerSettings = z.infer<typeof optimizerSchema>;

export const scheduleSchema = z.strictObject({
  kind: z.enum(['constant', 'cosine']),
  /** Epochs over which the rate rises from 0. */
  warmupEpochs: z.number().min(0).max(10_000),
  /** The rate at the end, as a share of its peak. */
  finalShare: z.number().min(0).max(1),
});
export type ScheduleSettings = z.infer<typeof scheduleSchema>;

export const recipeNames = ['clmr', 'vicreg'] as const;
export type RecipeName = (typeof recipeNames)[number];

/** Everything that decides what a run computes. */
export const pretrainSettingsSchema = z.strictObject({
  recipe: z.enum(recipeNames),
  encoder: z.strictObject({ architecture: z.literal('sample-cnn'), sampleRate: z.literal([...encoderSampleRates]) }),
  projector: projectorSchema,
  objective: objectiveSchema,
  optimizer: optimizerSchema,
  schedule: scheduleSchema,
  augmentation: augmentationSchema,
  /** Pairs of views a step. */
  batch: z.int().min(2).max(8_192),
  /** Pairs that are computed at a time; null: all at once. With batch norm this is the group that statistics are taken over. */
  chunk: z.int().min(2).max(8_192).nullable(),
  /** Memory that training may take; a batch that needs more is computed in chunks. Null: as much as it needs. */
  memoryMegabytes: z.int().min(512).max(10_000_000).nullable().default(null),
  /** How long the run is. An epoch takes one pair from every track. Minutes count only while it runs. */
  length: z.discriminatedUnion('unit', [
    z.strictObject({ unit: z.literal('steps'), amount: z.int().min(1).max(100_000_000) }),
    z.strictObject({ unit: z.literal('epochs'), amount: z.int().min(1).max(1_000_000) }),
    z.strictObject({ unit: z.literal('minutes'), amount: z.number().min(0.05).max(1_000_000) }),
  ]),
  seed: z.int().min(0).max(0xffffffff),
  checkpoints: z.strictObject({
    everyMinutes: z.number().min(0.05).max(10_000),
    /** So many of the last are kept, and the best. */
    keep: z.int().min(1).max(1_000),
    best: z.enum(['loss', 'rank']),
  }),
  /** Decoded audio that may be kept on the disk. */
  cacheMegabytes: z.int().min(0).max(10_000_000),
});
export type PretrainSettings = z.infer<typeof pretrainSettingsSchema>;
