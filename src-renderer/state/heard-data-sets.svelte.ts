/** @file Data sets that evaluations have heard, which may stand in the place of some music. */
import type { Api } from '../client/index.ts';
import type { HeardDataSet } from '../../src-main/contract/index.ts';

/** The list, loaded when somebody chooses among them. */
export class HeardDataSetsState {
  readonly #api: Pick<Api, 'inspect'>;
  #list = $state.raw<readonly HeardDataSet[]>([]);

  constructor(api: Pick<Api, 'inspect'>) {
    this.#api = api;
  }

  /** None until they are loaded. */
  get list(): readonly HeardDataSet[] {
    return this.#list;
  }

  async load(): Promise<void> {
    this.#list = await this.#api.inspect.dataSets();
  }
}
