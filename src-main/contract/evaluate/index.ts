/** @file Evaluating encoders on labelled data sets. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { datasetCheckSchema } from '../datasets.ts';
import { evaluationIdSchema } from '../ids.ts';
import { differenceSchema, evaluationSchema, evaluationWishSchema, startedEvaluationSchema } from './evaluations.ts';

export * from './evaluations.ts';
export { paperEpochs, paperPatience } from './from-scratch.ts';
export type { Scratch, ScratchWish } from './from-scratch.ts';

/** Procedures of the subject `evaluate`. */
export const evaluateContract = {
  /** Begins; what was evaluated before with the same clips, settings and weights is not done again. */
  start: oc.input(evaluationWishSchema).output(startedEvaluationSchema),
  /** The person’s own tags as a data set; null where there is too little to learn and to judge. */
  ownTags: oc.output(datasetCheckSchema.nullable()),
  /** All evaluations, the newest first. */
  list: oc.output(z.array(evaluationSchema)),
  /** Each evaluation beside another one of the same clips. */
  compare: oc
    .input(z.strictObject({ ids: z.array(evaluationIdSchema).min(1).max(200), against: evaluationIdSchema }))
    .output(z.array(differenceSchema)),
  remove: oc.input(z.strictObject({ ids: z.array(evaluationIdSchema).min(1).max(1000) })).output(z.void()),
  /** Takes a removal back. */
  restore: oc.input(z.strictObject({ ids: z.array(evaluationIdSchema).min(1).max(1000) })).output(z.void()),
};
