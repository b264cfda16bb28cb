/** @file The page's one look at neurons and its figures, and how events of the core reach them. */
import { api, connection } from '../client/index.ts';
import type {
  EncoderId,
  EncodersBeside,
  EncodersWish,
  Factors,
  FactorsWish,
  HeardSegment,
  Libraries,
  LibrariesWish,
  NeighbourLists,
  NeighboursWish,
  NeuronDrift,
  NeuronSound,
  NeuronWish,
  Occurrence,
  OccurrenceCell,
  OccurrenceWish,
  Profile,
  ProfileWish,
  Spectra,
  SpectraWish,
} from '../../src-main/contract/index.ts';
import { reportError } from './app.svelte.ts';
import { FigureState } from './figure.svelte.ts';
import { ConceptsState } from './concepts.svelte.ts';
import { DataSetSound } from './data-set-sound.svelte.ts';
import { FilterSound } from './filter-sound.svelte.ts';
import { HeardDataSetsState } from './heard-data-sets.svelte.ts';
import { InspectMapState } from './inspect-map.svelte.ts';
import { freshNeuronMemory, InspectNeuronState } from './inspect-neuron.svelte.ts';
import type { NeuronMemory } from './inspect-neuron.svelte.ts';
import { InspectNeuronsState } from './inspect-neurons.svelte.ts';
import { InspectPlace } from './inspect-place.svelte.ts';
import { player } from './listening.svelte.ts';
import { NeuronTimelineState } from './neuron-timeline.svelte.ts';
import { TaggramState } from './taggram.svelte.ts';
import { ViewMemory } from './view-memory.svelte.ts';

export const inspectNeurons = new InspectNeuronsState(api);
export const inspectPlace = new InspectPlace();
export const concepts = new ConceptsState(api);
export const inspectNeuron = new InspectNeuronState(api, new ViewMemory<NeuronMemory>(api, 'inspect', freshNeuronMemory, reportError));
export const profileFigure = new FigureState<ProfileWish, Profile>('profile', (wish, options) => api.inspect.profile(wish, options));
export const occurrenceFigure = new FigureState<OccurrenceWish, Occurrence>('tops', (wish, options) =>
  api.inspect.occurrence(wish, options),
);
export const occurrenceCell = new FigureState<OccurrenceCell, HeardSegment[]>('tops', (cell, options) =>
  api.inspect.occurrenceSegments(cell, options),
);
export const factorsFigure = new FigureState<FactorsWish, Factors>('factors', (wish, options) => api.inspect.factors(wish, options));
/** Filter spectra of an encoder and of those beside it, one after the other. */
export const spectraFigure = new FigureState<SpectraWish & { beside: readonly EncoderId[] }, readonly Spectra[]>(
  'spectra',
  async ({ encoderId, layer, beside }, options) => {
    const all: Spectra[] = [];
    for (const id of [encoderId, ...beside]) all.push(await api.inspect.spectra({ encoderId: id, layer }, options));
    return all;
  },
  ({ encoderId, beside }) => [encoderId, ...beside],
);
export const neuronSound = new FigureState<NeuronWish, NeuronSound>('sound', (wish, options) => api.inspect.sound(wish, options));
export const neuronDrift = new FigureState<NeuronWish, NeuronDrift>('drift', (wish, options) => api.inspect.drift(wish, options));
export const neuronTimeline = new NeuronTimelineState(api);
export const taggram = new TaggramState(api);
export const librariesFigure = new FigureState<LibrariesWish, Libraries>('libraries', (wish, options) =>
  api.inspect.libraries(wish, options),
);
export const encodersFigure = new FigureState<EncodersWish, EncodersBeside>('encoders', (wish, options) =>
  api.inspect.encoders(wish, options),
);
export const neighbourLists = new FigureState<NeighboursWish, NeighbourLists>('encoders', (wish, options) =>
  api.inspect.neighbours(wish, options),
);
export const heardDataSets = new HeardDataSetsState(api);
const pausePlayer = (): void => {
  if (player.isPlaying) player.toggle();
};
export const filterSound = new FilterSound(api, pausePlayer);
export const dataSetSound = new DataSetSound(api, pausePlayer);

const lookers = [
  inspectNeurons,
  profileFigure,
  occurrenceFigure,
  factorsFigure,
  spectraFigure,
  librariesFigure,
  encodersFigure,
  neuronSound,
  neuronDrift,
];
for (const type of [
  'inspect.looking',
  'index.changed',
  'tags.changed',
  'library.changed',
  'playlists.changed',
  'feature.noteChanged',
] as const)
  connection.on(type, (event) => {
    for (const looker of lookers) looker.hear(event);
  });

export const inspectMap = new InspectMapState(api);

for (const type of ['job.updated', 'index.changed', 'library.changed'] as const) connection.on(type, (event) => inspectMap.hear(event));

for (const type of ['heads.changed', 'index.changed', 'tags.changed'] as const) connection.on(type, (event) => taggram.hear(event));
