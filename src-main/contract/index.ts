/** @file What Earmark can do, as types and schemas. The only room of the main side that the renderer imports. */
export { countOf, formatCount, singularOf, withUnit } from '../base/counts.ts';
export { bytesFromBase64, floatsFromBase64, toBase64 } from './bulk.ts';
export { comparedBy, comparisonText, comparisonWords } from './comparison.ts';
export type { ComparedBy, Comparison } from './comparison.ts';
export { contract } from './contract.ts';
export type { Contract } from './contract.ts';
export type { Backup, DataState, LibraryReport } from './data.ts';
export { mostClipsTold } from './datasets.ts';
export type { DatasetCheck, KnownDataset } from './datasets.ts';
export {
  architectureSchema,
  deviceSchema,
  embeddingOutput,
  encoderLayouts,
  encoderSampleRates,
  encoderSchema,
  encoderTitles,
  featureName,
  firstFeatures,
  hopBounds,
  longestOutputName,
  onnxWishSchema,
  patchKinds,
  poolings,
  timbreStatistics,
} from './encoders.ts';
export { distributionFigure, groupFigure, groupFigureKinds, groupFigureTitles } from './evaluate/figures/index.ts';
export type { EvaluationFigure, GroupFigureKind } from './evaluate/figures/index.ts';
export { ownTags } from './evaluate/own-tags.ts';
export { contestantName, figureShortTitles, figureTitles } from './evaluate/names.ts';
export { publishedScores } from './evaluate/published-scores.ts';
export { reportPage } from './evaluate/report.ts';
export type { ReportParts } from './evaluate/report.ts';
export { resultsDocument } from './evaluate/results.ts';
export type { ResultsDocument } from './evaluate/results.ts';
export { scoreAxis, scoreGroups, scoresCsv, scoresLatex, scoreSpread, scoreText, scoreVerdict } from './evaluate/scores.ts';
export type { ScoreGroup } from './evaluate/scores.ts';
export type { PublishedScore } from './evaluate/published-scores.ts';
export {
  contestantKinds,
  evaluationWishSchema,
  figureNames,
  layerUses,
  paperEpochs,
  paperPatience,
  probeHeads,
  protocolNames,
  protocols,
} from './evaluate/index.ts';
export type {
  Contestant,
  ContestantKind,
  Difference,
  Evaluation,
  EvaluationWish,
  FigureName,
  FullEvaluationWish,
  LayerUse,
  ProbeHead,
  ProtocolName,
  Scratch,
  ScratchWish,
} from './evaluate/index.ts';
export { indexBytes, largeIndexBytes } from './index-size.ts';
export type {
  Architecture,
  Device,
  Encoder,
  EncoderLayout,
  EncoderOutput,
  FeatureSpace,
  ImportedEncoder,
  IndexInfo,
  OnnxSummary,
  OnnxWish,
  PatchWish,
  Pooling,
  TagSet,
} from './encoders.ts';
export { experimentWishSchema } from './experiment-procedures.ts';
export type { ExperimentPlan, ExperimentWish, ListedExperiment, OpenedExperiment } from './experiment-procedures.ts';
export { experimentFigures } from './experiment-figures.ts';
export type { ExperimentPicture } from './experiment-figures.ts';
export { headingOf, publishedText, resultsCsv, resultsLatex } from './experiment-results.ts';
export type { ResultCell, ResultColumn, ResultPublished, ResultRow, Results, ShownExperiment } from './experiment-results.ts';
export { experimentSchema } from './experiments.ts';
export type { Experiment, ExperimentEvaluation, ExperimentFigure, ExperimentRun, PublishedRow } from './experiments.ts';
export { eventSchema } from './events.ts';
export type { AppEvent } from './events.ts';
export { settingsSchema } from './host.ts';
export type { BrowseResult, Capabilities, Check, Settings } from './host.ts';
export { asWellText, headArchitectures, leastTagExamples } from './heads.ts';
export type { Head, HeadArchitecture, HeadLabel, Question, Suggestion, Taggram, TaggramWish, Threshold } from './heads.ts';
export { spreadOf, spreadText } from './interval.ts';
export type { Interval } from './interval.ts';
export { encoderIdSchema, folderIdSchema, headIdSchema, jobIdSchema, playlistIdSchema, tagIdSchema, trackIdSchema } from './ids.ts';
export type { ChangeId, EncoderId, EvaluationId, FolderId, HeadId, JobId, PlaylistId, TagId, TrackId, WritingId } from './ids.ts';
export { jobKinds, jobSchema, jobStates, waitText } from './jobs.ts';
export type { Job, JobKind, JobProgress, JobState } from './jobs.ts';
export { anyLibraryFileSchema, fileLabelsSchema, libraryFileSchema, libraryFileVersion } from './library-file.ts';
export type { LibraryFile } from './library-file.ts';
export { trackSortKeys, trackStates } from './library.ts';
export type { Folder, LibrarySummary, Peaks, Problem, Track, TrackPage, TrackQuery, TrackSortKey, TrackState } from './library.ts';
export { mostClearest, mostExtras, mostPerTrack, noteLength, segmentColumns, tagValues, waveformBars } from './listen.ts';
export type {
  ClearestNeurons,
  ClearNeuron,
  ExtraColumn,
  HeardSegment,
  FeatureNote,
  FeatureProfile,
  FeatureSummary,
  SegmentColumn,
  SegmentFilter,
  SegmentPage,
  SegmentQuery,
  SegmentRow,
  SegmentSort,
} from './listen.ts';
export {
  besideSpectraTable,
  besideSpectraWords,
  csvFile,
  drawBesideSpectra,
  drawDrift,
  drawFactors,
  drawLayers,
  drawLikeness,
  drawMatched,
  drawOccurrence,
  drawProfile,
  drawShared,
  drawSound,
  drawSpectra,
  drawTaggram,
  driftTable,
  driftWords,
  factorsHeight,
  factorsTable,
  factorsWords,
  fileColour,
  heatHeight,
  heatOfFigures,
  layersHeight,
  layersTable,
  layersWords,
  likenessOrder,
  likenessSentence,
  likenessTable,
  likenessWords,
  linearTicks,
  matchedTable,
  matchedWords,
  occurrenceTable,
  occurrenceWords,
  profileNeurons,
  profileTable,
  profileWords,
  sharedSentence,
  sharedTable,
  sharedWords,
  soundTable,
  soundWords,
  spectraAt,
  spectraTable,
  spectraWords,
  strongestTags,
  svgFile,
  taggramHeight,
  taggramTable,
  taggramWords,
  tellingNeurons,
} from '../inspect/drawing/index.ts';
export type { Drawing, FigureColour, FigureMark, FigureTable, FigureWords, ProfileOrder } from '../inspect/drawing/index.ts';
export {
  conceptSettings,
  keptMapSchema,
  mapGroupings,
  mapLevels,
  mapMeaning,
  mapMethodNames,
  mapMethods,
  mapWishSchema,
  mostMapPoints,
  mostFactors,
  musicPartSchema,
  musicSourceSchema,
  nameKinds,
  neuronStates,
  occurrenceTops,
  profileScales,
  sharedBounds,
  tenTracks,
  topBounds,
} from './inspect/index.ts';
export type {
  AloneNeuron,
  ConceptEstimate,
  ConceptSettings,
  DataSetSoundWish,
  EncodersBeside,
  EncodersWish,
  Factors,
  FactorsWish,
  HeardDataSet,
  Inspection,
  LearnConcepts,
  KeptMap,
  LearntConcepts,
  Libraries,
  LibrariesWish,
  LibrarySide,
  Likeness,
  MusicPart,
  MusicSource,
  MapGrouping,
  MapGroups,
  MapLevel,
  MapMethod,
  MapValues,
  MapWish,
  MusicMap,
  NameKind,
  NeighbourLists,
  NeighboursWish,
  Neuron,
  NeuronDrift,
  NeuronName,
  NeuronSound,
  NeuronState,
  NeuronTable,
  NeuronWish,
  Occurrence,
  OccurrenceCell,
  OccurrenceWish,
  Profile,
  ProfilePart,
  ProfileWish,
  RelatedNeurons,
  SharedNeighbours,
  Spectra,
  SpectraWish,
  SpectrumWave,
} from './inspect/index.ts';
export { allHardlyDiffer, flatSentence, hardlyDiffers, leastSpread } from './spread.ts';
export { SegmentTimes } from './segment-times.ts';
export type { SegmentTiming } from './segment-times.ts';
export { audioPath, copyPath, mediaScheme, parseMediaPath, picturePath } from './media.ts';
export type { MediaKind } from './media.ts';
export type { Handler, Handlers } from './handlers.ts';
export type { PublishedEntry, PublishedOffer } from './published.ts';
export { playlistFormats, smartQuerySchema } from './playlists.ts';
export type { Playlist, PlaylistFormat, SmartQuery } from './playlists.ts';
export * as pretraining from './pretrain/index.ts';
export {
  duplicateRelations,
  mostQueryFileBytes,
  mostStrength,
  neuronWeightSchema,
  queryItemSchema,
  queryPieceBytes,
  similarQuerySchema,
  trackFilterSchema,
  usualStrength,
} from './similar.ts';
export type {
  Contribution,
  DuplicateGroup,
  DuplicateRelation,
  NeighbourStatus,
  NeuronWeight,
  PathStep,
  QueryEncoding,
  QueryFile,
  QueryFileId,
  QueryItem,
  SimilarAnswer,
  SimilarQuery,
  SimilarRow,
  TrackFilter,
} from './similar.ts';
export { longestTagName, markSources, tagAnswers, tagColors, tagFields } from './tags.ts';
export type { Change, FieldValue, Mark, MarkSource, MarkTarget, Tag, TagAnswer, TagField } from './tags.ts';
export { fileChangeStates, writableFields } from './writing.ts';
export type { FileChange, WritableField, Writing, WritingWish } from './writing.ts';
