/** @file Runs that are fed with what an index holds: how many tracks they want, and what a run is called. Pure. */
import { countOf, withUnit } from '../../base/counts.ts';
import { isFedEmbeddings } from '../../learn/about.ts';
import { recipes } from './recipes.ts';
import type { PretrainSettings } from './settings.ts';

export { isFedEmbeddings };

/** Fewer tracks than this say nothing about what parts tracks. */
export const leastFed = 4;

/** So many different tracks a run wants at least: one for every place of a batch, where the batch does not shrink to what there is. */
export function leastTracksOf(settings: PretrainSettings): number {
  return isFedEmbeddings(settings) ? leastFed : settings.batch;
}

/** What a run is called when nobody named it: `CLMR, 22050 Hz, 1000 epochs`, `My library, 500 tracks`. */
export function runName(settings: PretrainSettings, tracks: number): string {
  const { recipe, encoder, length } = settings;
  if (isFedEmbeddings(settings)) return `My library, ${countOf(tracks, 'track')}`;
  return `${recipes[recipe].title}, ${encoder.sampleRate} Hz, ${withUnit(String(length.amount), length.unit)}`;
}
