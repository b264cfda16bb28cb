/** @file Segments of a neuron: of each end of its range, the most active ones, and those of a blind test; of each track so many at most, where that is wanted. */
import type { Api } from '../client/index.ts';
import { floatsFromBase64 } from '../../src-main/contract/index.ts';
import type { EncoderId, HeardSegment, SegmentQuery } from '../../src-main/contract/index.ts';

/** What is used of the core. */
export type SegmentsApi = { listen: Pick<Api['listen'], 'segments'> };

/** Whose segments, and at most how many of a track; null for all of them. */
export type NeuronChoice = { encoderId: EncoderId; number: number; perTrack: number | null };

/** Segments of a part of a neuron's range. */
export type NeuronEnd = { title: string; segments: readonly HeardSegment[] };

/** A question of the blind test: whether a segment is one that the neuron hears most. `said`: null while it is open. */
export type BlindItem = { segment: HeardSegment; isTop: boolean; said: boolean | null };

type Page = { total: number; rows: HeardSegment[] };
type PageWish = Pick<SegmentQuery, 'offset' | 'limit'> & Partial<Pick<SegmentQuery, 'perTrack' | 'trackId'>> & { isAscending?: boolean };

/** Segments of each end that are shown. */
const shownEnd = 5;
/** So many in the middle are looked through for those of other tracks. */
const lookedThrough = 200;
/** Questions of a blind test; a coin falls for each, whether it is a top segment or another one. */
const questions = 10;

/** Asks the core for them. */
export class NeuronSegments {
  readonly #api: SegmentsApi;
  readonly #draw: () => number;

  /** @param draw a random number from 0 to 1 */
  constructor(api: SegmentsApi, draw: () => number) {
    this.#api = api;
    this.#draw = draw;
  }

  /** The most active ones in their order; `total`: of how many. */
  async top(choice: NeuronChoice, limit: number): Promise<Page> {
    return this.#page(choice, { offset: 0, limit, ...(choice.perTrack === null ? {} : { perTrack: choice.perTrack }) });
  }

  /** The most active, those in the middle, and the least active, each segment once. */
  async ends(choice: NeuronChoice): Promise<NeuronEnd[]> {
    const { perTrack } = choice;
    const [most, { total }] = await Promise.all([this.top(choice, shownEnd), this.#page(choice, { offset: 0, limit: 0 })]);
    const limit = perTrack === null ? shownEnd : lookedThrough;
    const from = Math.max(0, Math.floor((total - limit) / 2));
    const [around, last] = await Promise.all([
      this.#page(choice, { offset: from, limit }),
      this.#page(choice, { offset: 0, limit: 2 * shownEnd, isAscending: true, ...(perTrack === null ? {} : { perTrack }) }),
    ]);
    const taken = new Set(most.rows.map(({ row }) => row));
    const least = last.rows.filter(({ row }) => !taken.has(row)).slice(0, shownEnd);
    for (const { row } of least) taken.add(row);
    const centre = (around.rows.length - 1) / 2;
    const places = [...around.rows.keys()].sort((a, b) => Math.abs(a - centre) - Math.abs(b - centre));
    const free = places.filter((place) => !taken.has((around.rows[place] as HeardSegment).row));
    const between = fewOfEach(free, (place) => (around.rows[place] as HeardSegment).trackId, perTrack).slice(0, shownEnd);
    return [
      { title: 'Hears most', segments: most.rows },
      { title: 'In the middle', segments: between.sort((a, b) => a - b).map((place) => around.rows[place] as HeardSegment) },
      { title: 'Hears least', segments: least.reverse() },
    ].filter(({ segments }) => segments.length > 0);
  }

  /**
   * The questions of a blind test. For each a fair coin says whether it is a segment that the neuron hears most or one that is drawn from all others, so that
   * answers to earlier questions tell nothing of the next, and whoever guesses is right as often as coins fall.
   * @throws where there are too few segments
   */
  async questions(choice: NeuronChoice): Promise<BlindItem[]> {
    const top = await this.top(choice, questions);
    const count = Math.min(questions, Math.floor(top.total / 2));
    if (count === 0) throw new Error(tooFew(choice));
    const coins = Array.from({ length: count }, () => this.#draw() < 0.5);
    const tops = this.#shuffled(top.rows.slice(0, coins.filter((isTop) => isTop).length));
    const places = this.#drawn(top.total - count, count - tops.length).map((place) => count + place);
    const others = await this.#others(choice, places, top.rows.slice(0, count));
    return coins.flatMap((isTop) => {
      const segment = isTop ? tops.pop() : others.pop();
      return segment === undefined ? [] : [{ segment, isTop, said: null }];
    });
  }

  /**
   * Segments at places of the order. Where few of a track are wanted, that order has the most active ones of each track alone: in their stead come others of
   * the same tracks, whichever, but none of the top.
   */
  async #others(choice: NeuronChoice, places: readonly number[], top: readonly HeardSegment[]): Promise<HeardSegment[]> {
    const { perTrack } = choice;
    const few = perTrack === null ? {} : { perTrack };
    const drawn = (await Promise.all(places.map((offset) => this.#page(choice, { offset, limit: 1, ...few })))).flatMap(({ rows }) => rows);
    if (perTrack === null) return drawn;
    const found: HeardSegment[] = [];
    for (const trackId of new Set(drawn.map((segment) => segment.trackId))) {
      const ofTrack = (segment: HeardSegment): boolean => segment.trackId === trackId;
      const [wanted, above] = [drawn.filter(ofTrack).length, top.filter(ofTrack).length];
      const { total } = await this.#page(choice, { offset: 0, limit: 0, trackId });
      for (const place of this.#drawn(total - above, wanted))
        found.push(...(await this.#page(choice, { offset: above + place, limit: 1, trackId })).rows);
    }
    return this.#shuffled(found);
  }

  /** So many different numbers below another, in a drawn order. */
  #drawn(below: number, count: number): number[] {
    const found: number[] = [];
    for (let at = below - count; at < below; at++) {
      // Floyd's way (Bentley and Floyd 1987): each set is as likely as any other.
      const one = Math.floor(this.#draw() * (at + 1));
      found.push(found.includes(one) ? at : one);
    }
    return this.#shuffled(found);
  }

  #shuffled<Item>(items: readonly Item[]): Item[] {
    return items
      .map((item) => ({ item, key: this.#draw() }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  }

  async #page({ encoderId, number }: NeuronChoice, { isAscending = false, ...wish }: PageWish): Promise<Page> {
    const sort = [{ feature: number, descending: !isAscending }];
    const page = await this.#api.listen.segments({ encoderId, features: [number], sort, search: '', ...wish });
    const values = floatsFromBase64(page.values);
    return { total: page.total, rows: page.rows.map((row, at) => ({ ...row, activation: values[at] ?? 0 })) };
  }
}

/** Items in their order, so many at most that have one key; null: all. */
function fewOfEach<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key, most: number | null): Item[] {
  if (most === null) return [...items];
  const counts = new Map<Key, number>();
  return items.filter((item) => {
    const count = counts.get(keyOf(item)) ?? 0;
    counts.set(keyOf(item), count + 1);
    return count < most;
  });
}

function tooFew({ perTrack }: NeuronChoice): string {
  return perTrack === null
    ? 'A blind test needs two segments or more. Index more music with this encoder first.'
    : 'A blind test needs two segments or more. Take more rows of a track, or index more music with this encoder first.';
}
