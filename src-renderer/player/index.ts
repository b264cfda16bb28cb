/** @file The player's bar. */
export { default as PlayerBar } from './PlayerBar.svelte';
export { rangeOfValues } from './track-shape.ts';
export type { TrackPeaks, TrackProfile } from './track-shape.ts';
