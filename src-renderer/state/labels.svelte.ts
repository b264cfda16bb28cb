/** @file What there is to learn with the labels that the form of a run names: how many tracks, and what stands against it. */
import type { pretraining } from '../../src-main/contract/index.ts';
import type { Api } from '../client/index.ts';
import { messageOf } from '../client/errors.ts';
import { debounce } from '../lib/debounce.ts';
import type { StartRequest } from './pretrain-form.svelte.ts';

/** What is used of the core. */
type LabelsApi = { pretrain: Pick<Api['pretrain'], 'labels'> };

/** What is asked. */
export type LabelsRequest = Pick<StartRequest, 'settings' | 'selection'>;

/** What the core says of labels, with the columns of a table. */
export type KnownLabels = pretraining.LabelOverview & { columns: readonly pretraining.LabelColumn[] };

/** While a path is typed or tags are chosen one after the other, the core is asked once. */
const afterMs = 200;

/** The answer that came last. */
export class LabelsState {
  readonly #api: LabelsApi;
  #known = $state.raw<KnownLabels | null>(null);
  #problem = $state<string | null>(null);
  #isAsking = $state(false);
  #asked = '';
  readonly #later = debounce((request: LabelsRequest) => void this.#ask(request), afterMs);

  constructor(api: LabelsApi) {
    this.#api = api;
  }

  /** Null before the first answer, and where the last one was a refusal. */
  get known(): KnownLabels | null {
    return this.#known;
  }

  /** Why it cannot be learnt, as a sentence; null when it can, or nothing is known. */
  get problem(): string | null {
    return this.#problem ?? this.#known?.problem ?? null;
  }

  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Asks again where something else is wanted; without labels nothing is known. */
  want(request: LabelsRequest): void {
    const key = JSON.stringify([request.settings.labels, request.settings.objective, request.settings.seed, request.selection]);
    if (key === this.#asked) return;
    this.#asked = key;
    if (request.settings.labels === null) {
      this.#later.cancel();
      [this.#known, this.#problem, this.#isAsking] = [null, null, false];
      return;
    }
    this.#isAsking = true;
    this.#later(request);
  }

  async #ask(request: LabelsRequest): Promise<void> {
    const asked = this.#asked;
    try {
      const known = await this.#api.pretrain.labels(request);
      if (asked === this.#asked) [this.#known, this.#problem] = [known, null];
    } catch (error) {
      if (asked === this.#asked) [this.#known, this.#problem] = [null, messageOf(error)];
    } finally {
      if (asked === this.#asked) this.#isAsking = false;
    }
  }
}
