/** @file Recordings that are in the library more than once: what was found last, and what a person says is none. */
import type { Api } from '../client/index.ts';
import type { DuplicateGroup } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type DuplicatesApi = Pick<Api, 'duplicates'>;

/** What is used of the stack of steps that can be taken back. */
interface Undo {
  did(label: string, revert: () => void | Promise<void>): void;
}

type Found = { readonly at: number; readonly groups: readonly DuplicateGroup[] };

/** Groups as last heard of. */
export class DuplicatesState {
  readonly #api: DuplicatesApi;
  readonly #undo: Undo;
  #found = $state.raw<Found | null>(null);
  #isLoaded = $state(false);
  #error = $state.raw<unknown>(null);

  constructor(api: DuplicatesApi, undo: Undo) {
    this.#api = api;
    this.#undo = undo;
  }

  /** Null when nobody looked yet. */
  get found(): Found | null {
    return this.#found;
  }

  /** False until the core has answered. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Why they could not be loaded; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  async load(): Promise<void> {
    try {
      this.#found = await this.#api.duplicates.list();
      this.#error = null;
      this.#isLoaded = true;
    } catch (error) {
      this.#error = error;
    }
  }

  /** Begins to look. */
  async find(): Promise<void> {
    await this.#api.duplicates.find();
  }

  /** Says that a group is none. */
  async dismiss(group: DuplicateGroup): Promise<void> {
    await this.#set(group.key, true);
    this.#undo.did(`“${group.tracks[0]?.title ?? ''}” is no duplicate`, () => this.#set(group.key, false));
  }

  async #set(key: string, dismissed: boolean): Promise<void> {
    await this.#api.duplicates.dismiss({ key, dismissed });
    await this.load();
  }
}
