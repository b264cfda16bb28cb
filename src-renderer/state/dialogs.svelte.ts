/** @file Which dialog is open; only one is at a time. */
import type { Encoder } from '../../src-main/contract/index.ts';

/** A dialog and what it is about. */
export type OpenDialog =
  | { kind: 'addFolder' }
  | { kind: 'importWeights' }
  | { kind: 'newUntrained' }
  | { kind: 'index'; encoder: Encoder }
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
