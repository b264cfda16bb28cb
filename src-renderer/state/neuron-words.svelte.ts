/** @file What neurons are called: what a person wrote on them, what they are called by themselves, else the name that they earned (`inspect.neurons`). */
import { SvelteMap } from 'svelte/reactivity';
import type { Api } from '../client/index.ts';
import type { EncoderId } from '../../src-main/contract/index.ts';
import { noWords, wordsOn } from '../lib/neuron-word.ts';
import type { NeuronWord } from '../lib/neuron-word.ts';

/** What is used of the core. */
type WordsApi = { inspect: Pick<Api['inspect'], 'neurons'> };

/** Names of the neurons of some spaces, each asked for once. */
export class NeuronWords {
  readonly #api: WordsApi;
  readonly #known = new SvelteMap<EncoderId, ReadonlyMap<number, NeuronWord>>();
  #asked: readonly EncoderId[] = [];

  constructor(api: WordsApi) {
    this.#api = api;
  }

  /** What a neuron is called; null where nobody knows, or nobody has asked. */
  of(encoderId: EncoderId | null, neuron: number): NeuronWord | null {
    return encoderId === null ? null : (this.#known.get(encoderId)?.get(neuron) ?? null);
  }

  /** All that are known of a space. */
  all(encoderId: EncoderId | null): ReadonlyMap<number, NeuronWord> {
    return (encoderId === null ? undefined : this.#known.get(encoderId)) ?? noWords;
  }

  /** Asks for the names of a space, where nobody has yet. */
  async load(encoderId: EncoderId): Promise<void> {
    if (this.#asked.includes(encoderId)) return;
    this.#asked = [...this.#asked, encoderId];
    try {
      const { neurons } = await this.#api.inspect.neurons({ encoderId });
      this.#known.set(encoderId, wordsOn(neurons));
    } catch (error) {
      this.#asked = this.#asked.filter((one) => one !== encoderId);
      throw error;
    }
  }

  /** What names hang on has changed: they are asked for again when they are next wanted. */
  forget(): void {
    this.#asked = [];
  }
}
