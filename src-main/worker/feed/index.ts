/** @file Feeding a training step. */
export { createPairFeed } from './pair-feed.ts';
export type { FeedView, Pair, PairFeed, PairFeedOptions } from './pair-feed.ts';
