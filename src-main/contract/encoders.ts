/** @file Encoders, their indexes, and the devices that run them. */
import { z } from 'zod';
import { encoderChoices, poolings } from '../learn/about.ts';
import { encoderIdSchema } from './ids.ts';

/** From one segment's start to the next's, in samples: a smaller hop would make an index of gigabytes an hour. */
export const hopBounds = { least: 256, most: 10_000_000 } as const;

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
  /** `untrained`: weights drawn from a seed; what its features hear is chance. */
  source: z.enum(['imported', 'untrained', 'trained']),
  /** The file it came from, or `seed 1`. */
  origin: z.string(),
  createdAt: z.number(),
  index: indexInfoSchema.nullable(),
  /** Null when no head came with it. */
  tagSet: tagSetSchema.nullable(),
  /** Those that were not removed, oldest first. */
  spaces: z.array(featureSpaceSchema),
});
export type Encoder = z.infer<typeof encoderSchema>;

/** An encoder that was imported. `remarks`: sentences about what was found in its file and is not used. */
export const importedEncoderSchema = encoderSchema.extend({ remarks: z.array(z.string()) });
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

export { embeddingOutput, encoderTitles, publishedRates as encoderSampleRates } from '../learn/about.ts';
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
