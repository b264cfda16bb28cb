/** @file Playing a segment of a short list, whose others come before and after it. */
import type { HeardSegment } from '../../../src-main/contract/index.ts';
import { segmentPlayable } from '../../lib/playable.ts';
import { player } from '../../state/listening.svelte.ts';

/** Plays it, or pauses it if it is what plays. */
export function playAmong(all: readonly HeardSegment[], segment: HeardSegment): void {
  player.follow({
    neighbour: (now, step) => {
      const at = all.findIndex((one) => one.trackId === now.trackId && one.segment === now.segment?.number);
      const next = at < 0 ? undefined : all[at + step];
      return Promise.resolve(next === undefined ? null : segmentPlayable(next));
    },
  });
  player.toggleSegment(segment);
}
