/** @file What is known of published data sets. */
export { publishedEncoders, publishedNames } from './published-encoders.ts';
export type { PublishedEncoder, PublishedName } from './published-encoders.ts';
export { tagSetNames, tagSets } from './tag-sets.ts';
export type { TagSetName } from './tag-sets.ts';
