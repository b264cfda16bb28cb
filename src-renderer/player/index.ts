/** @file The player's bar. */
export { default as PlayerBar } from './player-bar.svelte';
export { segmentAt } from './track-shape.ts';
export type { TrackPeaks, TrackProfile } from './track-shape.ts';
