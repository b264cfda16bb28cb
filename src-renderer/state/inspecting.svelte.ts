/** @file The page's one look at neurons, and how events of the core reach it. */
import { api, connection } from '../client/index.ts';
import { InspectNeuronState } from './inspect-neuron.svelte.ts';
import { InspectNeuronsState } from './inspect-neurons.svelte.ts';

export const inspectNeurons = new InspectNeuronsState(api);
export const inspectNeuron = new InspectNeuronState(api);

for (const type of ['inspect.looking', 'index.changed', 'tags.changed', 'library.changed', 'feature.noteChanged'] as const)
  connection.on(type, (event) => inspectNeurons.hear(event));
