/** @file The person's settings, kept by the core and shared by every window. */
import type { Api } from '../client/index.ts';
import type { EncoderId, Settings } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type SettingsApi = Pick<Api, 'settings'>;

/** Settings as last heard of; a change shows at once and is taken back when the core refuses it. */
export class SettingsState {
  readonly #api: SettingsApi;
  #current = $state<Settings | null>(null);

  constructor(api: SettingsApi) {
    this.#api = api;
  }

  /** Null until they are loaded. */
  get current(): Settings | null {
    return this.#current;
  }

  /** The encoder whose index the views show. */
  get encoderId(): EncoderId | null {
    return this.#current?.encoderId ?? null;
  }

  async load(): Promise<void> {
    this.#current = await this.#api.settings.get();
  }

  async set(change: Partial<Settings>): Promise<void> {
    const before = this.#current;
    if (before !== null) this.#current = { ...before, ...change };
    try {
      this.#current = await this.#api.settings.set(change);
    } catch (error) {
      this.#current = before;
      throw error;
    }
  }
}
