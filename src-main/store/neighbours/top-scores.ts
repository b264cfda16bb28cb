/** @file The best of many scores, kept in a heap whose root is the worst of them. Of equal scores the lower place is the better one. */

/** The best scores so far and their places. */
export class TopScores {
  readonly #most: number;
  readonly #scores: Float32Array<ArrayBuffer>;
  readonly #places: Uint32Array<ArrayBuffer>;
  #count = 0;

  /** @param most how many are kept */
  constructor(most: number) {
    this.#most = most;
    this.#scores = new Float32Array(most);
    this.#places = new Uint32Array(most);
  }

  /** A score below this cannot be among the best. */
  get threshold(): number {
    return this.#count < this.#most || this.#most === 0 ? -Infinity : (this.#scores[0] as number);
  }

  /** Offers a score. */
  add(score: number, place: number): void {
    if (this.#count < this.#most) {
      this.#rise(this.#count++, score, place);
    } else if (this.#most > 0 && this.#isWorse(0, score, place)) this.#sink(score, place);
  }

  /** The best, in no order. */
  unsorted(): { places: Uint32Array<ArrayBuffer>; scores: Float32Array<ArrayBuffer> } {
    return { places: this.#places.slice(0, this.#count), scores: this.#scores.slice(0, this.#count) };
  }

  /** The best, best first. */
  sorted(): { places: Uint32Array<ArrayBuffer>; scores: Float32Array<ArrayBuffer> } {
    const [scores, places] = [this.#scores, this.#places];
    const order = Array.from({ length: this.#count }, (_, i) => i).sort(
      (a, b) => (scores[b] as number) - (scores[a] as number) || (places[a] as number) - (places[b] as number),
    );
    return { places: Uint32Array.from(order, (i) => places[i] as number), scores: Float32Array.from(order, (i) => scores[i] as number) };
  }

  /** Whether what lies at `at` is worse than this. */
  #isWorse(at: number, score: number, place: number): boolean {
    const own = this.#scores[at] as number;
    return own < score || (own === score && (this.#places[at] as number) > place);
  }

  #set(at: number, score: number, place: number): void {
    this.#scores[at] = score;
    this.#places[at] = place;
  }

  #rise(from: number, score: number, place: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#isWorse(parent, score, place)) break;
      this.#set(at, this.#scores[parent] as number, this.#places[parent] as number);
      at = parent;
    }
    this.#set(at, score, place);
  }

  #sink(score: number, place: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#count) break;
      const right = child + 1;
      if (right < this.#count && this.#isWorse(right, this.#scores[child] as number, this.#places[child] as number)) child = right;
      if (!this.#isWorse(child, score, place)) break;
      this.#set(at, this.#scores[child] as number, this.#places[child] as number);
      at = child;
    }
    this.#set(at, score, place);
  }
}
