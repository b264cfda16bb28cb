/** @file How a view was left: widths, chosen features, open panels. Kept by the core, read once when the view is first shown. */
import type { Api } from '../client/index.ts';
import { debounce } from '../lib/debounce.ts';

/** What is used of the core. */
type MemoryApi = { settings: Pick<Api['settings'], 'getView' | 'setView'> };

const savePauseMs = 400;

/** One view's memory; `State` is plain JSON. */
export class ViewMemory<State extends Record<string, unknown>> {
  readonly #api: MemoryApi;
  readonly #view: string;
  readonly #report: (error: unknown) => void;
  readonly #saveLater = debounce(() => this.#save(), savePauseMs);
  #state = $state.raw<State>() as State;
  #isLoaded = $state(false);

  /**
   * @param view the view's name, at most 64 characters
   * @param first what it is like when it was never seen
   */
  constructor(api: MemoryApi, view: string, first: State, report: (error: unknown) => void) {
    this.#api = api;
    this.#view = view;
    this.#state = first;
    this.#report = report;
  }

  get current(): State {
    return this.#state;
  }

  /** False until the core has answered; the view may wait for it so that nothing jumps. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Reads what was kept. Fields that are not known, or of another kind than the first state's, are left out. */
  async load(): Promise<void> {
    try {
      const kept = await this.#api.settings.getView({ view: this.#view });
      if (!this.#isLoaded && typeof kept === 'object' && kept !== null) this.#state = { ...this.#state, ...fitting(kept, this.#state) };
    } finally {
      this.#isLoaded = true;
    }
  }

  /** Changes fields and keeps them. */
  set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    this.#isLoaded = true;
    this.#saveLater();
  }

  #save(): void {
    const state = JSON.parse(JSON.stringify(this.#state)) as Parameters<MemoryApi['settings']['setView']>[0]['state'];
    this.#api.settings.setView({ view: this.#view, state }).catch(this.#report);
  }
}

function fitting<State extends Record<string, unknown>>(kept: object, like: State): Partial<State> {
  const kind = (value: unknown): string => (Array.isArray(value) ? 'array' : value === null ? 'any' : typeof value);
  const entries = Object.entries(kept).filter(
    ([key, value]) => key in like && (kind(like[key]) === 'any' || kind(like[key]) === kind(value)),
  );
  return Object.fromEntries(entries) as Partial<State>;
}
