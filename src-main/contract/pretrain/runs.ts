/** @file Runs: one pre-training each, with what it was, how it went, and the checkpoints that it left. */
import { z } from 'zod';
import { comparisonSchema } from '../comparison.ts';
import { encoderIdSchema, folderIdSchema, jobIdSchema, trackIdSchema } from '../ids.ts';
import { intervalSchema } from '../interval.ts';
import { pretrainSettingsSchema } from './settings.ts';

export const runIdSchema = z.int().positive().brand<'RunId'>();
/** A run: one pre-training. */
export type RunId = z.infer<typeof runIdSchema>;

/** Which tracks a run learns from. */
export const trackSelectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('library') }),
  z.strictObject({ kind: z.literal('folder'), folderId: folderIdSchema }),
  z.strictObject({ kind: z.literal('tracks'), trackIds: z.array(trackIdSchema).min(1).max(200_000) }),
]);
export type TrackSelection = z.infer<typeof trackSelectionSchema>;

/** `stopped`: ended early by the person, its last state kept. `interrupted`: the program ended; it can go on. */
export const runStates = ['waiting', 'running', 'paused', 'done', 'stopped', 'failed', 'interrupted'] as const;
export type RunState = (typeof runStates)[number];

/** Counts of similarities in equal bins from −1 to 1. */
const histogram = z.array(z.int());

const interval = intervalSchema.nullable();
/** Means over labels with 95 % intervals, whose ends are null where there are too few groups; null where they are not defined. Accuracy is of classes alone. */
const labelScores = z.object({ rocAuc: interval, averagePrecision: interval, accuracy: interval });

/** Of each label: held-out tracks that it fits, that it does not, and its figures. */
const eachLabel = z.array(
  z.object({ name: z.string(), yes: z.int(), no: z.int(), rocAuc: z.number().nullable(), averagePrecision: z.number().nullable() }),
);

/** What held-out tracks say of labels. */
export const heldOutSchema = z.object({
  /** When they were measured. */
  step: z.int(),
  tracks: z.int(),
  /** What intervals are resampled by; absent in runs of earlier versions. */
  groupedBy: z.enum(['artist', 'album']).optional(),
  /** Each track has one class: accuracy is its score; else average precision. */
  isExclusive: z.boolean(),
  loss: z.number(),
  scores: labelScores,
  each: eachLabel,
  /** What guessing gives. */
  chance: z.object({ rocAuc: z.number(), averagePrecision: z.number().nullable(), accuracy: z.number().nullable() }),
  /** What a linear head reaches on the encoder that the run began with: of how many labels, and whether that encoder had learnt before. */
  began: labelScores.extend({ labels: z.int(), isContinued: z.boolean() }).nullable(),
  /**
   * What it reaches on the mean and deviation over time of 20 mel-frequency cepstral coefficients of the same tracks: what needs no encoder. Null where no label
   * has examples enough; absent in runs of earlier versions, where it was not measured.
   */
  mfcc: labelScores.extend({ labels: z.int() }).nullable().optional(),
  /** The best measurement; `figures` are absent in runs of earlier versions. */
  best: z.object({
    ...{ step: z.int(), score: z.number(), loss: z.number() },
    figures: z.object({ tracks: z.int(), scores: labelScores, each: eachLabel }).optional(),
  }),
  /** Measurements in a row that were no better than the best. */
  since: z.int(),
});
export type HeldOut = z.infer<typeof heldOutSchema>;

/** Whether embeddings still tell clips apart. */
export const healthSchema = z.object({
  /** Standard deviation of the normalised embeddings over the batch, least and mean of all dimensions. */
  deviationLeast: z.number(),
  deviationMean: z.number(),
  /** Effective number of dimensions: exp of the entropy of the covariance's eigenvalues (Roy and Vetterli 2007), and how many there are. */
  rank: z.number(),
  dimensions: z.int(),
  /** Cosine similarities of what is compared (two views, or what is predicted and what came) of a track, and of different tracks. */
  positives: histogram,
  negatives: histogram,
  /** Mean of each. */
  positive: z.number(),
  negative: z.number(),
  /** `unlearnt`: nothing is wrong, but chance or an untrained encoder may look the same. */
  verdict: z.enum(['healthy', 'unlearnt', 'collapsing', 'collapsed']),
  /** The verdict in words. */
  says: z.string(),
  /** Absent without labels, and before the first measurement. */
  heldOut: heldOutSchema.optional(),
});
export type Health = z.infer<typeof healthSchema>;

/** What is known at a step. */
export const runPointSchema = z.object({
  /** Steps done, from 1. */
  step: z.int(),
  epoch: z.number(),
  loss: z.number(),
  /** The loss's parts by name, for example `variance`. */
  parts: z.record(z.string(), z.number()),
  learningRate: z.number(),
  gradientNorm: z.number(),
  clipsPerSecond: z.number(),
  stepsPerSecond: z.number(),
});
export type RunPoint = z.infer<typeof runPointSchema>;

export const checkpointSchema = z.object({
  step: z.int(),
  savedAt: z.number(),
  loss: z.number(),
  rank: z.number(),
  bytes: z.int(),
  isBest: z.boolean(),
  isLast: z.boolean(),
  /** The encoder that was made from it. */
  encoderId: encoderIdSchema.nullable(),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

export const runSchema = z.object({
  id: runIdSchema,
  name: z.string(),
  state: z.enum(runStates),
  settings: pretrainSettingsSchema,
  selection: trackSelectionSchema,
  /** The device that was asked for (an id or `auto`), and the one that it runs on once that is known. */
  deviceWanted: z.string(),
  device: z.string().nullable(),
  deviceReason: z.string(),
  /** Tracks that it learns from. */
  tracks: z.int(),
  step: z.int(),
  /** Null while the length is in minutes and nothing was measured. */
  totalSteps: z.int().nullable(),
  /** Time spent training. */
  activeSeconds: z.number(),
  last: runPointSchema.nullable(),
  health: healthSchema.nullable(),
  /** How its encoder does beside the one that it stands upon; absent or null where that was not compared. */
  comparison: comparisonSchema.nullable().optional(),
  /** Why it failed, or what to know about it, as a sentence. */
  message: z.string(),
  /** Earmark's version, and the run and step that it goes on from. */
  codeVersion: z.string(),
  continuesRunId: runIdSchema.nullable(),
  continuesStep: z.int().nullable(),
  jobId: jobIdSchema.nullable(),
  checkpoints: z.array(checkpointSchema),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** A run's curves, column by column; thinned to at most so many points as were asked for. */
export const curvesSchema = z.object({
  step: z.array(z.int()),
  epoch: z.array(z.number()),
  seconds: z.array(z.number()),
  loss: z.array(z.number()),
  learningRate: z.array(z.number()),
  gradientNorm: z.array(z.number()),
  clipsPerSecond: z.array(z.number()),
  parts: z.record(z.string(), z.array(z.number())),
  /** Health is measured less often: its own steps. */
  healthStep: z.array(z.int()),
  rank: z.array(z.number()),
  deviationMean: z.array(z.number()),
  positive: z.array(z.number()),
  negative: z.array(z.number()),
  /** Held-out tracks are measured at steps of their own; none without labels. Scores: average precision, or accuracy of classes. */
  heldOutStep: z.array(z.int()),
  heldOutLoss: z.array(z.number()),
  heldOutScore: z.array(z.number()),
});
export type Curves = z.infer<typeof curvesSchema>;

/** What a run would take, from one measured step. */
export const estimateSchema = z.object({
  device: z.string(),
  deviceReason: z.string(),
  tracks: z.int(),
  /** Tracks that are too short for a crop. */
  tooShort: z.int(),
  stepSeconds: z.number(),
  /** Peak memory of the training process. */
  megabytes: z.number(),
  steps: z.int(),
  epochs: z.number(),
  /** Of `totalSeconds`: what the steps of the first epoch wait for tracks to be decoded. */
  decodeSeconds: z.number(),
  totalSeconds: z.number(),
  /** What a person should know before starting, as sentences. */
  warnings: z.array(z.string()),
});
export type Estimate = z.infer<typeof estimateSchema>;

/** What there is to learn with labels: how many tracks, of which label, on which side, and why it could not be learnt. */
export const labelOverviewSchema = z.object({
  names: z.array(z.string()),
  /** Each track has one class. */
  isExclusive: z.boolean(),
  /** Of the chosen tracks; learnt from; held out. The two may be fewer than those labelled where a share is used. */
  labelled: z.int(),
  taught: z.int(),
  heldOut: z.int(),
  /** Tracks without one class where they must have one; rows of a table that name no track. */
  leftOut: z.int(),
  notFound: z.int(),
  /** The first of these rows, with their lines and what stands there. */
  notFoundRows: z.array(z.object({ line: z.int(), text: z.string() })),
  each: z.array(z.object({ name: z.string(), yes: z.int(), no: z.int(), heldOutYes: z.int(), heldOutNo: z.int() })),
  /** What is missing, as a sentence; null when it can be learnt. */
  problem: z.string().nullable(),
});
export type LabelOverview = z.infer<typeof labelOverviewSchema>;

/** A column of a table that can be learnt from: of 0 and 1, or of words, each of which is a label. */
export const labelColumnSchema = z.object({ name: z.string(), kind: z.enum(['label', 'words']), labels: z.int() });
export type LabelColumn = z.infer<typeof labelColumnSchema>;

/** One augmented view of a clip, to be heard and seen. */
export const augmentedViewSchema = z.object({
  startMs: z.number(),
  /** The transforms that were applied, with what was drawn, for example `pitch +3.2 semitones`. */
  applied: z.array(z.string()),
  /** Base64 of 16-bit samples, mono. */
  wave: z.string(),
  /** Base64 of bytes, `[bands][frames]`, 0 to 255 over 80 dB below the loudest. */
  spectrogram: z.string(),
  bands: z.int(),
  frames: z.int(),
});
export const viewPairSchema = z.object({
  trackId: trackIdSchema,
  title: z.string(),
  artist: z.string(),
  sampleRate: z.int(),
  views: z.array(augmentedViewSchema),
});
export type ViewPair = z.infer<typeof viewPairSchema>;
