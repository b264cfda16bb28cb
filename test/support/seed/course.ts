/** @file How a training without learning goes: curves that fall, and embeddings that spread or collapse. The verdict is the training process's own. */
import type { pretraining } from '../../../src-main/contract/index.ts';
import { findEncoder } from '../../../src-main/learn/index.ts';
import type { WeightArrays } from '../../../src-main/learn/index.ts';
import { judge } from '../../../src-main/worker/train/health.ts';
import { noise } from './track-plan.ts';

/** How a run goes. */
export type Course = {
  seed: number;
  recipe: pretraining.RecipeName;
  learningRate: number;
  batch: number;
  isCollapsing: boolean;
};

/** Steps a second, as the figures tell it. */
export const courseStepsPerSecond = 1.6;
/** Steps an epoch of every run. */
export const courseStepsPerEpoch = 3;
const bins = 40;

/** How a run with these settings goes. */
export function courseOf(settings: pretraining.PretrainSettings, isCollapsing = false): Course {
  const { recipe, optimizer, batch, seed } = settings;
  return { seed, recipe, batch, isCollapsing, learningRate: optimizer.learningRate };
}

/** What is measured at a step, from 1. */
export function pointAt(course: Course, step: number): pretraining.RunPoint {
  const jitter = noise(course.seed * 7919 + step, 3) - 0.5;
  const fall = Math.exp(-step / 90);
  const parts: Record<string, number> =
    course.recipe === 'clmr'
      ? {}
      : {
          invariance: 3.2 * fall + 1.4 + jitter * 0.2,
          variance: 9 * fall + 2.1 + jitter * 0.3,
          covariance: 0.4 + 2.2 * (1 - fall) + jitter * 0.1,
        };
  const summed = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return {
    step,
    epoch: step / courseStepsPerEpoch,
    loss: course.recipe === 'clmr' ? 1.1 + 3.1 * fall + jitter * 0.22 : summed,
    parts,
    learningRate: course.learningRate * Math.min(1, step / 20),
    gradientNorm: 0.6 + 2 * fall + jitter * 0.3,
    clipsPerSecond: courseStepsPerSecond * course.batch + jitter * 6,
    stepsPerSecond: courseStepsPerSecond,
  };
}

/** Whether its embeddings tell clips apart at a step. */
export function healthAt({ isCollapsing, batch, seed }: Course, step: number): pretraining.Health {
  const learnt = 1 - Math.exp(-step / 60);
  const dimensions = 512;
  const rank = isCollapsing ? 1.3 + 20 * Math.exp(-step / 40) : Math.min(2 * batch, 64) * (0.12 + 0.5 * learnt) + noise(seed, step);
  const positive = isCollapsing ? 0.995 : 0.55 + 0.36 * learnt;
  const negative = isCollapsing ? 0.99 - 0.5 * Math.exp(-step / 40) : 0.42 * Math.exp(-step / 60) + 0.03;
  const deviationMean = (isCollapsing ? 0.01 : 0.4 + 0.4 * learnt) / Math.sqrt(dimensions);
  return {
    ...{ deviationLeast: deviationMean / 3, deviationMean, rank, dimensions, positive, negative },
    positives: bell(positive, isCollapsing ? 0.02 : 0.12, batch),
    negatives: bell(negative, isCollapsing ? 0.03 : 0.16, batch * (batch - 1)),
    ...judge(deviationMean * Math.sqrt(dimensions), rank, negative),
  };
}

function bell(mean: number, width: number, count: number): number[] {
  const weights = Array.from({ length: bins }, (_, bin) => Math.exp(-(((-1 + (2 * (bin + 0.5)) / bins - mean) / width) ** 2) / 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => Math.round((weight / (sum || 1)) * count));
}

/** Weights that nobody learnt, under the names that a training's have. */
export function standInWeights({ encoder }: pretraining.PretrainSettings, seed: number): WeightArrays {
  const drawn = findEncoder(encoder.architecture, encoder.sampleRate).initialise(seed);
  const projector = { shape: [2, 2], data: Float32Array.of(seed, 0, 0, seed) };
  return new Map([...[...drawn].map(([name, array]) => [`encoder.${name}`, array] as const), ['projector.0.weight', projector]]);
}
