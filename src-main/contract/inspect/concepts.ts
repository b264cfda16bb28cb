/** @file Concepts: how they are learnt of a space, and what was found. */
import { z } from 'zod';
import { conceptSettings } from '../../learn/about.ts';
import { encoderIdSchema } from '../ids.ts';
import { settingSchemaOf } from '../pretrain/declared.ts';

export { conceptSettings };
export type { ConceptSettings } from '../../learn/about.ts';

const { latents, active, steps, learningRate, seed } = conceptSettings;

/** What a person asks for; what is left out is as usual. */
export const learnConceptsSchema = z.strictObject({
  encoderId: encoderIdSchema,
  latents: settingSchemaOf(latents).default(latents.usual),
  active: settingSchemaOf(active).default(active.usual),
  steps: settingSchemaOf(steps).default(steps.usual),
  learningRate: settingSchemaOf(learningRate).default(learningRate.usual),
  seed: settingSchemaOf(seed).default(seed.usual),
});
export type LearnConcepts = z.infer<typeof learnConceptsSchema>;

export const learntConceptsSchema = z.object({
  /** The concepts as an encoder, with an index of its own. */
  encoderId: encoderIdSchema,
  name: z.string(),
  /** The space that they were learnt of; null where it was taken out. */
  baseId: encoderIdSchema.nullable(),
  latents: z.int(),
  /** Concepts that are never active, and concepts of a segment on average. */
  dead: z.int(),
  active: z.number(),
  /** Share of the variance that they explain. */
  explained: z.number(),
  segments: z.int(),
});
/** Concepts that were learnt. */
export type LearntConcepts = z.infer<typeof learntConceptsSchema>;

export const conceptEstimateSchema = z.object({
  /** Segments that would be learnt from. */
  segments: z.int(),
  /** How long learning would take on this machine, as some steps on noise took just now. */
  seconds: z.number(),
});
/** What learning concepts would take. */
export type ConceptEstimate = z.infer<typeof conceptEstimateSchema>;
