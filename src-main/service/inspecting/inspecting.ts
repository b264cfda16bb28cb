/** @file Use cases of Inspect: what the neurons of an encoder, or of an inner output of one, do over the library. */
import { createHash } from 'node:crypto';
import { AppError, breather, evenly } from '../../base/index.ts';
import { featureName, hardlyDiffers } from '../../contract/index.ts';
import type { EncoderId, Neuron, NeuronState, NeuronTable, RelatedNeurons } from '../../contract/index.ts';
import { normalQuantile, relatedNeurons } from '../../inspect/index.ts';
import type { ActivationIndexInfo, StoredEncoder } from '../../store/index.ts';
import { timingOf } from '../listening/listening.ts';
import type { Tools } from '../tools.ts';
import { cancelled } from './ask-thread.ts';
import { Concepts } from './concepts.ts';
import { Figures } from './figures.ts';
import { knownLevels } from './indexed-tracks.ts';
import type { IndexedTracks } from './indexed-tracks.ts';
import { inspectedSpace } from './inspected.ts';
import type { Inspected } from './inspected.ts';
import type { SeenNeuron } from './inspect-messages.ts';
import { lookAtNeurons } from './inspect-threads.ts';
import { namesOf } from './neuron-labels.ts';
import type { TrackNames } from './neuron-labels.ts';

/** What may be wrong: of all names that are told of all neurons, one in twenty libraries has one that chance made. */
const error = 0.05;
/** Names that are told of a neuron. */
const mostTold = 5;
/** Tables that are kept, by space. */
const mostKept = 6;
/** Tracks, spread evenly over all, by which neurons are compared. */
const mostCompared = 2_000;
/** Neurons of either kind that are told. */
const mostRelated = 8;

type Looked = { key: string; neurons: SeenNeuron[] };

/** What is known of an index before its neurons are looked at. */
type Subject = Inspected & { names: TrackNames };

/** Looks at neurons. */
export class Inspecting {
  readonly #tools: Tools;
  readonly #kept = new Map<EncoderId, Looked>();
  readonly #closed = new AbortController();
  readonly concepts: Concepts;
  readonly figures: Figures;

  constructor(tools: Tools) {
    this.#tools = tools;
    this.concepts = new Concepts(tools);
    this.figures = new Figures(tools, this.#closed.signal);
  }

  /**
   * All neurons of a space: those of the last look where neither index nor names have changed since.
   * @throws AppError NOT_FOUND without such an encoder or an index of it; CANCELLED
   */
  async neurons(encoderId: EncoderId, signal: AbortSignal = this.#closed.signal): Promise<NeuronTable> {
    const subject = await this.#subject(encoderId);
    const { encoder, tracks, names } = subject;
    const neurons = await this.#look(subject, AbortSignal.any([signal, this.#closed.signal]));
    const notes = new Map(this.#tools.store.notes.list(encoderId).map(({ feature, text }) => [feature, text]));
    return {
      ...{ encoderId, tracks: tracks.trackIds.length, segments: tracks.segments, tried: names.names.length },
      isByArtist: names.isByArtist,
      neurons: neurons.map((seen) => described(seen, { encoder, names, note: notes.get(seen.feature) ?? '' })),
    };
  }

  /**
   * Neurons that do nearly the same as one, and nearly the opposite, by their means over tracks.
   * @throws AppError NOT_FOUND, BAD_INPUT for a neuron that the space does not have; CANCELLED
   */
  async related({ encoderId, number }: { encoderId: EncoderId; number: number }, signal: AbortSignal): Promise<RelatedNeurons> {
    const subject = await this.#subject(encoderId);
    const { dimensions } = subject.index;
    if (number >= dimensions)
      throw new AppError('BAD_INPUT', `${subject.encoder.name} has neurons 0 to ${dimensions - 1}; there is no neuron ${number}.`, {
        details: { number, dimensions },
      });
    const seen = await this.#look(subject, AbortSignal.any([signal, this.#closed.signal]));
    const all = relatedNeurons(
      seen.map(({ means }) => means),
      number,
    ).map(({ neuron, correlation }) => ({ number: neuron, correlation }));
    return {
      alike: all.filter(({ correlation }) => correlation > 0).slice(0, mostRelated),
      opposite: all
        .filter(({ correlation }) => correlation < 0)
        .slice(-mostRelated)
        .toReversed(),
      tracks: seen[number]?.means.length ?? 0,
    };
  }

  /** Ends what is under way. */
  close(): void {
    this.#closed.abort();
  }

  async #subject(encoderId: EncoderId): Promise<Subject> {
    const { store } = this.#tools;
    const pause = breather();
    const space = await inspectedSpace(store, encoderId, pause);
    return { ...space, names: await namesOf(store, space.tracks.trackIds, pause) };
  }

  async #look({ encoder, index, tracks, names }: Subject, signal: AbortSignal): Promise<SeenNeuron[]> {
    const { store, entries, events } = this.#tools;
    const key = keyOf(index, tracks, names);
    const known = this.#kept.get(encoder.id);
    if (known?.key === key) return known.neurons;
    const pause = breather(() => (signal.aborted ? Promise.reject(cancelled()) : Promise.resolve()));
    const timing = timingOf(encoder, index.hopSamples);
    const order = {
      ...{ directory: store.paths.index(index.id), dimensions: index.dimensions, firstRows: tracks.firstRows, counts: tracks.counts },
      features: Int32Array.from({ length: index.dimensions }, (_, feature) => feature),
      known: await knownLevels(store, tracks, { timing, pause }),
      labels: { members: names.members, groups: names.groups },
      sample: Int32Array.from(evenly(tracks.trackIds.length, mostCompared)),
      z: normalQuantile(1 - error / 2 / Math.max(1, index.dimensions * names.members.length)),
    };
    const onProgress = (done: number, total: number): void =>
      events.emit({ type: 'inspect.looking', looking: { encoderId: encoder.id, about: 'neurons', done, total } });
    try {
      const neurons = await lookAtNeurons(order, { entry: entries.inspectThread, signal, onProgress });
      this.#keep(encoder.id, { key, neurons });
      return neurons;
    } finally {
      events.emit({ type: 'inspect.looking', looking: null });
    }
  }

  #keep(encoderId: EncoderId, looked: Looked): void {
    this.#kept.delete(encoderId);
    this.#kept.set(encoderId, looked);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** Differs where rows, tracks or names do. */
function keyOf({ id }: ActivationIndexInfo, { firstRows, counts }: IndexedTracks, { names, members, groups }: TrackNames): string {
  const hash = createHash('sha256').update(firstRows).update(counts).update(groups);
  for (const [at, { kind, name }] of names.entries()) hash.update(`${kind} ${name}`).update(members[at] as Int32Array);
  return `${id} ${hash.digest('hex')}`;
}

function described(
  { feature, names: found, histogram, deviation, means: _, ...seen }: SeenNeuron,
  { encoder, names, note }: { encoder: StoredEncoder; names: TrackNames; note: string },
): Neuron {
  const told = found.slice(0, mostTold).flatMap(({ label, ...interval }) => {
    const name = names.names[label];
    return name === undefined ? [] : [{ ...name, ...interval, tracks: names.members[label]?.length ?? 0 }];
  });
  return {
    ...{ number: feature, label: featureName(encoder.architecture, feature), note, state: stateOf(seen) },
    ...{ ...seen, spread: deviation, histogram: [...histogram], names: told },
  };
}

function stateOf({ least, greatest }: Pick<SeenNeuron, 'least' | 'greatest'>): NeuronState {
  if (least === greatest) return 'dead';
  return hardlyDiffers(least, greatest) ? 'flat' : 'alive';
}
