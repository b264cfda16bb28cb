/** @file The page's first steps: the neurons that are heard first, and what is written on them. */
import { api, connection } from '../client/index.ts';
import { featureName } from '../../src-main/contract/index.ts';
import { encoders, undo } from './app.svelte.ts';
import { FeaturesState } from './features.svelte.ts';
import { FirstNeuronsState } from './first-neurons.svelte.ts';

export const firstNeurons = new FirstNeuronsState(api.listen);

/** Names and notes of the encoder's own features, whatever columns Listen shows. */
export const stepFeatures = new FeaturesState(api.listen, undo, (encoderId, feature) => {
  const encoder = [encoders.current, ...(encoders.list ?? [])].find((one) => one?.id === encoderId);
  return encoder === undefined || encoder === null ? '' : featureName(encoder.architecture, feature);
});

connection.on('feature.noteChanged', (event) => stepFeatures.heard(event));
