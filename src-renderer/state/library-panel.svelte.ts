/** @file The panel at the right of the Library, and the track it shows. */
import type { Track } from '../../src-main/contract/index.ts';

/** What the panel can show. */
export type PanelName = 'track' | 'folders' | 'problems';

/** The open panel. */
export class LibraryPanelState {
  #name = $state<PanelName | null>(null);
  #track = $state.raw<Track | null>(null);

  get name(): PanelName | null {
    return this.#name;
  }

  /** The track that is chosen in the table. */
  get track(): Track | null {
    return this.#track;
  }

  open(name: PanelName): void {
    this.#name = name;
  }

  toggle(name: PanelName): void {
    this.#name = this.#name === name ? null : name;
  }

  close(): void {
    this.#name = null;
  }

  choose(track: Track | null): void {
    this.#track = track;
  }
}
