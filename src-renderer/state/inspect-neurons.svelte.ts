/** @file All neurons of the space that is looked at: fetched when they are shown, and again when the person asks for what came meanwhile. */
import type { Api } from '../client/index.ts';
import type { AppEvent, EncoderId, HeardSegment, Inspection, Neuron, NeuronTable } from '../../src-main/contract/index.ts';
import { floatsFromBase64 } from '../../src-main/contract/index.ts';
import { orderNeurons } from '../lib/neuron-order.ts';
import type { NeuronSort } from '../lib/neuron-order.ts';

/** What is used of the core. */
type InspectApi = { inspect: Pick<Api['inspect'], 'neurons'>; listen: Pick<Api['listen'], 'segments'> };

const firstSort: NeuronSort = { by: 'selective', descending: true };

/** Neurons of one space. */
export class InspectNeuronsState {
  readonly #api: InspectApi;
  #encoderId = $state.raw<EncoderId | null>(null);
  #table = $state.raw<NeuronTable | null>(null);
  #error = $state.raw<unknown>(null);
  #progress = $state.raw<Inspection | null>(null);
  #isLooking = $state(false);
  #isOutdated = $state(false);
  #sort = $state.raw<NeuronSort>(firstSort);
  #search = $state('');
  #withFlat = $state(false);
  #abort = new AbortController();

  constructor(api: InspectApi) {
    this.#api = api;
  }

  /** Null until they have been looked at. */
  get table(): NeuronTable | null {
    return this.#table;
  }

  /** Why they could not be looked at; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  /** Whether a look goes on. */
  get isLooking(): boolean {
    return this.#isLooking;
  }

  /** How far it is; null while nobody knows. */
  get progress(): Inspection | null {
    return this.#progress;
  }

  /** Whether segments, tracks or tags are not what they were at the look. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  get sort(): NeuronSort {
    return this.#sort;
  }

  get search(): string {
    return this.#search;
  }

  /** Whether neurons that differ on few segments or none are shown too. */
  get withFlat(): boolean {
    return this.#withFlat;
  }

  /** Those that are shown, in their order. */
  readonly shown: readonly Neuron[] = $derived.by(() =>
    orderNeurons(this.#table?.neurons ?? [], { sort: this.#sort, search: this.#search, withFlat: this.#withFlat }),
  );

  /** How many differ on few segments or none. */
  readonly flat: number = $derived.by(() => this.#table?.neurons.filter(({ state }) => state !== 'alive').length ?? 0);

  sortBy(sort: NeuronSort): void {
    this.#sort = sort;
  }

  setSearch(search: string): void {
    this.#search = search;
  }

  showFlat(withFlat: boolean): void {
    this.#withFlat = withFlat;
  }

  /** Shows a space; what was fetched of it stays. */
  async show(encoderId: EncoderId): Promise<void> {
    if (encoderId === this.#encoderId && (this.#table !== null || this.#isLooking)) return;
    await this.look(encoderId);
  }

  /** Looks at a space, again where it was looked at. */
  async look(encoderId: EncoderId): Promise<void> {
    this.stop();
    if (encoderId !== this.#encoderId) this.#table = null;
    this.#encoderId = encoderId;
    const abort = new AbortController();
    this.#abort = abort;
    this.#isLooking = true;
    this.#isOutdated = false;
    this.#error = null;
    try {
      const table = await this.#api.inspect.neurons({ encoderId }, { signal: abort.signal });
      if (!abort.signal.aborted) this.#table = table;
    } catch (error) {
      if (!abort.signal.aborted) this.#error = error;
    } finally {
      if (abort === this.#abort) this.#isLooking = false;
    }
  }

  /** Ends a look; the table that was shown before stays. */
  stop(): void {
    this.#abort.abort();
    this.#isLooking = false;
    this.#progress = null;
  }

  /** The segment on which a neuron is greatest; null where there is none any more. */
  async top(neuron: Neuron): Promise<HeardSegment | null> {
    const encoderId = this.#encoderId;
    if (encoderId === null) return null;
    const feature = neuron.number;
    const page = await this.#api.listen.segments({
      ...{ encoderId, features: [feature], sort: [{ feature, descending: true }], search: '', offset: 0, limit: 1 },
    });
    const [row] = page.rows;
    return row === undefined ? null : { ...row, activation: floatsFromBase64(page.values)[0] ?? 0 };
  }

  /** An event of the core. */
  hear(event: AppEvent): void {
    if (event.type === 'inspect.looking' && (event.looking === null || isOwn(event.looking, this.#encoderId)))
      this.#progress = event.looking;
    if (event.type === 'index.changed' && event.encoderId === this.#encoderId) this.#isOutdated = true;
    if (event.type === 'tags.changed' || event.type === 'library.changed') this.#isOutdated = true;
    if (event.type === 'feature.noteChanged' && event.encoderId === this.#encoderId) this.#note(event.feature, event.text);
  }

  #note(number: number, note: string): void {
    const table = this.#table;
    if (table === null) return;
    this.#table = { ...table, neurons: table.neurons.map((neuron) => (neuron.number === number ? { ...neuron, note } : neuron)) };
  }
}

function isOwn({ about, encoderId }: Inspection, own: EncoderId | null): boolean {
  return about === 'neurons' && encoderId === own;
}
