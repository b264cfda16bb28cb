/** @file What Earmark can do, as types and schemas. The only room of the main side that the renderer imports. */
export { bytesFromBase64, floatsFromBase64, halvesFromBase64, toBase64 } from './bulk.ts';
export { contract } from './contract.ts';
export type { Contract } from './contract.ts';
export { deviceSchema, encoderSampleRates, encoderSchema } from './encoders.ts';
export type { Device, Encoder, IndexInfo } from './encoders.ts';
export { eventSchema } from './events.ts';
export type { AppEvent } from './events.ts';
export { settingsSchema } from './host.ts';
export type { BrowseResult, Capabilities, Check, Settings } from './host.ts';
export { encoderIdSchema, folderIdSchema, jobIdSchema, trackIdSchema } from './ids.ts';
export type { EncoderId, FolderId, JobId, TrackId } from './ids.ts';
export { jobKinds, jobSchema, jobStates } from './jobs.ts';
export type { Job, JobKind, JobProgress, JobState } from './jobs.ts';
export { trackSortKeys, trackStates } from './library.ts';
export type { Folder, LibrarySummary, Peaks, Problem, Track, TrackPage, TrackQuery, TrackSortKey, TrackState } from './library.ts';
export { noteLength, waveformBars } from './listen.ts';
export type { FeatureNote, FeatureProfile, FeatureSummary, SegmentPage, SegmentQuery, SegmentRow } from './listen.ts';
export { audioPath, mediaScheme, parseMediaPath, picturePath } from './media.ts';
