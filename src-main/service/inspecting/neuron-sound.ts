/** @file How a neuron's top segments sound beside others: files are decoded where the segments lie and measured by the media process. */
import { AppError, countOf } from '../../base/index.ts';
import type { NeuronSound, NeuronWish, SegmentTiming, TrackId } from '../../contract/index.ts';
import { SegmentTimes } from '../../contract/index.ts';
import { differenceInterval, meanInterval, soundBandsHz } from '../../inspect/index.ts';
import type { GroupedValues, SegmentSound } from '../../inspect/index.ts';
import { timingOf } from '../listening/listening.ts';
import type { Tools } from '../tools.ts';
import { cancelled } from './ask-thread.ts';
import type { Follow } from './kept-answers.ts';
import { checkNeuron, inspectedSpace } from './inspected.ts';
import type { Inspected } from './inspected.ts';
import { neuronSegments } from './neuron-segments.ts';
import type { TopPlace } from './top-segments.ts';

/** Third octaves up to 9 kHz lie below half of it. */
const sampleRate = 22_050;
const wanted = { top: 24, perTrack: 4, others: 60 } as const;
/** With fewer of either kind there is nothing to compare. */
const fewest = 4;
/** Files that are read at a time: as many as the media process has threads. */
const atOnce = 2;

type Heard = { trackId: TrackId; sound: SegmentSound };
type Measured = { heard: Heard[]; left: number };

/** Measures how segments sound. */
export class NeuronSounds {
  readonly #tools: Tools;
  readonly #closed: AbortSignal;

  /** @param closed fires when nobody waits any more */
  constructor(tools: Tools, closed: AbortSignal) {
    this.#tools = tools;
    this.#closed = closed;
  }

  /** @throws AppError NOT_FOUND; BAD_INPUT for a neuron that there is not, or where too little could be read; CANCELLED */
  async sound({ encoderId, number }: NeuronWish, follow: Follow = {}): Promise<NeuronSound> {
    const { store, events } = this.#tools;
    const space = await inspectedSpace(store, encoderId);
    checkNeuron(space.encoder, space.index.dimensions, number);
    await store.index.prepare(encoderId, { sort: [{ feature: number, descending: true }], search: '' }, () => Promise.resolve());
    const { top, others } = neuronSegments(store, space, number, wanted);
    const signal = AbortSignal.any([follow.signal ?? this.#closed, this.#closed]);
    const total = top.length + others.length;
    const tell = (done: number): void => {
      events.emit({ type: 'inspect.looking', looking: { encoderId, about: 'sound', done, total } });
      follow.onProgress?.(done, total);
    };
    try {
      const measured = await this.#measure(space, [...top, ...others], { signal, tell });
      return this.#compared({ encoderId, number }, measured.slice(0, top.length), measured.slice(top.length));
    } finally {
      events.emit({ type: 'inspect.looking', looking: null });
    }
  }

  /** Each segment's sound, in order; null for one that is silent or cannot be read. */
  async #measure(
    { encoder, index }: Inspected,
    places: readonly TopPlace[],
    { signal, tell }: { signal: AbortSignal; tell: (done: number) => void },
  ): Promise<(Heard | null)[]> {
    const { store } = this.#tools;
    const paths = new Map(store.tracks.whole([...new Set(places.map(({ trackId }) => trackId))]).map(({ id, path }) => [id, path]));
    const timing = timingOf(encoder, index.hopSamples);
    const measured: (Heard | null)[] = places.map(() => null);
    let [next, done] = [0, 0];
    const work = async (): Promise<void> => {
      for (let at = next++; at < places.length; at = next++) {
        if (signal.aborted) throw cancelled();
        const place = places[at] as TopPlace;
        const sound = await this.#soundAt(paths.get(place.trackId), place.segment, timing);
        measured[at] = sound === null ? null : { trackId: place.trackId, sound };
        tell(++done);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return measured;
  }

  async #soundAt(path: string | undefined, segment: number, timing: SegmentTiming): Promise<SegmentSound | null> {
    if (path === undefined) return null;
    const times = new SegmentTimes(timing, Infinity);
    try {
      const [startMs, endMs] = [times.startOf(segment), times.endOf(segment)];
      return await this.#tools.media.run({ type: 'sound', path, sampleRate, startMs, endMs });
    } catch (error) {
      // A file that is gone or damaged since is left out, and counted.
      if (error instanceof AppError && error.code !== 'CANCELLED') return null;
      throw error;
    }
  }

  #compared(wish: NeuronWish, top: readonly (Heard | null)[], others: readonly (Heard | null)[]): NeuronSound {
    const [one, other] = [heardOf(top), heardOf(others)];
    if (one.heard.length < fewest || other.heard.length < fewest)
      throw new AppError(
        'BAD_INPUT',
        `There is too little to compare: ${countOf(one.heard.length, 'top segment')} and ${countOf(other.heard.length, 'other')} could be read and are not silent, and it takes ${fewest} of each. Add music, or look whether its files are where they were.`,
      );
    const compare = (read: (sound: SegmentSound) => number): NeuronSound['level'] => {
      const [a, b] = [valuesOf(one, read), valuesOf(other, read)];
      return { top: meanInterval(a), rest: meanInterval(b), difference: differenceInterval(a, b) };
    };
    return {
      ...{ ...wish, sampleRate, top: countsOf(one), rest: countsOf(other), left: one.left + other.left },
      level: compare(({ levelDb }) => levelDb),
      attack: compare(({ attackDb }) => attackDb),
      decay: compare(({ decayDb }) => decayDb),
      bands: soundBandsHz.map((hertz, band) => {
        const read = ({ bandsDb }: SegmentSound): number => bandsDb[band] as number;
        return { hertz, top: meanInterval(valuesOf(one, read)), rest: meanInterval(valuesOf(other, read)) };
      }),
    };
  }
}

function heardOf(measured: readonly (Heard | null)[]): Measured {
  const heard = measured.filter((one) => one !== null);
  return { heard, left: measured.length - heard.length };
}

function valuesOf({ heard }: Measured, read: (sound: SegmentSound) => number): GroupedValues {
  return { values: heard.map(({ sound }) => read(sound)), groups: heard.map(({ trackId }) => trackId) };
}

function countsOf({ heard }: Measured): { segments: number; tracks: number } {
  return { segments: heard.length, tracks: new Set(heard.map(({ trackId }) => trackId)).size };
}
