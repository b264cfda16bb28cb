/** @file Why two vectors are near: of unit vectors the cosine is the sum of a·b over the neurons, so that every neuron has its exact part of it. */
import type { Contribution, NeuronWeight } from '../../contract/index.ts';
import { AppError } from '../../base/index.ts';

/** Neurons named beside a row, and over all rows. */
const whyCount = 3;
const neuronsCount = 24;

/**
 * Every neuron's part of the (weighted) cosine of two vectors; the parts add up to it.
 * @param weights `[dimensions]`, null for 1 everywhere: the parts are w·a·b / √(Σ w·a² · Σ w·b²)
 * @returns `[dimensions]`
 */
export function contributionsOf(a: Float32Array, b: Float32Array, weights: Float32Array | null): Float64Array {
  const parts = new Float64Array(a.length);
  let lengthA = 0;
  let lengthB = 0;
  for (let i = 0; i < parts.length; i++) {
    const ofA = a[i] as number;
    const ofB = b[i] as number;
    const weight = weights === null ? 1 : (weights[i] as number);
    parts[i] = weight * ofA * ofB;
    lengthA += weight * ofA * ofA;
    lengthB += weight * ofB * ofB;
  }
  const length = Math.sqrt(lengthA * lengthB);
  const scale = length === 0 ? 0 : 1 / length;
  for (let i = 0; i < parts.length; i++) parts[i] = scale * (parts[i] as number);
  return parts;
}

/** All parts as a list, largest first. */
export function ranked(parts: Float64Array): Contribution[] {
  return [...parts].map(named).sort((a, b) => b.contribution - a.contribution);
}

/** The neurons that contribute most to one row, most first; none that takes away. */
export function whyOf(parts: Float64Array): Contribution[] {
  return largest(parts, whyCount).filter(({ contribution }) => contribution > 0);
}

/**
 * The neurons that contribute most over all rows, by the mean of their parts, most first; and every one that a person gave a weight.
 * @param rows each `[dimensions]`
 */
export function neuronsOf(rows: readonly Float64Array[], weighted: readonly NeuronWeight[], dimensions: number): Contribution[] {
  const means = new Float64Array(dimensions);
  for (const parts of rows) for (let i = 0; i < dimensions; i++) means[i] = (means[i] as number) + (parts[i] as number) / rows.length;
  const features = new Set(weighted.map(({ feature }) => feature));
  for (const { feature, contribution } of largest(means, neuronsCount)) if (contribution > 0) features.add(feature);
  return [...features]
    .map((feature) => named(means[feature] ?? 0, feature))
    .sort((a, b) => b.contribution - a.contribution || a.feature - b.feature);
}

/**
 * A person's weights as one number a neuron; null when all count alike.
 * @throws AppError BAD_INPUT for a neuron that the encoder does not have, and when nothing is left to compare by
 */
export function weightsOf(weights: readonly NeuronWeight[], dimensions: number): Float32Array | null {
  const unknown = weights.find(({ feature }) => feature >= dimensions);
  if (unknown !== undefined)
    throw new AppError('BAD_INPUT', `The encoder has neurons 0 to ${dimensions - 1}; there is no neuron ${unknown.feature}.`);
  const values = new Float32Array(dimensions).fill(1);
  for (const { feature, weight } of weights) values[feature] = weight;
  if (values.every((weight) => weight === 0))
    throw new AppError('BAD_INPUT', 'Every neuron is muted: nothing is left to compare by. Take some mutes away.');
  return values.every((weight) => weight === 1) ? null : values;
}

function named(contribution: number, feature: number): Contribution {
  return { feature, contribution };
}

function largest(parts: Float64Array, count: number): Contribution[] {
  const best: Contribution[] = [];
  let least = -Infinity;
  for (let feature = 0; feature < parts.length; feature++) {
    const contribution = parts[feature] as number;
    if (contribution <= least) continue;
    const at = best.findIndex((one) => one.contribution < contribution);
    best.splice(at < 0 ? best.length : at, 0, named(contribution, feature));
    if (best.length > count) best.pop();
    if (best.length === count) least = best[count - 1]?.contribution ?? -Infinity;
  }
  return best;
}
