/** @file What is done in the first steps, and the ways in and out of them. */
import type { ClearNeuron, HeardSegment } from '../../../src-main/contract/index.ts';
import type { Action } from '../../lib/keys.ts';
import { library, route } from '../../state/app.svelte.ts';
import { libraryMemory } from '../library/library-memory.ts';
import { playAmong } from '../listen/play-among.ts';
import { sortListenBy } from '../similar/result-actions.ts';

/**
 * Plays a passage of a neuron, or pauses it if it is what plays; the neuron's others are before and after it. The player draws the activation that Listen
 * is sorted by, so that becomes this neuron's.
 */
export function playHeard({ feature, top, bottom }: ClearNeuron, segment: HeardSegment): void {
  sortListenBy(feature);
  playAmong([...top, ...bottom], segment);
}

/** Shows the library's table from now on. */
export function leaveFirstSteps(): void {
  libraryMemory.set({ isInFirstSteps: false });
}

/** Shows the first steps, in the place of the library's table. */
export function openFirstSteps(): void {
  libraryMemory.set({ isInFirstSteps: true });
  route.go('library');
}

/** The way back to them, from everywhere. */
export function firstStepsActions(): Action[] {
  return [
    {
      ...{ id: 'firstSteps.open', label: 'Show the first steps', group: 'Library', keys: [], alsoCalled: 'help introduction tour' },
      when: () => !library.isEmpty,
      run: openFirstSteps,
    },
  ];
}
