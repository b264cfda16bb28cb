/** @file What is similar: the answer to the query, and why one result is near. What is shown stays until what comes after it is there. */
import type { Api } from '../client/index.ts';
import type { Contribution, SimilarAnswer, SimilarQuery, SimilarRow } from '../../src-main/contract/index.ts';
import { debounce } from '../lib/debounce.ts';

/** What is used of the core. */
type FindApi = { similar: Pick<Api['similar'], 'find' | 'explain'> };

const pauseMs = 60;

/** Whether a person stopped what an answer waited for. */
function isStopped(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'CANCELLED';
}

/** Which results there are, in their order. */
function orderOf({ rows }: SimilarAnswer): string {
  return rows.map(placeKey).join();
}

/** A row's place: a track, or a passage of one. */
function placeKey(row: SimilarRow): string {
  return row.passage === null ? String(row.trackId) : `${row.trackId}/${row.passage.segment}`;
}

/** Results of the page's query. */
export class SimilarState {
  readonly #api: FindApi;
  readonly #askLater = debounce(() => void this.#ask(), pauseMs, 4 * pauseMs);
  #query = $state.raw<SimilarQuery | null>(null);
  #answered: SimilarQuery | null = null;
  #answer = $state.raw<SimilarAnswer | null>(null);
  /** By how many places rows have risen; null when nobody asks. */
  #moved = $state.raw<Readonly<Record<string, number>> | null>(null);
  #error = $state.raw<unknown>(null);
  #isAsking = $state(false);
  /** A newer answer that waits, so that results do not move under the hand. */
  #later = $state.raw<SimilarAnswer | null>(null);
  #isQuiet = false;
  #abort = new AbortController();
  #explained = $state.raw<{ row: SimilarRow; neurons: readonly Contribution[] } | null>(null);
  #explainWanted = 0;

  constructor(api: FindApi) {
    this.#api = api;
  }

  /** What is asked; null without an example. */
  get query(): SimilarQuery | null {
    return this.#query;
  }

  /** The answer that is shown; null before the first. */
  get answer(): SimilarAnswer | null {
    return this.#answer;
  }

  /** Why there is no answer; null when there is one. */
  get error(): unknown {
    return this.#error;
  }

  /** True while an answer is on its way. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Every neuron's part in one result; null where none was asked for. */
  get explained(): { readonly row: SimilarRow; readonly neurons: readonly Contribution[] } | null {
    return this.#explained;
  }

  /** By how many places a row has risen since neurons were weighted otherwise; negative when it has fallen, null when it is new, 0 otherwise. */
  movedBy(row: SimilarRow): number | null {
    return this.#moved === null ? 0 : (this.#moved[placeKey(row)] ?? null);
  }

  /** Asks soon; another query within a moment takes its place. Null empties the answer. */
  show(query: SimilarQuery | null): void {
    if (JSON.stringify(query) === JSON.stringify(this.#query)) return;
    this.#query = query;
    this.#later = null;
    this.#isQuiet = false;
    this.#explained = null;
    if (query === null) this.#empty();
    else {
      this.#isAsking = true;
      this.#askLater();
    }
  }

  /** Asks again, and shows what is so now. */
  refresh(): void {
    this.#isQuiet = false;
    if (this.#query !== null) this.#askLater();
  }

  /**
   * The index, tags or tracks have changed: asks again. What a job brings does not move results that are looked at; and what a person stopped stays
   * stopped until they ask again.
   * @param isAtWork whether such a job goes on
   */
  follow(isAtWork: boolean): void {
    if (isStopped(this.#error)) return;
    this.#isQuiet = isAtWork || this.#later !== null;
    if (this.#query !== null) this.#askLater();
  }

  /** How many results there would be that are not shown, 0 when they only stand otherwise; null while what is shown is up to date. */
  get fresh(): number | null {
    if (this.#later === null) return null;
    const shown = this.#answer?.rows.map(placeKey) ?? [];
    return this.#later.rows.filter((row) => !shown.includes(placeKey(row))).length;
  }

  /** Asks why a result is near; null forgets it. */
  async explain(row: SimilarRow | null): Promise<void> {
    const wanted = ++this.#explainWanted;
    const query = this.#query;
    if (row === null || query === null) {
      this.#explained = null;
      return;
    }
    const segment = row.passage === null ? {} : { segment: row.passage.segment };
    const neurons = await this.#api.similar.explain({ query, trackId: row.trackId, ...segment });
    if (wanted === this.#explainWanted) this.#explained = { row, neurons };
  }

  #empty(): void {
    this.#abort.abort();
    this.#askLater.cancel();
    this.#answer = null;
    this.#answered = null;
    this.#error = null;
    this.#isAsking = false;
    this.#moved = null;
  }

  async #ask(): Promise<void> {
    const query = this.#query;
    if (query === null) return;
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#isAsking = true;
    try {
      const answer = await this.#api.similar.find(query, { signal: abort.signal });
      if (abort.signal.aborted) return;
      const isOther = this.#answer !== null && orderOf(answer) !== orderOf(this.#answer);
      this.#later = this.#isQuiet && isOther ? answer : null;
      if (this.#later !== null) {
        this.#isAsking = false;
        return;
      }
      this.#moved = this.#movesTo(query, answer);
      this.#answer = answer;
      this.#answered = query;
      this.#error = null;
      this.#isAsking = false;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#answer = null;
      this.#answered = null;
      this.#error = error;
      this.#isAsking = false;
    }
  }

  /** Where rows went, when nothing but the neurons' weights is different. */
  #movesTo(query: SimilarQuery, answer: SimilarAnswer): Readonly<Record<string, number>> | null {
    const before = this.#answered;
    const unweighted = (one: SimilarQuery): string => JSON.stringify({ ...one, weights: [] });
    if (before === null || this.#answer === null || unweighted(before) !== unweighted(query)) return null;
    if (JSON.stringify(before.weights) === JSON.stringify(query.weights)) return this.#moved;
    const ranks = Object.fromEntries(this.#answer.rows.map((row) => [placeKey(row), row.rank]));
    return Object.fromEntries(
      answer.rows.flatMap((row) => {
        const rank = ranks[placeKey(row)];
        return rank === undefined ? [] : [[placeKey(row), rank - row.rank]];
      }),
    );
  }
}
