/** @file Encoders that others have published: which there are, and what a server says of one before it is fetched. */
import type { Api } from '../client/index.ts';
import type { PublishedEntry, PublishedOffer } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type PublishedApi = Pick<Api, 'published'>;

/** The list, and the one that is looked at. */
export class PublishedState {
  readonly #api: PublishedApi;
  #list = $state.raw<readonly PublishedEntry[] | null>(null);
  #chosen = $state<string | null>(null);
  #offer = $state.raw<PublishedOffer | null>(null);
  #asking = $state.raw<AbortController | null>(null);

  constructor(api: PublishedApi) {
    this.#api = api;
  }

  /** Null until it is loaded. */
  get list(): readonly PublishedEntry[] | null {
    return this.#list;
  }

  /** The one that is looked at; null before any is there. */
  get chosen(): PublishedEntry | null {
    return this.#list?.find(({ name }) => name === this.#chosen) ?? null;
  }

  /** What its server says; null before it was asked. */
  get offer(): PublishedOffer | null {
    return this.#offer;
  }

  get isAsking(): boolean {
    return this.#asking !== null;
  }

  /** Asks no server. */
  async load(): Promise<void> {
    this.#list = await this.#api.published.list();
    this.#chosen ??= this.#list[0]?.name ?? null;
  }

  choose(name: string): void {
    if (name === this.#chosen) return;
    this.cancel();
    this.#chosen = name;
    this.#offer = null;
  }

  /** Asks the server of the chosen one how large its files are. */
  async ask(): Promise<void> {
    const name = this.#chosen;
    if (name === null) return;
    this.cancel();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const offer = await this.#api.published.offer({ name }, { signal: asking.signal });
      if (this.#asking === asking) this.#offer = offer;
    } catch (error) {
      // Who gave up wants to hear nothing of it.
      if (!asking.signal.aborted) throw error;
    } finally {
      if (this.#asking === asking) this.#asking = null;
    }
  }

  /** Gives up asking. */
  cancel(): void {
    this.#asking?.abort();
    this.#asking = null;
  }

  /** Begins to fetch the chosen one; a job goes on with it. */
  async fetch(): Promise<void> {
    if (this.#chosen !== null) await this.#api.published.fetch({ name: this.#chosen });
  }
}
