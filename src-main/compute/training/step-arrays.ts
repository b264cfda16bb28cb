/** @file Between a step's numbers and a session's arrays. */
import { defined } from '../../base/index.ts';
import type { SessionArray } from '../session.ts';
import { partPrefix } from './graphs.ts';
import type { StepResult } from './steps.ts';

/** A number as a session takes it. */
export function scalar(value: number): SessionArray {
  return { shape: [], data: Float32Array.of(value) };
}

/** The two views in `[2 · batch, samples]`, without copying. */
export function viewsOf(waves: Float32Array, batch: number, samples: number): [SessionArray, SessionArray] {
  const half = batch * samples;
  return [
    { shape: [batch, samples], data: waves.subarray(0, half) },
    { shape: [batch, samples], data: waves.subarray(half) },
  ];
}

/** A named result of a session. */
export function numbers(outputs: Readonly<Record<string, SessionArray>>, name: string): Float32Array {
  return defined(outputs[name], name).data as Float32Array;
}

/** The parts of the loss among a session's results. */
export function partsIn(outputs: Readonly<Record<string, SessionArray>>): Record<string, number> {
  const parts = Object.entries(outputs).filter(([name]) => name.startsWith(partPrefix));
  return Object.fromEntries(parts.map(([name, { data }]) => [name.slice(partPrefix.length), data[0] ?? NaN]));
}

/** What a whole step tells. */
export function resultOf(outputs: Readonly<Record<string, SessionArray>>): StepResult {
  return {
    loss: numbers(outputs, 'loss')[0] ?? NaN,
    parts: partsIn(outputs),
    gradientNorms: numbers(outputs, 'gradientNorms'),
    embeddings: numbers(outputs, 'embeddings'),
    projections: numbers(outputs, 'projections'),
  };
}
