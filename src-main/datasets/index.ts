/** @file What is known of published data sets. */
export { publishedEncoders, publishedNames } from './published-encoders.ts';
export type { PublishedEncoder, PublishedName } from './published-encoders.ts';
export { tagSetNames, tagSets } from './tag-sets.ts';
export type { TagSetName } from './tag-sets.ts';
export { parts } from './dataset.ts';
export type {
  Dataset,
  DatasetChoice,
  DatasetClip,
  DatasetFolder,
  DatasetPolicies,
  DatasetReading,
  DatasetTable,
  DatasetTask,
  LeftOut,
  Part,
  PartCounts,
  TaskKind,
} from './dataset.ts';
export { baseName, folderOf, whyRefused } from './clip-path.ts';
export { countParts, withoutClips } from './define.ts';
export { manifestOf, splitHash } from './manifest.ts';
export type { DatasetManifest } from './manifest.ts';
export { datasetIn, datasetNamed, datasets } from './registry.ts';
