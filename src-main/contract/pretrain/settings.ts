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
import { runSettings } from './run-settings.ts';

export type { AugmentationSettings, ObjectiveSettings, ProjectorSettings, ScheduleSettings };
export type OptimizerSettings = RatedOptimizerSettings;

export const recipeNames = ['clmr', 'vicreg', 'vicmus', 'simclr-mel', 'cpc', 'music2vec'] as const;
export type RecipeName = (typeof recipeNames)[number];

/** Everything that decides what a run computes. */
export type PretrainSettings = {
  recipe: RecipeName;
  encoder: EncoderChoice;
  projector: ProjectorSettings;
  objective: ObjectiveSettings;
  optimizer: OptimizerSettings;
  schedule: ScheduleSettings;
  augmentation: AugmentationSettings;
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
  ...settingSchemasOf(runSettings),
});
