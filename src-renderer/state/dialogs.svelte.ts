/** @file Which dialog is open; only one is at a time. */
import type { Encoder, Folder, Tag, TrackId, pretraining } from '../../src-main/contract/index.ts';

/** A dialog and what it is about. */
export type OpenDialog =
  | { kind: 'addFolder' }
  | { kind: 'moveFolder'; folder: Folder }
  | { kind: 'importWeights'; path?: string }
  /** `name`: the one that is looked at first. */
  | { kind: 'published'; name?: string }
  | { kind: 'newUntrained' }
  | { kind: 'index'; encoder: Encoder }
  | { kind: 'exportEncoder'; encoder: Encoder }
  | { kind: 'exportRun'; run: pretraining.Run; step: number }
  | { kind: 'lengthenRun'; run: pretraining.Run }
  | { kind: 'addToPlaylist'; count: number; trackIds: () => Promise<readonly TrackId[]> }
  | { kind: 'tagsFromFiles' }
  | { kind: 'tagFromNeuron'; feature: number | null }
  | { kind: 'mergeTags'; tags: readonly Tag[] }
  | { kind: 'chooseDataset'; take: (path: string) => void }
  | { kind: 'restoreBackup' }
  | { kind: 'importLibrary' }
  | { kind: 'keys' }
  | { kind: 'palette' };

/** The open dialog. */
export class DialogsState {
  #current = $state.raw<OpenDialog | null>(null);

  get current(): OpenDialog | null {
    return this.#current;
  }

  open(dialog: OpenDialog): void {
    this.#current = dialog;
  }

  close(): void {
    this.#current = null;
  }
}
