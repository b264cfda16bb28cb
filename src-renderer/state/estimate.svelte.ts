/** @file What a run would take, from one measured step. */
import type { Api } from '../client/index.ts';
import { isAbort, messageOf } from '../client/errors.ts';
import type { pretraining } from '../../src-main/contract/index.ts';
import type { StartRequest } from './pretrain-form.svelte.ts';

/** What is used of the core. */
type EstimateApi = { pretrain: Pick<Api['pretrain'], 'estimate'> };

/** What is measured. */
export type EstimateRequest = Pick<StartRequest, 'settings' | 'selection' | 'device'>;

/** The last measurement. */
export class EstimateState {
  readonly #api: EstimateApi;
  #result = $state.raw<pretraining.Estimate | null>(null);
  #measured = $state('');
  #problem = $state<string | null>(null);
  #underWay = $state.raw<AbortController | null>(null);

  constructor(api: EstimateApi) {
    this.#api = api;
  }

  /** Null before the first. */
  get result(): pretraining.Estimate | null {
    return this.#result;
  }

  /** Why the last one failed, as a sentence. */
  get problem(): string | null {
    return this.#problem;
  }

  get isMeasuring(): boolean {
    return this.#underWay !== null;
  }

  /** Whether the result was measured with these settings. */
  isOf(request: EstimateRequest): boolean {
    return this.#measured === keyOf(request);
  }

  /** Measures one step; takes seconds. */
  async measure(request: EstimateRequest): Promise<void> {
    this.cancel();
    const underWay = new AbortController();
    this.#underWay = underWay;
    this.#problem = null;
    try {
      const result = await this.#api.pretrain.estimate(request, { signal: underWay.signal });
      if (this.#underWay !== underWay) return;
      this.#result = result;
      this.#measured = keyOf(request);
    } catch (error) {
      if (this.#underWay === underWay && !isAbort(error)) this.#problem = messageOf(error);
    } finally {
      if (this.#underWay === underWay) this.#underWay = null;
    }
  }

  /** Gives the measurement up. */
  cancel(): void {
    this.#underWay?.abort();
    this.#underWay = null;
  }
}

function keyOf({ settings, selection, device }: EstimateRequest): string {
  return JSON.stringify([settings, selection, device]);
}
