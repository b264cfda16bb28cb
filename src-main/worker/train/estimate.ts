/** @file What a run would take: a few steps are measured, with the data that it would have. */
import { countOf } from '../../base/index.ts';
import { availableParallelism, totalmem } from 'node:os';
import type { ResolvedDevice, StepResult } from '../../compute/index.ts';
import { openTrainer } from '../../compute/index.ts';
import { pretraining } from '../../contract/index.ts';
import { chunkOf, createModel } from '../../learn/index.ts';
import type { TrainRequest } from '../../service/index.ts';
import type { StepFeed } from '../feed/index.ts';
import { encodeCheckpoint } from './checkpoint-files.ts';
import { Plan } from './plan.ts';

/** The first step touches memory for the first time; the others are what counts. */
const steps = 3;

/** Measures steps on a device. @throws as a run would */
export async function estimateRun(
  { settings }: Extract<TrainRequest, { type: 'estimate' }>,
  feed: StepFeed,
  device: ResolvedDevice,
): Promise<pretraining.Estimate> {
  const { tracks, tooShort, stepsPerEpoch } = await feed.prepare();
  const askedAt = performance.now();
  const { parts } = await feed.batch(0);
  // What a step waits for while its tracks are decoded for the first time.
  const decodeStepSeconds = (performance.now() - askedAt) / 1000;
  const model = createModel(settings);
  const { batch, seed } = settings;
  const chunk = chunkOf(settings);
  const trainer = await openTrainer({ model, device: device.id, batch, chunk, weights: model.method.initialise(seed) });
  let stepSeconds = Infinity;
  let result: StepResult | undefined;
  for (let step = 0; step < steps; step++) {
    const startedAt = performance.now();
    result = await trainer.step({ batch: parts, learningRate: 0, step: step + 1 });
    stepSeconds = Math.min(stepSeconds, (performance.now() - startedAt) / 1000);
  }
  // A checkpoint is made and not written: its copies come on top of what the steps took, and the largest amount of memory in use is what counts.
  encodeCheckpoint({ step: steps, settings, ...(await trainer.read()), memory: new Map() });
  await trainer.close();
  const megabytes = process.resourceUsage().maxRSS / 1024;
  const plan = new Plan(settings, stepsPerEpoch);
  const planned = plan.fixedSteps ?? stepsWithin(60 * settings.length.amount, { stepSeconds, decodeStepSeconds, stepsPerEpoch });
  const decodeSeconds = decodeStepSeconds * Math.min(planned, stepsPerEpoch);
  return {
    device: device.id,
    deviceReason: device.reason,
    tracks,
    tooShort,
    stepSeconds,
    megabytes,
    steps: planned,
    epochs: planned / stepsPerEpoch,
    decodeSeconds,
    totalSeconds: planned * stepSeconds + decodeSeconds,
    warnings: warningsOf({
      settings,
      chunk,
      canBeChunked: model.method.pieces !== null,
      tracks,
      tooShort,
      megabytes,
      loss: result?.loss ?? 0,
    }),
  };
}

type Pace = { stepSeconds: number; decodeStepSeconds: number; stepsPerEpoch: number };

/** How many steps fit into a time, of which those of the first epoch also wait for their tracks to be decoded. */
export function stepsWithin(seconds: number, { stepSeconds, decodeStepSeconds, stepsPerEpoch }: Pace): number {
  const first = Math.min(stepsPerEpoch, seconds / (stepSeconds + decodeStepSeconds));
  const remainingSteps = Math.max(0, seconds - first * (stepSeconds + decodeStepSeconds)) / stepSeconds;
  return Math.max(1, Math.round(first + (first < stepsPerEpoch ? 0 : remainingSteps)));
}

type Seen = {
  settings: pretraining.PretrainSettings;
  chunk: number | null;
  canBeChunked: boolean;
  tracks: number;
  tooShort: number;
  megabytes: number;
  loss: number;
};

function warningsOf({ settings, chunk, canBeChunked, tracks, tooShort, megabytes, loss }: Seen): string[] {
  const warnings: string[] = [];
  if (chunk !== null) warnings.push(`Tracks are computed ${chunk} at a time; batch norm takes its statistics over these.`);
  const { objective } = settings;
  if (pretraining.learnsLabels(objective))
    warnings.push(
      `Held-out tracks are heard besides: ${countOf(objective.measuredCrops, 'crop')} of each, of ${countOf(objective.measuredTracks, 'track')} at most, before the first step and at every measurement.`,
    );
  if (tooShort > 0)
    warnings.push(`${countOf(tooShort, 'track is shorter than one crop and is', 'tracks are shorter than one crop and are')} left out.`);
  if (tracks < 2 * settings.batch)
    warnings.push(`With ${countOf(tracks, 'track')}, a batch of ${settings.batch} sees nearly all of them in every step.`);
  if (megabytes * 1024 * 1024 > 0.8 * totalmem())
    warnings.push(`This takes most of the machine’s memory. A ${canBeChunked ? 'chunk' : 'smaller batch'} takes less.`);
  if (!Number.isFinite(loss)) warnings.push('The first steps gave numbers that are not finite; look at the settings.');
  if (availableParallelism() < 2) warnings.push('With a single core, decoding and training take turns.');
  return warnings;
}
