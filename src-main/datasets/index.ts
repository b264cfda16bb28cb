/** @file What is known of published data sets. */
export { tagSetNames, tagSets } from './tag-sets.ts';
export type { TagSetName } from './tag-sets.ts';
