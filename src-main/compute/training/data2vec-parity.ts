/** @file Compares a data2vec encoder with reference values made by Hugging Face's `transformers`. */
import { basename, join } from 'node:path';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { defined } from '../../base/index.ts';
import { sequences } from '../../learn/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import { checkParity } from '../parity-check.ts';
import type { ParityCheck } from '../parity-check.ts';
import { readModelFolder } from '../tensors/model-folder.ts';
import { readSafetensors } from '../tensors/safetensors.ts';
import { runRecorded } from './run-recorded.ts';

const tolerance = 2e-4;

/** Features and every hidden state of two waves, by the model that lies in the folder beside the file. */
export async function checkData2vec(path: string): Promise<ParityCheck[]> {
  const file = basename(path);
  const { tensors } = await readSafetensors(path);
  const wave = defined(tensors.get('input.wave'), 'input.wave');
  const cropSamples = wave.shape[1] ?? 0;
  const folder = join(path, '..', file.replace('.safetensors', ''));
  const { settings, weights } = await readModelFolder(folder, { cropSamples });
  const inputs: Record<string, WeightArray> = { wave, ...Object.fromEntries(weights) };
  const outputs = await runRecorded('data2vec', inputs, (given) => {
    const states = sequences.hiddenStates(settings, given, given['wave'] as Tensor2D);
    const features = sequences.data2vecFeatures(settings, given, given['wave'] as Tensor2D);
    return { 'output.features': features, ...Object.fromEntries(states.map((state, layer) => [`output.hidden.${layer}`, state])) };
  });
  return Object.entries(outputs).map(([name, ours]) =>
    checkParity(file, { name, ours, reference: defined(tensors.get(name), name).data, tolerance }),
  );
}
