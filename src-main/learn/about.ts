/** @file What settings there are for encoders, projectors, objectives and optimisers, without tensors. The room's second door; see `.config/edges.js`. */
export { conceptSettings } from './concepts/settings.ts';
export type { ConceptSettings } from './concepts/settings.ts';
export { embeddingOutput, poolings } from './encoders/poolings.ts';
export type { Pooling } from './encoders/poolings.ts';
export {
  encoderChoices,
  encoderTitles,
  featureName,
  firstFeatures,
  publishedRates,
  standsUpon,
  timbreStatistics,
} from './encoders/settings.ts';
export type { EncoderChoice } from './encoders/settings.ts';
export { isFedEmbeddings } from './fed.ts';
export { comparesViews, labelObjectives, learnsLabels, objectiveSettings, viewObjectives } from './objectives/settings.ts';
export type { LabelObjectiveSettings, ObjectiveSettings } from './objectives/settings.ts';
export { optimizerSettings, optimizerText } from './optimizers/settings.ts';
export type { RatedOptimizerSettings } from './optimizers/settings.ts';
export { layerUses, probeHeads, protocolNames, protocols } from './probes/protocols.ts';
export type { LayerUse, ProbedTask, ProbeHead, ProtocolName } from './probes/protocols.ts';
export { projectorSettings } from './projectors/settings.ts';
export type { ProjectorSettings } from './projectors/settings.ts';
export { scheduleSettings } from './training/schedule-settings.ts';
export type { ScheduleSettings } from './training/schedule-settings.ts';
