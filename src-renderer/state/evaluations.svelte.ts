/** @file What encoders reached on labelled data sets: evaluations as last heard of, and how they differ. */
import type { Api } from '../client/index.ts';
import { publishedScores, scoreGroups } from '../../src-main/contract/index.ts';
import type { Difference, Evaluation, EvaluationId, ScoreGroup } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type EvaluationsApi = { evaluate: Pick<Api['evaluate'], 'list' | 'compare' | 'remove' | 'restore'> };

/** What is used of the stack of steps that can be taken back. */
interface Undo {
  did(label: string, revert: () => void | Promise<void>): void;
}

/** Evaluations in groups. */
export class EvaluationsState {
  readonly #api: EvaluationsApi;
  readonly #undo: Undo;
  #list = $state.raw<readonly Evaluation[] | null>(null);
  #error = $state.raw<unknown>(null);
  #differences = $state.raw<readonly Difference[]>([]);
  #chosenId = $state.raw<EvaluationId | null>(null);

  constructor(api: EvaluationsApi, undo: Undo) {
    this.#api = api;
    this.#undo = undo;
  }

  /** Null until they are loaded. */
  get list(): readonly Evaluation[] | null {
    return this.#list;
  }

  /** Why they could not be loaded; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  readonly groups: readonly ScoreGroup[] = $derived.by(() => scoreGroups(this.#list ?? [], publishedScores));

  /** The evaluation whose labels are shown; null: none. */
  readonly chosen: Evaluation | null = $derived.by(() => this.#list?.find(({ id }) => id === this.#chosenId) ?? null);

  /** Differences from the coefficients, as far as they are known. */
  get differences(): readonly Difference[] {
    return this.#differences;
  }

  /** How an evaluation differs from the cepstral coefficients on the same clips; null where that is not known. */
  differenceOf({ id }: Evaluation): Difference | null {
    return this.#differences.find((one) => one.id === id) ?? null;
  }

  async load(): Promise<void> {
    try {
      this.#list = await this.#api.evaluate.list();
      this.#error = null;
    } catch (error) {
      this.#error = error;
      return;
    }
    await this.#compare();
  }

  /** Shows the labels of one, or hides them. */
  choose(evaluation: Evaluation): void {
    this.#chosenId = this.#chosenId === evaluation.id ? null : evaluation.id;
  }

  /** Takes a group out of the list. */
  async remove({ rows, first }: ScoreGroup): Promise<void> {
    const ids = rows.map(({ id }) => id);
    await this.#api.evaluate.remove({ ids });
    await this.load();
    this.#undo.did(`Evaluations on ${first.datasetTitle} removed`, async () => {
      await this.#api.evaluate.restore({ ids });
      await this.load();
    });
  }

  async #compare(): Promise<void> {
    const found = await Promise.all(
      this.groups.map(async ({ rows, reference }) => {
        const missing = rows.filter(
          ({ id }) => id !== reference?.id && this.#differences.find((one) => one.id === id)?.against !== reference?.id,
        );
        if (reference === null || missing.length === 0) return [];
        return this.#api.evaluate.compare({ ids: missing.map(({ id }) => id), against: reference.id });
      }),
    );
    const fresh = found.flat();
    if (fresh.length === 0) return;
    const isOld = ({ id }: Difference): boolean => !fresh.some((one) => one.id === id);
    this.#differences = [...this.#differences.filter(isOld), ...fresh];
  }
}
