/** @file What an encoder learned: its neurons and the figures that are made of them. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { encoderIdSchema, jobIdSchema } from '../ids.ts';
import { featureNumberSchema } from '../listen.ts';
import { conceptEstimateSchema, learnConceptsSchema, learntConceptsSchema } from './concepts.ts';
import { profileSchema, profileWishSchema } from './figures.ts';
import { neuronTableSchema, relatedNeuronsSchema } from './neurons.ts';

export { conceptSettings } from './concepts.ts';
export type { ConceptEstimate, ConceptSettings, LearnConcepts, LearntConcepts } from './concepts.ts';
export { musicPartSchema, profileScales } from './figures.ts';
export type { MusicPart, Profile, ProfilePart, ProfileWish } from './figures.ts';
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
  related: oc.input(z.strictObject({ encoderId: encoderIdSchema, number: featureNumberSchema })).output(relatedNeuronsSchema),
  /** How many neurons respond to a segment, and how flatly, in one or two kinds of music. */
  profile: oc.input(profileWishSchema).output(profileSchema),
};
