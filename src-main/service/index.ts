/** @file Use cases: what Earmark does for a person, over the rooms that know how. */
export type { HostActions } from './handlers.ts';
export type { DuplicatesResult } from './duplicates/duplicate-search.ts';
export { carriedText } from './experimenting/experimenting.ts';
export { parseExperiment, readExperiment } from './experimenting/read-experiment.ts';
export type { Plan } from './experimenting/plan.ts';
export { experimentPath, shippedExperiments } from './experimenting/shipped.ts';
export { unfold } from './experimenting/unfold.ts';
export type { Resolver, Unfolded } from './experimenting/unfold.ts';
export { exportEmbeddings } from './embeddings/export-embeddings.ts';
export { embedFile } from './indexing/embed.ts';
export { describeRepair } from './indexing/repair-index.ts';
export type { IndexResult } from './indexing/index-run.ts';
export type { FailedPath, JobOutcome } from './jobs/jobs.ts';
export type { ScanResult } from './library/scan.ts';
export type { SpectraReply, SpectraRequest } from './processes/spectra-messages.ts';
export type { Follow } from './inspecting/kept-answers.ts';
export type {
  ChanceOrder,
  FactorsOrder,
  GroupedMeans,
  InspectOrder,
  LayersOrder,
  LikenessOrder,
  MatchOrder,
  MeansOfRows,
  NamesOrder,
  NearestOrder,
  ProfileOrder,
  RowsOfIndex,
  RowsOrder,
  SeenFactors,
  SeenLayers,
  SeenLikeness,
  SeenMatch,
  SeenNearest,
  SeenProfile,
  SpaceMeans,
  ThreadAnswer,
  TopsOrder,
} from './inspecting/inspect-messages.ts';
export type { MapAnswer, MapOrder } from './inspecting/map-messages.ts';
export { timingOf } from './listening/listening.ts';
export { decodeList } from './playlists/list-entries.ts';
export { flatten, inUse, resolveLength, resolveSettings } from './pretraining/settings-options.ts';
export type { SettingsOptions } from './pretraining/settings-options.ts';
export { selectionOf } from './pretraining/track-selection.ts';
export type { BegunRun, StartedRun } from './pretraining/pretraining.ts';
export type { PretrainResult } from './pretraining/train-run.ts';
export type { WeightsReply, WeightsRequest } from './processes/weights-messages.ts';
export { MediaSource } from './media/media-source.ts';
export type { MediaRequest as OpenMediaRequest, MediaResponse } from './media/media-source.ts';
export { EventHub } from './event-hub.ts';
export { damagedState, lastReplaced, newestGoodBackup, restoreLibrary, salvageLibrary } from './data/mend.ts';
export { WorkMeter } from './data/work-meter.ts';
export { browse } from './host/browse.ts';
export type { DatabaseAnswers, DatabaseReply, DatabaseTask } from './processes/database-messages.ts';
export { runDatabaseTask } from './processes/database-worker.ts';
export type { ProcessEntries } from './processes/child.ts';
export type { IndexReply, IndexRequest, IndexTrack, MediaAnswers, MediaReply, MediaRequest, MediaTask } from './processes/messages.ts';
export type {
  FitHeadOptions,
  FittedHead,
  FittedLabel,
  HeadAnswers,
  HeadExamples,
  HeadReply,
  HeadRequest,
  HeadTask,
} from './processes/head-messages.ts';
export type { ProbeAsked, Probed, ProbeReply, ProbeRequest, ProbeRows, ProbeSaid } from './processes/probe-messages.ts';
export type { ConceptReply, ConceptRequest } from './processes/concept-messages.ts';
export { HeadWorker } from './processes/head-worker.ts';
export { featureText } from './listening/feature-text.ts';
export type { TrackRows, TrainLabels, TrainReply, TrainRequest, TrainTrack } from './processes/train-messages.ts';
export { megabytes } from './published/fetch-file.ts';
export { createServices } from './services.ts';
export { NeighbourEngine } from './similar/engine.ts';
export type { ScanAnswer, ScanOrder } from './similar/engine-pool.ts';
export type { ServiceOptions, Services } from './services.ts';
export { addPassedOver, passedOverSays } from './library/passed-over.ts';
