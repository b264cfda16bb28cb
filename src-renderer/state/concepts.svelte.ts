/** @file Concepts of a space: what is asked for, how long it would take, and which were learnt before. */
import type { Api } from '../client/index.ts';
import { conceptSettings } from '../../src-main/contract/index.ts';
import type { ConceptEstimate, ConceptSettings, EncoderId, LearntConcepts } from '../../src-main/contract/index.ts';
import { problemOf } from './setting-kinds.ts';

/** What is used of the core. */
type ConceptsApi = { inspect: Pick<Api['inspect'], 'concepts' | 'estimateConcepts' | 'learnConcepts'> };

/** Settings by name, as they are declared. */
export const conceptNames = Object.keys(conceptSettings) as (keyof ConceptSettings)[];

const usual = Object.fromEntries(conceptNames.map((name) => [name, conceptSettings[name].usual])) as ConceptSettings;

/** Learning concepts. */
export class ConceptsState {
  readonly #api: ConceptsApi;
  #list = $state.raw<readonly LearntConcepts[] | null>(null);
  #settings = $state.raw<ConceptSettings>(usual);
  #estimate = $state.raw<ConceptEstimate | null>(null);
  #isEstimating = $state(false);
  #abort = new AbortController();

  constructor(api: ConceptsApi) {
    this.#api = api;
  }

  /** Those that were learnt, the newest first; null until they are loaded. */
  get list(): readonly LearntConcepts[] | null {
    return this.#list;
  }

  get settings(): ConceptSettings {
    return this.#settings;
  }

  /** What learning would take with these settings; null while nobody has asked. */
  get estimate(): ConceptEstimate | null {
    return this.#estimate;
  }

  get isEstimating(): boolean {
    return this.#isEstimating;
  }

  /** What is wrong with a setting, as a sentence; null when nothing is. */
  problem(name: keyof ConceptSettings): string | null {
    return problemOf(conceptSettings[name].shape, this.#settings[name]);
  }

  readonly isWrong: boolean = $derived.by(() => conceptNames.some((name) => this.problem(name) !== null));

  set(name: keyof ConceptSettings, value: number): void {
    this.#settings = { ...this.#settings, [name]: value };
    this.forget();
  }

  /** What was estimated of other settings, or of another space, is not told of these. */
  forget(): void {
    this.#abort.abort();
    this.#isEstimating = false;
    this.#estimate = null;
  }

  async load(): Promise<void> {
    this.#list = await this.#api.inspect.concepts();
  }

  async estimateFor(encoderId: EncoderId): Promise<void> {
    this.forget();
    const abort = new AbortController();
    this.#abort = abort;
    this.#isEstimating = true;
    try {
      const estimate = await this.#api.inspect.estimateConcepts({ encoderId, ...this.#settings }, { signal: abort.signal });
      if (!abort.signal.aborted) this.#estimate = estimate;
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    } finally {
      if (abort === this.#abort) this.#isEstimating = false;
    }
  }

  async learn(encoderId: EncoderId): Promise<void> {
    this.forget();
    await this.#api.inspect.learnConcepts({ encoderId, ...this.#settings });
  }
}
