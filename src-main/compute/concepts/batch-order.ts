/** @file Which rows a step takes. */
import { seededRandom } from '../../base/index.ts';

/** Some rows as one array. @param places `[batch]` */
export function gathered(rows: Float32Array, dimensions: number, places: Int32Array): Float32Array {
  const own = new Float32Array(places.length * dimensions);
  for (const [to, from] of places.entries()) own.set(rows.subarray(from * dimensions, (from + 1) * dimensions), to * dimensions);
  return own;
}

/** All rows once an epoch, in an order that follows from the seed and the epoch alone. */
export class BatchOrder {
  readonly #batch: number;
  readonly #seed: number;
  readonly #perEpoch: number;
  readonly #order: Int32Array;
  #epoch = -1;

  constructor(rows: number, batch: number, seed: number) {
    [this.#batch, this.#seed] = [batch, seed];
    this.#perEpoch = Math.floor(rows / batch);
    this.#order = new Int32Array(rows);
  }

  at(step: number): Int32Array {
    const epoch = Math.floor(step / this.#perEpoch);
    if (epoch !== this.#epoch) this.#shuffle(epoch);
    const first = (step % this.#perEpoch) * this.#batch;
    return this.#order.subarray(first, first + this.#batch);
  }

  #shuffle(epoch: number): void {
    const random = seededRandom(this.#seed * 65_537 + epoch + 1);
    this.#epoch = epoch;
    for (const place of this.#order.keys()) this.#order[place] = place;
    for (let place = this.#order.length - 1; place > 0; place--) {
      const other = random.below(place + 1);
      const [one, two] = [this.#order[place] as number, this.#order[other] as number];
      [this.#order[place], this.#order[other]] = [two, one];
    }
  }
}
