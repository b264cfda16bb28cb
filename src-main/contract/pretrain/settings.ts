/**
 * @file Every setting of a pre-training run, put together from where each is declared: beside its encoder, projector, objective, optimiser, schedule or
 * transform, and, for the run itself, in `run-settings.ts`. The resolved whole is stored with each run.
 */
import { z } from 'zod';
import { augmentationSettings } from '../../audio/augment/settings.ts';
import type { AugmentationSettings } from '../../audio/augment/settings.ts';
import type { ValueOf } from '../../base/settings.ts';
import { encoderChoices, objectiveSettings, optimizerSettings, projectorSettings, scheduleSettings } from '../../learn/about.ts';
import type { EncoderChoice, ObjectiveSettings, ProjectorSettings, RatedOptimizerSettings, ScheduleSettings } from '../../learn/about.ts';
import { kindsSchemaOf, schemaOf, settingSchemasOf } from './declared.ts';
import { tagIdSchema } from '../ids.ts';
import { runSettings } from './run-settings.ts';

export type { AugmentationSettings, ObjectiveSettings, ProjectorSettings, ScheduleSettings };
export type OptimizerSettings = RatedOptimizerSettings;

/** A head has no more outputs than this. */
export const mostLabels = 4096;

export const recipeNames = ['library', 'clmr', 'vicreg', 'vicmus', 'simclr-mel', 'cpc', 'music2vec', 'myna', 'supervised'] as const;
export type RecipeName = (typeof recipeNames)[number];

/** Where labels come from: a person's own tags by their numbers, or columns of a table; no columns stand for all that hold labels. */
export const labelSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tags'), tagIds: z.array(tagIdSchema).min(1).max(mostLabels) }),
  z.strictObject({ kind: z.literal('table'), path: z.string().min(1).max(4096), columns: z.array(z.string().max(1000)).max(mostLabels) }),
]);
export type LabelSource = z.infer<typeof labelSourceSchema>;

/** What is learnt: where labels come from, and what they are called, in the order of the head's outputs; the core fills names in when a run begins. */
const labelChoiceSchema = z.strictObject({ from: labelSourceSchema, names: z.array(z.string().max(1000)).max(mostLabels) });
export type LabelChoice = z.infer<typeof labelChoiceSchema>;

/** Everything that decides what a run computes. */
export type PretrainSettings = {
  recipe: RecipeName;
  encoder: EncoderChoice;
  projector: ProjectorSettings;
  objective: ObjectiveSettings;
  optimizer: OptimizerSettings;
  schedule: ScheduleSettings;
  augmentation: AugmentationSettings;
  /** Null for recipes that need none. */
  labels: LabelChoice | null;
} & ValueOf<typeof runSettings>;

export const augmentationSchema = schemaOf(augmentationSettings);

/** Checks the whole. */
export const pretrainSettingsSchema = z.strictObject({
  recipe: z.enum(recipeNames),
  encoder: kindsSchemaOf('architecture', encoderChoices),
  projector: schemaOf(projectorSettings),
  objective: kindsSchemaOf('kind', objectiveSettings),
  optimizer: kindsSchemaOf('kind', optimizerSettings),
  schedule: schemaOf(scheduleSettings),
  augmentation: augmentationSchema,
  /** Runs of versions before there were labels have none. */
  labels: labelChoiceSchema.nullable().default(null),
  ...settingSchemasOf(runSettings),
});
