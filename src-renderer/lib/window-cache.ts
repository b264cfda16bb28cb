/** @file Rows of a long list, of which only the pages near the eye are held. Old rows stay in place until the new ones are there, so nothing jumps. */

/** A page as the core answers it. */
export type PageAnswer<Row> = { total: number; rows: readonly Row[] };

/** What a cache works with. */
export type WindowCacheOptions<Row> = {
  /** Rows of one request. */
  pageRows: number;
  /** Pages held at most. */
  keptPages: number;
  /** Fetches rows; the signal fires when they are no longer wanted. */
  fetch: (offset: number, limit: number, signal: AbortSignal) => Promise<PageAnswer<Row>>;
  /** Hears that rows or their number changed. */
  changed: () => void;
  /** What a row is known by, when it is fetched again. */
  keyOf: (row: Row) => unknown;
  /** Hears of a page that could not be fetched. */
  failed: (error: unknown) => void;
};

type Page<Row> = { rows: readonly Row[]; epoch: number };

/** A window on a list of rows, for one query at a time. */
export class WindowCache<Row> {
  readonly #options: WindowCacheOptions<Row>;
  readonly #pages = new Map<number, Page<Row>>();
  readonly #loading = new Map<number, AbortController>();
  #total: number | null = null;
  #epoch = 0;
  /** Pages of earlier epochs answer another question and go as soon as the first answer is here. */
  #isOtherQuery = false;
  #wanted: [number, number] = [0, 0];
  /** Rows that are looked at, end included. */
  #sight: [number, number] = [0, -1];
  #renewal = 0;

  constructor(options: WindowCacheOptions<Row>) {
    this.#options = options;
  }

  /** Rows in the whole list; null until the first answer. */
  get total(): number | null {
    return this.#total;
  }

  /** A row, if its page is held. */
  row(index: number): Row | undefined {
    const { pageRows } = this.#options;
    return this.#pages.get(Math.floor(index / pageRows))?.rows[index % pageRows];
  }

  /** Where a row stands among those that are held; null when it is not held. */
  indexOf(isIt: (row: Row) => boolean): number | null {
    for (const [page, { rows }] of this.#pages) {
      const at = rows.findIndex(isIt);
      if (at >= 0) return page * this.#options.pageRows + at;
    }
    return null;
  }

  /** Tells which rows are looked at, `last` included; fetches what is missing or old. */
  want(first: number, last: number): void {
    this.#sight = [first, last];
    this.#want(first, last);
  }

  #want(first: number, last: number): void {
    const { pageRows } = this.#options;
    const end = this.#total === null ? Math.floor(first / pageRows) : Math.floor(Math.max(0, Math.min(last, this.#total - 1)) / pageRows);
    this.#wanted = [Math.min(Math.floor(first / pageRows), end), end];
    for (const [page, controller] of this.#loading) if (!this.#isWanted(page)) controller.abort();
    for (let page = this.#wanted[0]; page <= end; page++) {
      if (this.#pages.get(page)?.epoch !== this.#epoch && !this.#loading.has(page)) void this.#load(page);
    }
  }

  /** Another query: what is held is shown only until the first answer. */
  reset(): void {
    this.#isOtherQuery = true;
    this.#renew();
  }

  /** The same query on changed data: what is held is shown until each page is replaced. */
  refresh(): void {
    this.#renew();
  }

  /**
   * The same query on changed data, without moving a row that is looked at: such rows take what is new of them, and only where they stand as they
   * stood are the others replaced. A list that ends in sight is still filling, and takes what comes.
   * @returns null when what is shown is up to date; else by how many rows the list would be longer
   */
  async renewInPlace(): Promise<number | null> {
    const before = this.#total;
    if (before === null || this.#isOtherQuery || before - 1 <= this.#sight[1]) {
      this.#renew();
      return null;
    }
    const [epoch, renewal, { pageRows, fetch, changed, failed, keyOf }] = [this.#epoch, ++this.#renewal, this.#options];
    const [first, last] = this.#wanted;
    const pages = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    try {
      const answers = await Promise.all(pages.map(async (page) => fetch(page * pageRows, pageRows, new AbortController().signal)));
      if (epoch !== this.#epoch || renewal !== this.#renewal) return null;
      const now = answers.flatMap(({ rows }) => rows);
      const isMoved = Array.from({ length: this.#sight[1] + 1 - this.#sight[0] }, (_, i) => this.#sight[0] + i).some((index) => {
        const [held, other] = [this.row(index), now[index - first * pageRows]];
        return held !== undefined && (other === undefined || keyOf(held) !== keyOf(other));
      });
      if (isMoved) this.#takeNews(now);
      else {
        this.#epoch++;
        answers.forEach((answer, i) => this.#take(first + i, answer));
      }
      changed();
      return isMoved ? (answers[0]?.total ?? before) - before : null;
    } catch (error) {
      if (epoch === this.#epoch) failed(error);
      return null;
    }
  }

  /** Rows that are held become what they are now, where they stand. */
  #takeNews(now: readonly Row[]): void {
    const { keyOf } = this.#options;
    const byKey = new Map(now.map((row) => [keyOf(row), row]));
    for (const [page, { rows, epoch }] of this.#pages)
      this.#pages.set(page, { rows: rows.map((row) => byKey.get(keyOf(row)) ?? row), epoch });
  }

  #renew(): void {
    this.#epoch++;
    for (const controller of this.#loading.values()) controller.abort();
    this.#loading.clear();
    const { pageRows } = this.#options;
    this.#want(this.#wanted[0] * pageRows, (this.#wanted[1] + 1) * pageRows - 1);
  }

  #isWanted(page: number): boolean {
    return page >= this.#wanted[0] && page <= this.#wanted[1];
  }

  async #load(page: number): Promise<void> {
    const epoch = this.#epoch;
    const controller = new AbortController();
    this.#loading.set(page, controller);
    const { pageRows, fetch, changed, failed } = this.#options;
    try {
      const answer = await fetch(page * pageRows, pageRows, controller.signal);
      if (epoch !== this.#epoch) return;
      this.#loading.delete(page);
      this.#take(page, answer);
      changed();
    } catch (error) {
      if (this.#loading.get(page) === controller) this.#loading.delete(page);
      if (epoch === this.#epoch && !controller.signal.aborted) failed(error);
    }
  }

  #take(page: number, answer: PageAnswer<Row>): void {
    if (this.#isOtherQuery) this.#pages.clear();
    this.#isOtherQuery = false;
    this.#total = answer.total;
    this.#pages.delete(page);
    this.#pages.set(page, { rows: answer.rows, epoch: this.#epoch });
    const lastPage = Math.max(0, Math.ceil(answer.total / this.#options.pageRows) - 1);
    for (const held of this.#pages.keys()) {
      if (held > lastPage || (this.#pages.size > this.#options.keptPages && !this.#isWanted(held))) this.#pages.delete(held);
    }
    if (this.#wanted[1] > lastPage) this.#wanted = [Math.min(this.#wanted[0], lastPage), lastPage];
  }
}
