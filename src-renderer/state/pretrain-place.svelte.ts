/** @file Which page of Pretrain is shown. */
import type { pretraining } from '../../src-main/contract/index.ts';

/** A page and what it is about. */
export type PretrainPage =
  | { page: 'new' }
  | { page: 'runs' }
  | { page: 'run'; runId: pretraining.RunId }
  | { page: 'compare'; runIds: readonly [pretraining.RunId, pretraining.RunId] };

/** The page that is shown; null until the view has decided. */
export class PretrainPlace {
  #page = $state.raw<PretrainPage | null>(null);

  get page(): PretrainPage | null {
    return this.#page;
  }

  go(page: PretrainPage): void {
    this.#page = page;
  }

  /** The first time the view is shown: the run that is under way, else the runs there are, else the form. */
  begin(runs: readonly { id: pretraining.RunId; isUnderWay: boolean }[]): void {
    if (this.#page !== null) return;
    const current = runs.find(({ isUnderWay }) => isUnderWay);
    this.#page = current !== undefined ? { page: 'run', runId: current.id } : runs.length > 0 ? { page: 'runs' } : { page: 'new' };
  }
}
