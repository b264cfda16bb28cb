/** @file Feeding a training step. */
export { createBatchFeed } from './batch-feed.ts';
export type { Batch, BatchFeed, FeedView, BatchFeedOptions } from './batch-feed.ts';
export { createRowFeed } from './row-feed.ts';
export type { RowFeed, RowFeedOptions, StepFeed } from './row-feed.ts';
