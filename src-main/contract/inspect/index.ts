/** @file What an encoder learned: its neurons and the figures that are made of them. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { encoderIdSchema, jobIdSchema } from '../ids.ts';
import { conceptEstimateSchema, learnConceptsSchema, learntConceptsSchema } from './concepts.ts';
import { encodersSchema, encodersWishSchema, neighbourListsSchema, neighboursWishSchema } from './encoders.ts';
import {
  factorsSchema,
  factorsWishSchema,
  heardDataSetSchema,
  occurrenceCellSchema,
  occurrenceSchema,
  occurrenceSegmentsSchema,
  occurrenceWishSchema,
  profileSchema,
  profileWishSchema,
  spectraSchema,
  spectraWishSchema,
  spectrumWaveSchema,
  spectrumWaveWishSchema,
} from './figures.ts';
import { dataSetSoundWishSchema, librariesSchema, librariesWishSchema } from './libraries.ts';
import { mapColoursWishSchema, mapGroupsSchema, mapValuesSchema, mapValuesWishSchema, mapWishSchema, musicMapSchema } from './map.ts';
import { neuronDriftSchema, neuronSoundSchema, neuronWishSchema } from './neuron-page.ts';
import { neuronTableSchema, relatedNeuronsSchema } from './neurons.ts';

export { conceptSettings } from './concepts.ts';
export type { ConceptEstimate, ConceptSettings, LearnConcepts, LearntConcepts } from './concepts.ts';
export { sharedBounds } from './encoders.ts';
export type { AloneNeuron, EncodersBeside, EncodersWish, NeighbourLists, NeighboursWish, SharedNeighbours } from './encoders.ts';
export { mostFactors, musicPartSchema, musicSourceSchema, occurrenceTops, profileScales } from './figures.ts';
export type {
  Factors,
  FactorsWish,
  HeardDataSet,
  MusicPart,
  MusicSource,
  Occurrence,
  OccurrenceCell,
  OccurrenceWish,
  Profile,
  ProfilePart,
  ProfileWish,
  Spectra,
  SpectraWish,
  SpectrumWave,
} from './figures.ts';
export { topBounds } from './libraries.ts';
export type { DataSetSoundWish, Libraries, LibrariesWish, LibrarySide, Likeness } from './libraries.ts';
export {
  keptMapSchema,
  mapGroupings,
  mapLevels,
  mapMeaning,
  mapMethodNames,
  mapMethods,
  mapWishSchema,
  mostMapPoints,
  tenTracks,
} from './map.ts';
export type { KeptMap, MapGrouping, MapGroups, MapLevel, MapMethod, MapValues, MapWish, MusicMap } from './map.ts';
export type { NeuronDrift, NeuronSound, NeuronWish } from './neuron-page.ts';
export { inspectionSchema, nameKinds, neuronStates } from './neurons.ts';
export type { Inspection, NameKind, Neuron, NeuronName, NeuronState, NeuronTable, RelatedNeurons } from './neurons.ts';

/** Procedures of the subject `inspect`. */
export const inspectContract = {
  /** Begins to learn concepts of a space that is indexed. */
  learnConcepts: oc.input(learnConceptsSchema).output(z.object({ jobId: jobIdSchema })),
  /** How long that would take: some of its steps are carried out on noise. */
  estimateConcepts: oc.input(learnConceptsSchema).output(conceptEstimateSchema),
  /** Concepts that were learnt, the newest first. */
  concepts: oc.output(z.array(learntConceptsSchema)),
  /** All neurons of a space that is indexed, up to date with its index, tags and fields; `inspect.looking` tells how far it is. */
  neurons: oc.input(z.strictObject({ encoderId: encoderIdSchema })).output(neuronTableSchema),
  /** Neurons that do nearly the same as one, and nearly the opposite. */
  related: oc.input(neuronWishSchema).output(relatedNeuronsSchema),
  /** How loud a neuron's top segments are, how their power lies over frequencies and how sharply they begin, beside others; from the audio. */
  sound: oc.input(neuronWishSchema).output(neuronSoundSchema),
  /** The same neuron at checkpoints of its run, on a small sample of segments. */
  drift: oc.input(neuronWishSchema).output(neuronDriftSchema),
  /** How many neurons respond to a segment, and how flatly, in one or two kinds of music. */
  profile: oc.input(profileWishSchema).output(profileSchema),
  /** How many of each neuron’s top segments bear a tag, or a name of a field. */
  occurrence: oc.input(occurrenceWishSchema).output(occurrenceSchema),
  /** The segments that one cell of it counts, the top one first. */
  occurrenceSegments: oc.input(occurrenceCellSchema).output(occurrenceSegmentsSchema),
  /** What neurons have in common: principal components, turned by varimax. */
  factors: oc.input(factorsWishSchema).output(factorsSchema),
  /** Waves that excite a layer’s filters, as spectra; they are kept. */
  spectra: oc.input(spectraWishSchema).output(spectraSchema),
  /** One of these waves. */
  spectrumWave: oc.input(spectrumWaveWishSchema).output(spectrumWaveSchema),
  /** What a neuron hears most in two kinds of music, and how alike that sounds. */
  libraries: oc.input(librariesWishSchema).output(librariesSchema),
  /** Data sets that evaluations have heard, which may stand in the place of some music. */
  dataSets: oc.output(z.array(heardDataSetSchema)),
  /** A segment of such a data set, which the player does not have. */
  dataSetSound: oc.input(dataSetSoundWishSchema).output(spectrumWaveSchema),
  /** Two spaces over the segments that both have heard: neighbours shared, layers alike, neurons matched. */
  encoders: oc.input(encodersWishSchema).output(encodersSchema),
  /** One track's nearest in both. */
  neighbours: oc.input(neighboursWishSchema).output(neighbourListsSchema),
  /** Begins to draw a map of a space that is indexed. */
  drawMap: oc.input(mapWishSchema).output(z.object({ jobId: jobIdSchema })),
  /** The map that was drawn last of a wish; null where none was. */
  map: oc.input(mapWishSchema).output(musicMapSchema.nullable()),
  /** What a map's tracks have in common, to colour them by. */
  mapGroups: oc.input(mapColoursWishSchema).output(mapGroupsSchema),
  /** What a neuron gives on a map's points. */
  mapValues: oc.input(mapValuesWishSchema).output(mapValuesSchema),
};
