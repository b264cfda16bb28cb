/** @file What an encoder learned: its neurons and the figures that are made of them. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { encoderIdSchema } from '../ids.ts';
import { neuronTableSchema } from './neurons.ts';

export { inspectionSchema, nameKinds, neuronStates } from './neurons.ts';
export type { Inspection, NameKind, Neuron, NeuronName, NeuronState, NeuronTable } from './neurons.ts';

/** Procedures of the subject `inspect`. */
export const inspectContract = {
  /** All neurons of a space that is indexed, up to date with its index, tags and fields; `inspect.looking` tells how far it is. */
  neurons: oc.input(z.strictObject({ encoderId: encoderIdSchema })).output(neuronTableSchema),
};
