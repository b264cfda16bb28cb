/** @file Use cases of Inspect: what the neurons of an encoder, or of an inner output of one, do over the library. */
import { createHash } from 'node:crypto';
import { breather, evenly } from '../../base/index.ts';
import { featureName, hardlyDiffers } from '../../contract/index.ts';
import type { EncoderId, Neuron, NeuronState, NeuronTable, RelatedNeurons } from '../../contract/index.ts';
import { chooseNames, isToldByFew, meansOf, relatedNeurons, statisticsOf } from '../../inspect/index.ts';
import type { FoundName, MeansPart, NeuronStatistics, NeuronSums } from '../../inspect/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { timingOf } from '../listening/listening.ts';
import type { Tools } from '../tools.ts';
import { cancelled } from './ask-thread.ts';
import { Concepts } from './concepts.ts';
import { EncodersSideBySide } from './encoders-beside.ts';
import { Figures } from './figures.ts';
import { knownLevels, levelStep } from './indexed-tracks.ts';
import type { IndexedTracks } from './indexed-tracks.ts';
import { checkNeuron, inspectedSpace } from './inspected.ts';
import type { Inspected } from './inspected.ts';
import { compareLabels, readRows } from './inspect-threads.ts';
import { KeptAnswers } from './kept-answers.ts';
import { NeuronLibraries } from './libraries.ts';
import { Maps } from './maps.ts';
import { NeuronDrifts } from './neuron-drift.ts';
import { namesOf } from './neuron-labels.ts';
import type { TrackNames } from './neuron-labels.ts';
import { NeuronSounds } from './neuron-sound.ts';
import { FilterSpectra } from './spectra.ts';

/** Of the neurons that are named, one in twenty has a name of chance, on average. */
const falseShare = 0.05;
/** Names that are told of a neuron. */
const mostTold = 5;
/** What is kept of spaces may take so many bytes; the last one is kept whatever it takes. */
const mostBytes = 2 ** 28;
/** Tracks, spread evenly over all, by which neurons are compared. */
const mostCompared = 2_000;
/** Neurons of either kind that are told. */
const mostRelated = 8;

/** What is kept of a space: its rows as sums and means, apart from the names, which depend on tags too. */
type Looked = {
  indexId: number;
  firstRows: Int32Array;
  counts: Int32Array;
  step: number;
  sums: NeuronSums[];
  parts: MeansPart[];
  named: { key: string; names: FoundName[][] } | null;
};

/** What is known of an index before its neurons are looked at. */
type Subject = Inspected & { names: TrackNames };

/** Looks at neurons. */
export class Inspecting {
  readonly #tools: Tools;
  readonly #kept = new Map<EncoderId, Looked>();
  readonly #closed = new AbortController();
  readonly concepts: Concepts;
  readonly figures: Figures;
  readonly libraries: NeuronLibraries;
  readonly encoders: EncodersSideBySide;
  readonly spectra: FilterSpectra;
  readonly sounds: NeuronSounds;
  readonly drifts: NeuronDrifts;
  readonly maps: Maps;

  constructor(tools: Tools) {
    this.#tools = tools;
    this.concepts = new Concepts(tools);
    const answers = new KeptAnswers(tools, this.#closed.signal);
    this.figures = new Figures(tools, answers);
    this.libraries = new NeuronLibraries(tools, answers);
    this.encoders = new EncodersSideBySide(tools, answers);
    this.spectra = new FilterSpectra(tools, this.#closed.signal);
    this.sounds = new NeuronSounds(tools, this.#closed.signal);
    this.drifts = new NeuronDrifts(tools, this.#closed.signal);
    this.maps = new Maps(tools);
  }

  /**
   * All neurons of a space: those of the last look where neither index nor names have changed since.
   * @throws AppError NOT_FOUND without such an encoder or an index of it; CANCELLED
   */
  async neurons(encoderId: EncoderId, signal: AbortSignal = this.#closed.signal): Promise<NeuronTable> {
    const subject = await this.#subject(encoderId);
    const { encoder, tracks, names } = subject;
    const { sums, names: found } = await this.#look(subject, AbortSignal.any([signal, this.#closed.signal]));
    const notes = new Map(this.#tools.store.notes.list(encoderId).map(({ feature, text }) => [feature, text]));
    return {
      ...{ encoderId, tracks: tracks.trackIds.length, segments: tracks.segments, tried: names.names.length },
      ...{ isByArtist: names.isByArtist, falseShare },
      neurons: sums.map((own, feature) => described({ feature, sums: own, found: found[feature] ?? [] }, { encoder, names, notes })),
    };
  }

  /**
   * Neurons that do nearly the same as one, and nearly the opposite, by their means over tracks.
   * @throws AppError NOT_FOUND, BAD_INPUT for a neuron that the space does not have; CANCELLED
   */
  async related({ encoderId, number }: { encoderId: EncoderId; number: number }, signal: AbortSignal): Promise<RelatedNeurons> {
    const subject = await this.#subject(encoderId);
    const { dimensions } = subject.index;
    checkNeuron(subject.encoder, dimensions, number);
    const { sums, parts } = await this.#told(() => this.#rows(subject, AbortSignal.any([signal, this.#closed.signal])));
    const places = Int32Array.from(evenly(subject.tracks.trackIds.length, mostCompared));
    const all = relatedNeurons(
      sums.map((_, feature) => meansOf(parts, feature, places)),
      number,
    ).map(({ neuron, correlation }) => ({ number: neuron, correlation }));
    return {
      alike: all.filter(({ correlation }) => correlation > 0).slice(0, mostRelated),
      opposite: all
        .filter(({ correlation }) => correlation < 0)
        .slice(-mostRelated)
        .toReversed(),
      tracks: places.length,
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

  /** Rows, and names for them. */
  async #look(subject: Subject, signal: AbortSignal): Promise<{ sums: NeuronSums[]; names: FoundName[][] }> {
    const key = keyOf(subject.names);
    const known = this.#kept.get(subject.encoder.id);
    if (known?.named?.key === key && isSame(known, subject)) return { sums: known.sums, names: known.named.names };
    return this.#told(async () => {
      const looked = await this.#rows(subject, signal);
      const names = await this.#names(subject, looked, signal);
      looked.named = { key, names };
      return { sums: looked.sums, names };
    });
  }

  async #names({ encoder, index, names: labels }: Subject, { parts, counts }: Looked, signal: AbortSignal): Promise<FoundName[][]> {
    const { dimensions } = index;
    const [{ members, groups }, count] = [labels, counts.length];
    const { candidates, chance } = await compareLabels(
      { dimensions, tracks: count, parts, labels: { members, groups } },
      { entry: this.#tools.entries.inspectThread, signal, onProgress: (done) => this.#tell(encoder.id, done, dimensions) },
    );
    return chooseNames(candidates, { members, count, chance, rate: falseShare });
  }

  /** Says at the end that nothing is looked at any more. */
  async #told<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } finally {
      this.#tools.events.emit({ type: 'inspect.looking', looking: null });
    }
  }

  /** What all rows give: those of the last look, with the rows of tracks that came since. */
  async #rows({ encoder, index, tracks }: Subject, signal: AbortSignal): Promise<Looked> {
    const { store, entries } = this.#tools;
    const { firstRows, counts } = tracks;
    const step = levelStep(counts.length);
    const before = this.#kept.get(encoder.id);
    const known = before?.indexId === index.id && before.step === step && isBeginning(before, tracks) ? before : null;
    const from = known?.counts.length ?? 0;
    if (known !== null && from === counts.length) return known;
    const pause = breather(() => (signal.aborted ? Promise.reject(cancelled()) : Promise.resolve()));
    const fresh = counts.length - from;
    const shared = new SharedArrayBuffer(Float32Array.BYTES_PER_ELEMENT * index.dimensions * fresh);
    const means = { tracks: fresh, values: new Float32Array(shared) };
    const sums = await readRows(
      {
        ...{ directory: store.paths.index(index.id), dimensions: index.dimensions, firstRows, counts, from, means },
        before: known?.sums ?? null,
        known: await knownLevels(store, tracks, { from, step, timing: timingOf(encoder, index.hopSamples), pause }),
      },
      { entry: entries.inspectThread, signal, onProgress: (done) => this.#tell(encoder.id, done, index.dimensions) },
    );
    const looked = { indexId: index.id, firstRows, counts, step, sums, parts: [...(known?.parts ?? []), means], named: null };
    this.#keep(encoder.id, looked);
    return looked;
  }

  #tell(encoderId: EncoderId, done: number, total: number): void {
    this.#tools.events.emit({ type: 'inspect.looking', looking: { encoderId, about: 'neurons', done: Math.min(done, total), total } });
  }

  #keep(encoderId: EncoderId, looked: Looked): void {
    this.#kept.delete(encoderId);
    this.#kept.set(encoderId, looked);
    let bytes = [...this.#kept.values()].reduce((sum, { parts }) => sum + bytesOf(parts), 0);
    for (const [id, { parts }] of [...this.#kept]) {
      if (bytes <= mostBytes || id === encoderId) return;
      this.#kept.delete(id);
      bytes -= bytesOf(parts);
    }
  }
}

function bytesOf(parts: readonly MeansPart[]): number {
  return parts.reduce((sum, { values }) => sum + values.byteLength, 0);
}

/** Whether what is kept is of these very rows. */
function isSame(known: Looked, { index, tracks }: Subject): boolean {
  return known.indexId === index.id && known.counts.length === tracks.counts.length && isBeginning(known, tracks);
}

/** Whether tracks begin with those that were looked at, where these lay. */
function isBeginning(before: Pick<IndexedTracks, 'firstRows' | 'counts'>, now: Pick<IndexedTracks, 'firstRows' | 'counts'>): boolean {
  return (
    before.counts.length <= now.counts.length &&
    before.counts.every((count, track) => count === now.counts[track] && before.firstRows[track] === now.firstRows[track])
  );
}

/** Differs where names do, or the tracks that have them. */
function keyOf({ names, members, groups }: TrackNames): string {
  const hash = createHash('sha256').update(groups);
  for (const [at, { kind, name }] of names.entries()) hash.update(`${kind} ${name}`).update(members[at] as Int32Array);
  return hash.digest('hex');
}

function described(
  { feature, sums, found }: { feature: number; sums: NeuronSums; found: readonly FoundName[] },
  { encoder, names, notes }: { encoder: StoredEncoder; names: TrackNames; notes: ReadonlyMap<number, string> },
): Neuron {
  const told = found.slice(0, mostTold).flatMap(({ label, ...interval }) => {
    const name = names.names[label];
    return name === undefined ? [] : [{ ...name, ...interval, tracks: names.members[label]?.length ?? 0 }];
  });
  const { histogram, deviation, ...seen } = statisticsOf(sums);
  return {
    ...{
      number: feature,
      label: featureName(encoder.architecture, feature),
      note: notes.get(feature) ?? '',
      state: stateOf({ ...seen, histogram }),
    },
    ...{ ...seen, spread: deviation, histogram: [...histogram], names: told },
  };
}

function stateOf({ least, greatest, histogram }: Pick<NeuronStatistics, 'least' | 'greatest' | 'histogram'>): NeuronState {
  if (least === greatest) return 'dead';
  if (hardlyDiffers(least, greatest)) return 'flat';
  return isToldByFew(histogram) ? 'rare' : 'alive';
}
