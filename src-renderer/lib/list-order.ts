/** @file Playing a list of tracks from one to the next: playlists, paths, results. */
import { trackPlayable } from './playable.ts';
import type { PlayOrder, Playable, PlayableTrack } from './playable.ts';

/** An order over a list that may change while it plays; the same track may be in it twice. */
export class ListOrder implements PlayOrder {
  readonly continues = true;
  readonly #list: () => readonly PlayableTrack[];
  #at: number;

  /**
   * @param list read at every step
   * @param at the place of what plays first
   */
  constructor(list: () => readonly PlayableTrack[], at: number) {
    this.#list = list;
    this.#at = at;
  }

  /** The track before or after; null at the ends, and when what plays has left the list. */
  neighbour(now: Playable, step: 1 | -1): Promise<Playable | null> {
    const list = this.#list();
    const here = list[this.#at]?.id === now.trackId ? this.#at : list.findIndex(({ id }) => id === now.trackId);
    const next = here < 0 ? undefined : list[here + step];
    if (next === undefined) return Promise.resolve(null);
    this.#at = here + step;
    return Promise.resolve(trackPlayable(next));
  }
}
