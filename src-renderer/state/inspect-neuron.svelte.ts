/** @file One neuron: what it hears most, middling and least, what does the same or the opposite, and a blind test of whether one can hear it. */
import type { Api } from '../client/index.ts';
import { floatsFromBase64 } from '../../src-main/contract/index.ts';
import type { EncoderId, HeardSegment, RelatedNeurons } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type NeuronApi = { inspect: Pick<Api['inspect'], 'related'>; listen: Pick<Api['listen'], 'segments'> };

/** Segments of a part of a neuron's range. */
export type NeuronEnd = { title: string; segments: readonly HeardSegment[] };

/** A question of the blind test: whether a segment is one that the neuron hears most. `said`: null while it is open. */
export type BlindItem = { segment: HeardSegment; isTop: boolean; said: boolean | null };

/** Segments of each end that are shown. */
const shownEnd = 5;
/** Top segments that are played one after the other. */
const reelLength = 20;
/** Questions of a blind test; a coin falls for each, whether it is a top segment or another one. */
const questions = 10;

/** The neuron whose panel is open. */
export class InspectNeuronState {
  readonly #api: NeuronApi;
  readonly #draw: () => number;
  #encoderId = $state.raw<EncoderId | null>(null);
  #number = $state.raw<number | null>(null);
  #ends = $state.raw<readonly NeuronEnd[] | null>(null);
  #related = $state.raw<RelatedNeurons | null>(null);
  #error = $state.raw<unknown>(null);
  #blind = $state.raw<readonly BlindItem[] | null>(null);
  #request = 0;

  /** @param draw a random number from 0 to 1; replaced in tests */
  constructor(api: NeuronApi, draw: () => number = Math.random) {
    this.#api = api;
    this.#draw = draw;
  }

  /** The space whose neuron is or was open; null before any was. */
  get encoderId(): EncoderId | null {
    return this.#encoderId;
  }

  /** Null while no panel is open. */
  get number(): number | null {
    return this.#number;
  }

  /** Null until they are loaded. */
  get ends(): readonly NeuronEnd[] | null {
    return this.#ends;
  }

  get related(): RelatedNeurons | null {
    return this.#related;
  }

  /** Why it could not be loaded; null when it could. */
  get error(): unknown {
    return this.#error;
  }

  /** The blind test; null while none goes on. */
  get blind(): readonly BlindItem[] | null {
    return this.#blind;
  }

  /** The question that is open; null where none is. */
  readonly asked: BlindItem | null = $derived.by(() => this.#blind?.find(({ said }) => said === null) ?? null);

  /** Right answers, and answers. */
  readonly score: { right: number; of: number } = $derived.by(() => {
    const answered = this.#blind?.filter(({ said }) => said !== null) ?? [];
    return { right: answered.filter(({ said, isTop }) => said === isTop).length, of: answered.length };
  });

  /** Opens a neuron's panel. */
  async open(encoderId: EncoderId, number: number): Promise<void> {
    const request = ++this.#request;
    this.#encoderId = encoderId;
    this.#number = number;
    this.#ends = null;
    this.#related = null;
    this.#blind = null;
    this.#error = null;
    try {
      const [ends, related] = await Promise.all([this.#endsOf(encoderId, number), this.#api.inspect.related({ encoderId, number })]);
      if (request !== this.#request) return;
      this.#ends = ends;
      this.#related = related;
    } catch (error) {
      if (request === this.#request) this.#error = error;
    }
  }

  close(): void {
    this.#request++;
    this.#number = null;
    this.#blind = null;
  }

  /** The segments that it hears most, to be played one after the other; none where nothing was heard. */
  async reel(): Promise<readonly HeardSegment[]> {
    const [encoderId, number] = [this.#encoderId, this.#number];
    return encoderId === null || number === null ? [] : (await this.#segments(encoderId, number, { offset: 0, limit: reelLength })).rows;
  }

  /**
   * Begins a blind test. For each question a fair coin says whether it is a segment that the neuron hears most or one that is drawn from all others, so that
   * answers to earlier questions tell nothing of the next, and whoever guesses is right as often as coins fall.
   */
  async test(): Promise<void> {
    const [encoderId, number, request] = [this.#encoderId, this.#number, this.#request];
    if (encoderId === null || number === null) return;
    const top = await this.#segments(encoderId, number, { offset: 0, limit: questions });
    const count = Math.min(questions, Math.floor(top.total / 2));
    if (count === 0) throw new Error('A blind test needs two segments or more. Index more music with this encoder first.');
    const coins = Array.from({ length: count }, () => this.#draw() < 0.5);
    const tops = this.#shuffled(top.rows.slice(0, coins.filter((isTop) => isTop).length));
    const places = this.#drawn(top.total - count, count - tops.length).map((place) => count + place);
    const drawn = await Promise.all(places.map((offset) => this.#segments(encoderId, number, { offset, limit: 1 })));
    if (request !== this.#request) return;
    const others = drawn.flatMap(({ rows }) => rows);
    this.#blind = coins.flatMap((isTop) => {
      const segment = isTop ? tops.pop() : others.pop();
      return segment === undefined ? [] : [{ segment, isTop, said: null }];
    });
  }

  /** Answers the open question. */
  answer(isTop: boolean): void {
    const { asked } = this;
    this.#blind = this.#blind?.map((item) => (item === asked ? { ...item, said: isTop } : item)) ?? null;
  }

  /** Ends the blind test. */
  endTest(): void {
    this.#blind = null;
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

  async #endsOf(encoderId: EncoderId, number: number): Promise<NeuronEnd[]> {
    const top = await this.#segments(encoderId, number, { offset: 0, limit: shownEnd });
    const middle = Math.max(shownEnd, Math.floor((top.total - shownEnd) / 2));
    const bottom = Math.max(middle + shownEnd, top.total - shownEnd);
    const [between, least] = await Promise.all([
      this.#segments(encoderId, number, { offset: middle, limit: shownEnd }),
      this.#segments(encoderId, number, { offset: bottom, limit: shownEnd }),
    ]);
    const ends = [
      { title: 'Hears most', segments: top.rows },
      { title: 'In the middle', segments: between.rows },
      { title: 'Hears least', segments: least.rows },
    ];
    return ends.filter(({ segments }) => segments.length > 0);
  }

  async #segments(
    encoderId: EncoderId,
    feature: number,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<{ total: number; rows: HeardSegment[] }> {
    const sort = [{ feature, descending: true }];
    const page = await this.#api.listen.segments({ encoderId, features: [feature], sort, search: '', offset, limit });
    const values = floatsFromBase64(page.values);
    return { total: page.total, rows: page.rows.map((row, at) => ({ ...row, activation: values[at] ?? 0 })) };
  }
}
