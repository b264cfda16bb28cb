/** @file Pre-training: settings, recipes, runs. */
export type { Field } from './declared.ts';
export { fieldAt, fields, isInUse, recipeParts } from './fields.ts';
export { isFedEmbeddings, leastFed, leastTracksOf, runName } from './fed.ts';
export { encoderDefaults, objectiveDefaults, optimizerDefaults, withRate } from './kinds.ts';
export { presetNames, presetsOf } from './presets.ts';
export type { Preset, PresetName } from './presets.ts';
export { augmentationSets, recipeDefaults, recipes } from './recipes.ts';
export type { Recipe } from './recipes.ts';
export { comparesViews, learnsLabels } from '../../learn/about.ts';
export { checkpointSchema, curvesSchema, estimateSchema, healthSchema, viewPairSchema, runIdSchema, runPointSchema } from './runs.ts';
export { runSchema, runStates, trackSelectionSchema } from './runs.ts';
export { cepstralWords, encoderStep, heldOutAt } from './held-out.ts';
export { labelColumnSchema, labelOverviewSchema } from './runs.ts';
export type { HeldOut, LabelColumn, LabelOverview } from './runs.ts';
export type { Checkpoint, Curves, Estimate, Health, ViewPair, Run, RunId, RunPoint, RunState, TrackSelection } from './runs.ts';
export { augmentationSchema, labelSourceSchema, mostLabels, pretrainSettingsSchema, recipeNames } from './settings.ts';
export type {
  AugmentationSettings,
  LabelChoice,
  LabelSource,
  ObjectiveSettings,
  OptimizerSettings,
  PretrainSettings,
  ProjectorSettings,
  RecipeName,
  ScheduleSettings,
} from './settings.ts';
export { pretrainContract } from './procedures.ts';
