/** @file One neuron: what it hears most, middling and least, what does the same or the opposite, and a blind test of whether one can hear it. */
import type { Api } from '../client/index.ts';
import type { EncoderId, HeardSegment, RelatedNeurons } from '../../src-main/contract/index.ts';
import { NeuronSegments } from './neuron-segments.ts';
import type { BlindItem, NeuronChoice, NeuronEnd, SegmentsApi } from './neuron-segments.ts';

/** What is used of the core. */
type NeuronApi = { inspect: Pick<Api['inspect'], 'related'> } & SegmentsApi;

/** What is kept between visits. */
export type NeuronMemory = {
  /** At most so many segments of a track in lists, reel and blind test; 0 for all. */
  perTrack: number;
};

/** What holds {@link NeuronMemory}; `ViewMemory` does. */
export interface NeuronMemoryHolder {
  readonly current: NeuronMemory;
  readonly isLoaded: boolean;
  load(): Promise<void>;
  set(change: Partial<NeuronMemory>): void;
}

/** A neuron's page as it is when none was ever seen. */
export const freshNeuronMemory: NeuronMemory = { perTrack: 0 };

/** Top segments that are played one after the other. */
const reelLength = 20;

/** The neuron whose panel is open. */
export class InspectNeuronState {
  readonly #api: NeuronApi;
  readonly #memory: NeuronMemoryHolder;
  readonly #segments: NeuronSegments;
  #encoderId = $state.raw<EncoderId | null>(null);
  #number = $state.raw<number | null>(null);
  #ends = $state.raw<readonly NeuronEnd[] | null>(null);
  #related = $state.raw<RelatedNeurons | null>(null);
  #error = $state.raw<unknown>(null);
  #blind = $state.raw<readonly BlindItem[] | null>(null);
  #request = 0;

  /** @param draw a random number from 0 to 1; replaced in tests */
  constructor(api: NeuronApi, memory: NeuronMemoryHolder, draw: () => number = Math.random) {
    this.#api = api;
    this.#memory = memory;
    this.#segments = new NeuronSegments(api, draw);
  }

  /** The space whose neuron is or was open; null before any was. */
  get encoderId(): EncoderId | null {
    return this.#encoderId;
  }

  /** Null while no panel is open. */
  get number(): number | null {
    return this.#number;
  }

  /** At most so many segments of a track; null for all. */
  get perTrack(): number | null {
    const { perTrack } = this.#memory.current;
    return Number.isInteger(perTrack) && perTrack >= 1 ? perTrack : null;
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
      if (!this.#memory.isLoaded) await this.#memory.load();
      const choice = { encoderId, number, perTrack: this.perTrack };
      const [ends, related] = await Promise.all([this.#segments.ends(choice), this.#api.inspect.related({ encoderId, number })]);
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

  /** Takes so many segments of a track at most from now on, and shows them. @param count null for all */
  async setPerTrack(count: number | null): Promise<void> {
    this.#memory.set({ perTrack: count ?? 0 });
    const [choice, request] = [this.#choice, this.#request];
    if (choice === null) return;
    const ends = await this.#segments.ends(choice);
    if (request === this.#request && choice.perTrack === this.perTrack) this.#ends = ends;
  }

  /** The segments that it hears most, to be played one after the other; none where nothing was heard. */
  async reel(): Promise<readonly HeardSegment[]> {
    const choice = this.#choice;
    return choice === null ? [] : (await this.#segments.top(choice, reelLength)).rows;
  }

  /** Begins a blind test. @throws where there are too few segments */
  async test(): Promise<void> {
    const [choice, request] = [this.#choice, this.#request];
    if (choice === null) return;
    const asked = await this.#segments.questions(choice);
    if (request === this.#request) this.#blind = asked;
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

  get #choice(): NeuronChoice | null {
    const [encoderId, number] = [this.#encoderId, this.#number];
    return encoderId === null || number === null ? null : { encoderId, number, perTrack: this.perTrack };
  }
}
