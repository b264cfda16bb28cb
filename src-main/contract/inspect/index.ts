/** @file What an encoder learned: its neurons and the figures that are made of them. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { encoderIdSchema } from '../ids.ts';
import { featureNumberSchema } from '../listen.ts';
import { neuronTableSchema, relatedNeuronsSchema } from './neurons.ts';

export { inspectionSchema, nameKinds, neuronStates } from './neurons.ts';
export type { Inspection, NameKind, Neuron, NeuronName, NeuronState, NeuronTable, RelatedNeurons } from './neurons.ts';

/** Procedures of the subject `inspect`. */
export const inspectContract = {
  /** All neurons of a space that is indexed, up to date with its index, tags and fields; `inspect.looking` tells how far it is. */
  neurons: oc.input(z.strictObject({ encoderId: encoderIdSchema })).output(neuronTableSchema),
  /** Neurons that do nearly the same as one, and nearly the opposite. */
  related: oc.input(z.strictObject({ encoderId: encoderIdSchema, number: featureNumberSchema })).output(relatedNeuronsSchema),
};
