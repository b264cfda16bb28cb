/** @file Writing one file from a dialog: under way, written (the dialog closes and says so), or why not. */
import { messageOf } from '../../client/index.ts';
import { formatBytes } from '../../lib/figures.ts';
import { dialogs, undo } from '../../state/app.svelte.ts';

/** What a dialog's writing is about. */
export class FileWriting {
  #isUnderWay = $state(false);
  #problem = $state<string | undefined>(undefined);

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** Why it could not be written; undefined when nothing is wrong. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Writes; the dialog stays where that fails. @param write gives the file and its size */
  async run(write: () => Promise<{ path: string; bytes: number }>): Promise<void> {
    this.#isUnderWay = true;
    this.#problem = undefined;
    try {
      const { path, bytes } = await write();
      dialogs.close();
      undo.say(`${formatBytes(bytes)} written to ${path}`);
    } catch (error) {
      this.#problem = messageOf(error);
    } finally {
      this.#isUnderWay = false;
    }
  }
}
