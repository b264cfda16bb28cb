/** @file What a neuron’s page tells besides names: how its top segments sound beside others, and what the neuron heard at earlier checkpoints of its run. */
import { z } from 'zod';
import { encoderIdSchema } from '../ids.ts';
import { featureNumberSchema, heardSegmentSchema } from '../listen.ts';
import { runIdSchema } from '../pretrain/runs.ts';

export const neuronWishSchema = z.strictObject({ encoderId: encoderIdSchema, number: featureNumberSchema });
/** Which neuron is meant. */
export type NeuronWish = z.infer<typeof neuronWishSchema>;

const someSegmentsSchema = z.object({ segments: z.int(), tracks: z.int() });

/** A mean with its interval at 95 %, tracks as groups; null where there are fewer than two. */
const meanSchema = z.object({ mean: z.number(), low: z.number().nullable(), high: z.number().nullable() });

const comparedSchema = z.object({ top: meanSchema, rest: meanSchema, difference: meanSchema });

export const neuronSoundSchema = neuronWishSchema.extend({
  /** Of the audio that was measured, in Hz. */
  sampleRate: z.int(),
  top: someSegmentsSchema,
  /** Others, spread evenly over the library. */
  rest: someSegmentsSchema,
  /** Segments that were left out: silent, or their files could not be read. */
  left: z.int(),
  /** Of full scale, in dB. */
  level: comparedSchema,
  /** How far the level rises, and falls, within 50 ms where it does so fast, in dB. */
  attack: comparedSchema,
  decay: comparedSchema,
  /** Third octaves: share of the power, in dB. */
  bands: z.array(z.object({ hertz: z.number(), top: meanSchema, rest: meanSchema })),
});
/** How the segments that a neuron hears most sound beside others. */
export type NeuronSound = z.infer<typeof neuronSoundSchema>;

export const driftStepSchema = z.object({
  step: z.int(),
  /** Whether it is the encoder that is looked at. */
  isNow: z.boolean(),
  /** With what the neuron gives now, over segments that are spread evenly, with Fisher's interval at 95 %; null where it gives one number. */
  correlation: z.object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() }).nullable(),
  /** Of the segments that it hears most now, those among as many that it heard most then. */
  kept: z.int(),
  /** What it heard most then, of the segments that were looked at. */
  top: z.array(heardSegmentSchema),
});

export const neuronDriftSchema = neuronWishSchema.extend({
  runId: runIdSchema,
  runName: z.string(),
  /** Segments by which it is correlated, and their tracks. */
  segments: z.int(),
  tracks: z.int(),
  /** Top segments among which `kept` counts. */
  of: z.int(),
  /** Steps of checkpoints whose files are gone. */
  gone: z.array(z.int()),
  steps: z.array(driftStepSchema),
});
/** The same neuron at checkpoints of the run that it came from. */
export type NeuronDrift = z.infer<typeof neuronDriftSchema>;
