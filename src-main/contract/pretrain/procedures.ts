/** @file Procedures of pre-training and of runs. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { encoderIdSchema, jobIdSchema } from '../ids.ts';
import {
  curvesSchema,
  estimateSchema,
  labelColumnSchema,
  labelOverviewSchema,
  viewPairSchema,
  runIdSchema,
  runSchema,
  trackSelectionSchema,
} from './runs.ts';
import { pretrainSettingsSchema } from './settings.ts';

const device = z.string().min(1).max(64);
const step = z.int().min(0);
const runOnly = z.strictObject({ runId: runIdSchema });
const started = z.object({ runId: runIdSchema, jobId: jobIdSchema });

/** `pretrain.…` begins and tries; `runs.…` is about runs that exist. A run under way is paused, resumed and stopped through its job. */
export const pretrainContract = {
  pretrain: {
    /** Measures one step on the device with these settings. Takes seconds; ends early when the caller goes away. */
    estimate: oc
      .input(z.strictObject({ settings: pretrainSettingsSchema, selection: trackSelectionSchema, device }))
      .output(estimateSchema),
    /** What there is to learn with the labels that settings name, and of a table the columns to choose from. */
    labels: oc
      .input(z.strictObject({ settings: pretrainSettingsSchema, selection: trackSelectionSchema }))
      .output(labelOverviewSchema.extend({ columns: z.array(labelColumnSchema) })),
    /**
     * Begins a run. `continues`: takes weights, and where settings allow also the optimiser's state, from a checkpoint. `waits`: one that learns from an index
     * begins when the index job under way has ended (as when left out); false: it learns from what was heard by now.
     */
    start: oc
      .input(
        z.strictObject({
          name: z.string().trim().min(1).max(200).optional(),
          settings: pretrainSettingsSchema,
          selection: trackSelectionSchema,
          device,
          continues: z.strictObject({ runId: runIdSchema, step }).optional(),
          waits: z.boolean().optional(),
        }),
      )
      .output(started),
    /** Two augmented views of a track that the seed draws. */
    hear: oc
      .input(z.strictObject({ settings: pretrainSettingsSchema, selection: trackSelectionSchema, seed: z.int().min(0).max(0xffffffff) }))
      .output(viewPairSchema),
  },
  runs: {
    /** Newest first. */
    list: oc.output(z.array(runSchema)),
    get: oc.input(runOnly).output(runSchema),
    curves: oc.input(z.strictObject({ runId: runIdSchema, points: z.int().min(2).max(100_000) })).output(curvesSchema),
    rename: oc.input(z.strictObject({ runId: runIdSchema, name: z.string().trim().min(1).max(200) })).output(runSchema),
    /** Goes on with an interrupted, stopped, failed or finished run from its last checkpoint; `length` makes it longer. */
    resume: oc
      .input(z.strictObject({ runId: runIdSchema, device: device.optional(), length: pretrainSettingsSchema.shape.length.optional() }))
      .output(started),
    /** Ends a run after the step under way, with a checkpoint. */
    stop: oc.input(runOnly).output(z.void()),
    /** Takes a run out of the list; `restore` brings it back. Earmark deletes its files at the first start seven days later. */
    remove: oc.input(runOnly).output(z.void()),
    restore: oc.input(runOnly).output(z.void()),
    /** Makes a checkpoint an encoder that can index the library. The same checkpoint gives the same encoder. */
    makeEncoder: oc.input(z.strictObject({ runId: runIdSchema, step })).output(z.object({ encoderId: encoderIdSchema })),
    /**
     * Writes to a new file. `clmr`: a checkpoint's weights as safetensors with the names of CLMR's checkpoints. `onnx`: the encoder to run elsewhere.
     * `run`: settings and curves as JSON.
     */
    export: oc
      .input(
        z.strictObject({
          runId: runIdSchema,
          step,
          path: z.string().min(1).max(4096),
          layout: z.enum(['clmr', 'onnx', 'run']),
        }),
      )
      .output(z.object({ path: z.string(), bytes: z.int() })),
  },
};
