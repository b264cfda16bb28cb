/** @file One training step, whatever way it is computed: what goes in, what comes out, and what such a way is opened with. */
import type { training, WeightArrays } from '../../learn/index.ts';

/** `batch`: the parts of the method by name, each `[batch, …]`. `step` counts from 1. */
export type StepInput = { batch: Readonly<Record<string, Float32Array>>; learningRate: number; step: number };

/** What a step tells. Norms are those of the trainable weights' gradients, in the order of `Trainer.trainable`. */
export type StepResult = {
  loss: number;
  parts: Record<string, number>;
  gradientNorms: Float32Array;
  /** What the method watches, by name. */
  watched: Record<string, Float32Array>;
  /** What is remembered of each item's track until it comes again, by the names of the parts that hold it then. */
  remembered: Record<string, Float32Array>;
};

/** Clips that are evaluated at a time. */
export const evaluatedClips = 16;

/** How steps are taken on a kind of device. */
export type Steps = {
  take(input: StepInput): Promise<StepResult>;
  /** What the method tells of clips that are held out, by name; of at most {@link evaluatedClips}. @param wave `[clips, cropSamples]` */
  evaluate(wave: Float32Array): Promise<Record<string, Float32Array>>;
  /** Weights and state as they are now. */
  read(names: readonly string[]): Promise<Map<string, { shape: readonly number[]; data: Float32Array }>>;
  close(): Promise<void>;
};

/** What steps are opened with. `state` holds every slot. */
export type OpenSteps<Device> = {
  model: training.TrainingModel;
  device: Device;
  batch: number;
  chunkElements: number;
  weights: WeightArrays;
  state: WeightArrays;
  threads: number;
};
