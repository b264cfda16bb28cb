/** @file The page's one look at neurons and its figures, and how events of the core reach them. */
import { api, connection } from '../client/index.ts';
import type { Profile, ProfileWish } from '../../src-main/contract/index.ts';
import { FigureState } from './figure.svelte.ts';
import { ConceptsState } from './concepts.svelte.ts';
import { InspectNeuronState } from './inspect-neuron.svelte.ts';
import { InspectNeuronsState } from './inspect-neurons.svelte.ts';
import { InspectPlace } from './inspect-place.svelte.ts';

export const inspectNeurons = new InspectNeuronsState(api);
export const inspectPlace = new InspectPlace();
export const concepts = new ConceptsState(api);
export const inspectNeuron = new InspectNeuronState(api);
export const profileFigure = new FigureState<ProfileWish, Profile>('profile', (wish, options) => api.inspect.profile(wish, options));

const lookers = [inspectNeurons, profileFigure];
for (const type of ['inspect.looking', 'index.changed', 'tags.changed', 'library.changed', 'feature.noteChanged'] as const)
  connection.on(type, (event) => {
    for (const looker of lookers) looker.hear(event);
  });
