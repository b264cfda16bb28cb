/** @file What a method tells of clips that are held out, with the weights as they lie on the device. */
import { AppError } from '../../base/index.ts';
import type { OnnxDeviceId } from '../devices/device.ts';
import { record } from '../record/record.ts';
import { evaluationGraph } from './graphs.ts';
import { numbers } from './step-arrays.ts';
import type { Residents } from './resident.ts';
import { evaluatedClips } from './steps.ts';
import type { OpenSteps } from './steps.ts';

type Told = Record<string, Float32Array>;

/** Evaluates clips; the graph is opened when it is first needed. */
export function evaluator({ model }: Pick<OpenSteps<OnnxDeviceId>, 'model'>, residents: Residents): (wave: Float32Array) => Promise<Told> {
  const { cropSamples } = model.method.encoder;
  let opened: ReturnType<Residents['open']> | undefined;
  return async (wave) => {
    opened ??= residents.open(record(evaluationGraph({ model, batch: evaluatedClips })));
    const run = await opened;
    const clips = clipsOf(wave, cropSamples);
    // One graph for all: what is missing of a batch is silence.
    const padded = new Float32Array(evaluatedClips * cropSamples);
    padded.set(wave);
    const outputs = await run({ wave: { shape: [evaluatedClips, cropSamples], data: padded } });
    return firstRows(Object.fromEntries(Object.keys(outputs).map((name) => [name, numbers(outputs, name)])), clips);
  };
}

/** @throws AppError INTERNAL for more clips than are evaluated at a time, or parts of one */
export function clipsOf(wave: Float32Array, cropSamples: number): number {
  const clips = wave.length / cropSamples;
  if (Number.isInteger(clips) && clips > 0 && clips <= evaluatedClips) return clips;
  throw new AppError('INTERNAL', `${wave.length} samples are not 1 to ${evaluatedClips} clips of ${cropSamples}.`);
}

/** The rows of the clips that there are, of rows for {@link evaluatedClips}. */
function firstRows(told: Told, clips: number): Told {
  return Object.fromEntries(Object.entries(told).map(([name, data]) => [name, data.slice(0, (data.length / evaluatedClips) * clips)]));
}
