/** @file Between a step's numbers and a session's arrays. */
import { defined } from '../../base/index.ts';
import type { Method } from '../../learn/index.ts';
import type { SessionArray } from '../session.ts';
import { partPrefix, rememberedPrefix, watchedPrefix } from './graphs.ts';
import type { StepInput, StepResult } from './steps.ts';

/** A number as a session takes it. */
export function scalar(value: number): SessionArray {
  return { shape: [], data: Float32Array.of(value) };
}

/** Parts of a batch as a session takes them, without copying. */
export function partArrays({ parts }: Pick<Method, 'parts'>, batch: number, given: StepInput['batch']): Record<string, SessionArray> {
  return Object.fromEntries(parts.map(({ name, shape }) => [name, { shape: [batch, ...shape], data: defined(given[name], name) }]));
}

/** A named result of a session. */
export function numbers(outputs: Readonly<Record<string, SessionArray>>, name: string): Float32Array {
  return defined(outputs[name], name).data as Float32Array;
}

/** What a session tells of a step's loss and of what is watched. */
export function toldIn(outputs: Readonly<Record<string, SessionArray>>): Omit<StepResult, 'gradientNorms'> {
  const under = (prefix: string): [string, Float32Array][] =>
    Object.entries(outputs).flatMap(([name, { data }]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), data as Float32Array]] : [],
    );
  return {
    loss: numbers(outputs, 'loss')[0] ?? NaN,
    parts: Object.fromEntries(under(partPrefix).map(([name, [value = NaN]]) => [name, value])),
    watched: Object.fromEntries(under(watchedPrefix)),
    remembered: Object.fromEntries(under(rememberedPrefix)),
  };
}

/** What a whole step tells. */
export function resultOf(outputs: Readonly<Record<string, SessionArray>>): StepResult {
  return { ...toldIn(outputs), gradientNorms: numbers(outputs, 'gradientNorms') };
}
