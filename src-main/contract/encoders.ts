/** @file Encoders, their indexes, and the devices that run them. */
import { z } from 'zod';
import { encoderChoices, poolings } from '../learn/about.ts';
import { encoderIdSchema } from './ids.ts';
import { runIdSchema } from './pretrain/runs.ts';

/** From one segment's start to the next's, in samples: a smaller hop would make an index of gigabytes an hour. */
export const hopBounds = { least: 256, most: 10_000_000 } as const;

/** Values of ONNX models have names as long as paths. */
export const longestOutputName = 1000;

export const indexInfoSchema = z.object({
  tracks: z.int(),
  segments: z.int(),
  /** Samples from one segment's start to the next's, at the encoder's rate. */
  hopSamples: z.int(),
  /** Tracks that are present and not yet in the index. */
  waiting: z.int(),
});
export type IndexInfo = z.infer<typeof indexInfoSchema>;

export const tagSetSchema = z.object({
  /** Stands for the tags where the Listen view asks for an encoder's features. */
  encoderId: encoderIdSchema,
  name: z.string(),
  /** Names of its features, in order. */
  labels: z.array(z.string()),
});
/** Tags that a head gives numbers to which came with its encoder: a listening table of their own. Spijkervet 2021 (MSc thesis), section 7.4. */
export type TagSet = z.infer<typeof tagSetSchema>;

export const featureSpaceSchema = z.object({
  /** Stands for the space wherever an encoder's number is asked for: its segments, notes, heads and index are its own. */
  encoderId: encoderIdSchema,
  /** One of the encoder's outputs besides its embedding. */
  output: z.string(),
  pooling: z.enum(poolings),
  /** `Block 3, mean` */
  title: z.string(),
  dimensions: z.int(),
  index: indexInfoSchema.nullable(),
});
/** An output of an encoder besides its embedding that was indexed: a layer, pooled over time. */
export type FeatureSpace = z.infer<typeof featureSpaceSchema>;

export const encoderSchema = z.object({
  id: encoderIdSchema,
  name: z.string(),
  /** `sample-cnn` */
  architecture: z.string(),
  /** Hz */
  sampleRate: z.int(),
  /** Samples of one segment at `sampleRate`. */
  cropSamples: z.int(),
  /** Features: dimensions of the embedding. */
  dimensions: z.int(),
  /** `untrained`: weights drawn from a seed; what its features hear is chance. `built-in`: it has no weights, and every library has it. */
  source: z.enum(['imported', 'untrained', 'trained', 'built-in']),
  /** The file it came from, or `seed 1`. */
  origin: z.string(),
  /** The run of this library that it came from and the step that it was taken at, whether or not that checkpoint is still there; null otherwise. */
  run: z.object({ id: runIdSchema, step: z.int() }).nullable(),
  createdAt: z.number(),
  index: indexInfoSchema.nullable(),
  /** Null when no head came with it. */
  tagSet: tagSetSchema.nullable(),
  /** Those that were not removed, oldest first. */
  spaces: z.array(featureSpaceSchema),
});
export type Encoder = z.infer<typeof encoderSchema>;

const text = z.string().min(1).max(longestOutputName);
const hertz = z.number().min(0).max(1e6);

/** What an ONNX file does not say of itself; what it says may be left out. */
export const onnxWishSchema = z.strictObject({
  input: text.optional(),
  kind: z.enum(['wave', 'log-mel']).optional(),
  /** What is left out is torchaudio's default. */
  mel: z
    .strictObject({
      window: z
        .int()
        .min(4)
        .max(2 ** 16),
      hop: z
        .int()
        .min(1)
        .max(2 ** 16),
      bands: z
        .int()
        .min(1)
        .max(2 ** 15),
      lowestHz: hertz,
      highestHz: hertz,
      scale: z.enum(['htk', 'slaney']),
      norm: z.enum(['slaney', 'none']),
      power: z.literal([1, 2]),
      compression: z.enum(['log1p', 'decibel', 'none']),
      normalisation: z.enum(['min-max', 'none']),
    })
    .partial()
    .optional(),
  /** Which axis of the spectrogram comes first. */
  order: z.enum(['bands-first', 'frames-first']).optional(),
  sampleRate: z.int().min(100).max(768_000).optional(),
  cropSamples: z
    .int()
    .min(1)
    .max(2 ** 26)
    .optional(),
  /** Any output, or any value that a node makes. */
  output: text.optional(),
  pooling: z.enum(poolings).optional(),
  /** The axis of the neurons. */
  axis: z.int().min(0).max(7).optional(),
});
export type OnnxWish = z.infer<typeof onnxWishSchema>;

/** Patches that a Vision Transformer of one kind looks at: 16 bands by 16 frames, or all bands by 2 frames. */
export const patchKinds = ['square', 'tall'] as const;
export type PatchWish = (typeof patchKinds)[number];

const onnxValueSchema = z.object({
  name: z.string(),
  /** Element type by ONNX's number; 1: 32-bit floating point. */
  type: z.int(),
  /** Null sizes are not told; texts name open ones. */
  shape: z.array(z.union([z.int(), z.string(), z.null()])).nullable(),
});
export const onnxSummarySchema = z.object({
  inputs: z.array(onnxValueSchema),
  outputs: z.array(onnxValueSchema),
  /** Every value that a node makes. */
  values: z.array(z.string()),
  /** In hertz, where the file says it. */
  sampleRate: z.int().nullable(),
});
/** What an ONNX file takes and gives. */
export type OnnxSummary = z.infer<typeof onnxSummarySchema>;

/** How an encoder is given away: a model's folder, a bundle for another library, or a single file. */
export const encoderLayouts = ['folder', 'bundle', 'onnx', 'safetensors'] as const;
/** One of {@link encoderLayouts}. */
export type EncoderLayout = (typeof encoderLayouts)[number];

/** An encoder that was imported. `remarks`: sentences about what was found in its file and is not used. */
export const importedEncoderSchema = encoderSchema.extend({
  remarks: z.array(z.string()),
});
export type ImportedEncoder = z.infer<typeof importedEncoderSchema>;

export const encoderOutputSchema = z.object({
  /** `block-3`; `embedding` for what every encoder has. */
  name: z.string(),
  title: z.string(),
  /** Neurons. */
  dimensions: z.int(),
});
/** Something that an encoder computes and that can be indexed: its embedding, or a layer's values, pooled over time. */
export type EncoderOutput = z.infer<typeof encoderOutputSchema>;

export {
  embeddingOutput,
  encoderTitles,
  featureName,
  firstFeatures,
  publishedRates as encoderSampleRates,
  timbreStatistics,
} from '../learn/about.ts';
export { poolings };
export type { Pooling } from '../learn/about.ts';

/** Those that a run may train. */
export const architectureSchema = z.enum(Object.keys(encoderChoices) as (keyof typeof encoderChoices)[]);
/** A family of encoders that a run may train. */
export type Architecture = z.infer<typeof architectureSchema>;

export const deviceSchema = z.object({
  id: z.string(),
  name: z.string(),
  available: z.boolean(),
  /** How it did in its trial; or why it is not available and how to get it. */
  reason: z.string(),
  /** Whether it is the one that `auto` takes. */
  isAutomatic: z.boolean(),
});
export type Device = z.infer<typeof deviceSchema>;
