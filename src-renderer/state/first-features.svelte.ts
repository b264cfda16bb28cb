/** @file Neurons that Listen begins with where nobody has chosen any: those of this encoder that part the library's tracks most clearly. */
import { SvelteMap } from 'svelte/reactivity';
import type { Api } from '../client/index.ts';
import type { EncoderId } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type FirstApi = { listen: Pick<Api['listen'], 'clearest'> };

/** So many columns are in sight at once. */
const mostFirst = 7;

/** The first columns of each encoder that was asked about. */
export class FirstFeaturesState {
  readonly #api: FirstApi;
  readonly #found = new SvelteMap<EncoderId, readonly number[]>();

  constructor(api: FirstApi) {
    this.#api = api;
  }

  /** The clearest first; none while nobody has asked, or where no neuron parts the tracks. */
  of(encoderId: EncoderId): readonly number[] {
    return this.#found.get(encoderId) ?? [];
  }

  /** Finds them once; what is shown does not change while more music is heard. */
  async find(encoderId: EncoderId): Promise<void> {
    if (this.#found.has(encoderId)) return;
    const { neurons } = await this.#api.listen.clearest({ encoderId, count: mostFirst });
    if (neurons.length > 0)
      this.#found.set(
        encoderId,
        neurons.map(({ feature }) => feature),
      );
  }
}
