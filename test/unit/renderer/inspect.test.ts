/** @file The look at all neurons: order, search, what hardly differs, what came meanwhile, and a look that is ended. */
import { describe, expect, it } from 'vitest';
import type {
  ClearestNeurons,
  ConceptEstimate,
  EncoderId,
  JobId,
  LearnConcepts,
  Neuron,
  NeuronTable,
  RelatedNeurons,
  SegmentPage,
  SegmentQuery,
  TrackId,
} from '../../../src-main/contract/index.ts';
import { seededRandom } from '../../../src-main/base/index.ts';
import { byGuessing } from '../../../src-renderer/lib/by-guessing.ts';
import { neuronTitle, orderNeurons } from '../../../src-renderer/lib/neuron-order.ts';
import { ConceptsState } from '../../../src-renderer/state/concepts.svelte.ts';
import { FirstFeaturesState } from '../../../src-renderer/state/first-features.svelte.ts';
import { InspectNeuronState } from '../../../src-renderer/state/inspect-neuron.svelte.ts';
import type { NeuronMemory, NeuronMemoryHolder } from '../../../src-renderer/state/inspect-neuron.svelte.ts';
import { InspectNeuronsState } from '../../../src-renderer/state/inspect-neurons.svelte.ts';

const encoderId = 3 as EncoderId;

/** What a neuron's page asks for. */
type SegmentWish = Pick<SegmentQuery, 'offset' | 'limit' | 'sort' | 'perTrack'> & { trackId?: number | undefined };
/** How a neuron is made: random numbers, tracks of its segments, and how many of each are wanted; 0 for all. */
type NeuronOptions = { draw?: () => number; tracks?: number; perTrack?: number };

function neuron(number: number, changes: Partial<Neuron> = {}): Neuron {
  return {
    ...{ number, label: '', note: '', state: 'alive', least: 0, greatest: 1, mean: 0.5, spread: 0.1, activeShare: 0.2 },
    ...{ selectivity: 0.5, loudness: 0.1, histogram: [1, 2, 3], names: [] },
    ...changes,
  };
}

const piano = { kind: 'genre' as const, name: 'piano', auroc: 0.9, low: 0.8, high: 0.95, tracks: 12 };
const neurons = [
  neuron(0, { selectivity: 0.2, note: 'hiss' }),
  neuron(1, { selectivity: 0.9, names: [piano], loudness: null }),
  neuron(2, { state: 'dead', selectivity: 0 }),
  neuron(3, { selectivity: 0.4, label: 'rhythm at 2–3 Hz', loudness: -0.9 }),
  neuron(4, { state: 'flat', selectivity: 0.7 }),
];

function table(segments = 10): NeuronTable {
  return { encoderId, tracks: 4, segments, tried: 2, isByArtist: true, falseShare: 0.05, neurons };
}

describe('neurons', () => {
  const choice = { sort: { by: 'selective', descending: true }, search: '', withFlat: false } as const;
  const numbers = (list: readonly Neuron[]): number[] => list.map(({ number }) => number);

  it('stand by what they are sorted by, what cannot be told last', () => {
    expect(numbers(orderNeurons(neurons, choice))).toEqual([1, 3, 0]);
    expect(numbers(orderNeurons(neurons, { ...choice, sort: { by: 'loudness', descending: true } }))).toEqual([3, 0, 1]);
    expect(numbers(orderNeurons(neurons, { ...choice, sort: { by: 'loudness', descending: false } }))).toEqual([0, 3, 1]);
    expect(numbers(orderNeurons(neurons, { ...choice, sort: { by: 'auroc', descending: true } }))).toEqual([1, 0, 3]);
    expect(numbers(orderNeurons(neurons, { ...choice, sort: { by: 'name', descending: false } }))).toEqual([1, 0, 3]);
  });

  it('that hardly differ are shown on demand', () => {
    expect(numbers(orderNeurons(neurons, { ...choice, withFlat: true }))).toEqual([1, 4, 3, 0, 2]);
  });

  it('are found by number, note, own name and found name', () => {
    for (const [search, found] of [
      ['1', [1]],
      ['hiss', [0]],
      ['RHYTHM 2–3', [3]],
      ['genre', [1]],
      ['oboe', []],
    ] as const)
      expect(numbers(orderNeurons(neurons, { ...choice, search }))).toEqual(found);
  });

  it('are called by a listener’s note before all else', () => {
    expect(neurons.map(neuronTitle)).toEqual(['hiss', 'genre piano', '', 'rhythm at 2–3 Hz', '']);
  });
});

describe('concepts', () => {
  const learnt = {
    encoderId: 9 as EncoderId,
    name: 'Concepts',
    baseId: encoderId,
    latents: 64,
    dead: 2,
    active: 4.5,
    explained: 0.8,
    segments: 900,
  };

  function conceptsOf(estimate: () => Promise<ConceptEstimate>): { state: ConceptsState; asked: LearnConcepts[] } {
    const asked: LearnConcepts[] = [];
    const inspect = {
      concepts: async () => [learnt],
      estimateConcepts: (wish: LearnConcepts) => (asked.push(wish), estimate()),
      learnConcepts: async (wish: LearnConcepts) => (asked.push(wish), { jobId: 1 as JobId }),
    };
    return { state: new ConceptsState({ inspect } as never), asked };
  }

  it('are asked for as they are usually learnt, or as a person says, within what is possible', async () => {
    const { state, asked } = conceptsOf(async () => ({ segments: 900, seconds: 12 }));
    expect([state.list, state.isWrong]).toEqual([null, false]);
    state.set('latents', 4);
    expect([state.isWrong, state.problem('latents') === null, state.problem('steps')]).toEqual([true, false, null]);
    state.set('latents', 64);
    await state.load();
    await state.learn(encoderId);
    expect(state.isWrong).toBe(false);
    expect(asked).toEqual([{ encoderId, latents: 64, active: 16, steps: 2000, learningRate: 0.001, seed: 1 }]);
    expect(state.list).toEqual([learnt]);
  });

  it('are estimated for the settings that are asked for, and no others', async () => {
    const late = Promise.withResolvers<ConceptEstimate>();
    const { state } = conceptsOf(() => late.promise);
    const waiting = state.estimateFor(encoderId);
    expect(state.isEstimating).toBe(true);
    state.set('steps', 10);
    late.resolve({ segments: 900, seconds: 12 });
    await waiting;
    expect([state.isEstimating, state.estimate]).toEqual([false, null]);
    await state.estimateFor(encoderId);
    expect([state.isEstimating, state.estimate?.seconds]).toEqual([false, 12]);
    state.set('steps', 20);
    expect(state.estimate).toBeNull();
  });
});

describe('the neurons that Listen begins with', () => {
  it('are found once for an encoder, and none where none parts the tracks', async () => {
    let asked = 0;
    const clear = (numbers: number[]): ClearestNeurons => ({
      ...{ tracks: 9, says: numbers.length === 0 ? 'Too much alike.' : '' },
      neurons: numbers.map((feature) => ({ feature, clarity: 1, top: [], bottom: [] })),
    });
    const clearest = async ({ encoderId: id }: { encoderId: EncoderId }): Promise<ClearestNeurons> => (
      asked++,
      clear(id === encoderId ? [7, 3] : [])
    );
    const first = new FirstFeaturesState({ listen: { clearest } } as never);
    await first.find(encoderId);
    await first.find(encoderId);
    await first.find(4 as EncoderId);
    expect([first.of(encoderId), first.of(4 as EncoderId), asked]).toEqual([[7, 3], [], 2]);
  });
});

describe('a look', () => {
  function state(answers: (signal: AbortSignal | undefined) => Promise<NeuronTable>): { looked: InspectNeuronsState; asked: () => number } {
    let asked = 0;
    const inspect = {
      neurons: (_: unknown, options?: { signal?: AbortSignal }) => {
        asked++;
        return answers(options?.signal);
      },
    };
    const looked = new InspectNeuronsState({ inspect, listen: { segments: () => Promise.reject(new Error('not asked')) } });
    return { looked, asked: () => asked };
  }

  it('is made once for a space, and again when the person asks for what came', async () => {
    const { looked, asked } = state(async () => table());
    await looked.show(encoderId);
    await looked.show(encoderId);
    expect([asked(), looked.flat, looked.isOutdated]).toEqual([1, 2, false]);
    looked.hear({ type: 'index.changed', encoderId: 9 as EncoderId });
    expect(looked.isOutdated).toBe(false);
    looked.hear({ type: 'index.changed', encoderId });
    expect([asked(), looked.isOutdated, looked.table?.segments]).toEqual([1, true, 10]);
    await looked.look(encoderId);
    expect([asked(), looked.isOutdated]).toEqual([2, false]);
  });

  it('that was ended leaves what was shown, and does not come back late', async () => {
    const late = Promise.withResolvers<NeuronTable>();
    let isFirst = true;
    const { looked } = state(() => {
      const answer = isFirst ? Promise.resolve(table()) : late.promise;
      isFirst = false;
      return answer;
    });
    await looked.show(encoderId);
    const again = looked.look(encoderId);
    looked.hear({ type: 'inspect.looking', looking: { encoderId, about: 'neurons', done: 4, total: 512 } });
    expect([looked.isLooking, looked.progress?.done]).toEqual([true, 4]);
    looked.stop();
    late.resolve(table(99));
    await again;
    expect([looked.isLooking, looked.progress, looked.table?.segments]).toEqual([false, null, 10]);
  });

  it('hears notes that are written meanwhile, and tells why it failed', async () => {
    const { looked } = state(async () => table());
    await looked.show(encoderId);
    looked.hear({ type: 'feature.noteChanged', encoderId, feature: 3, text: 'clock' });
    expect(looked.table?.neurons[3]?.note).toBe('clock');
    const { looked: failed } = state(() => Promise.reject(new Error('no index')));
    await failed.show(encoderId);
    expect([failed.table, (failed.error as Error).message, failed.isLooking]).toEqual([null, 'no index', false]);
  });
});

describe('a neuron', () => {
  /** A space in which segment n is the n-th of the order, and of track n modulo `tracks`. */
  function segmentsOf(total: number, tracks: number): (query: SegmentWish) => Promise<SegmentPage> {
    return async ({ offset, limit, sort: [key], perTrack = total, trackId }) => {
      const all = Array.from({ length: total }, (_, row) => row);
      const order = key?.descending === true ? all : all.toReversed();
      const counts = new Map<number, number>();
      const few = order.filter((row) => {
        const count = counts.get(row % tracks) ?? 0;
        counts.set(row % tracks, count + 1);
        return count < perTrack && (trackId === undefined || (row % tracks) + 1 === trackId);
      });
      const rows = few.slice(offset, offset + limit).map((row) => {
        return { row, trackId: ((row % tracks) + 1) as TrackId, title: '', artist: '', segment: 0, startMs: 0, durationMs: 1, labels: [] };
      });
      const values = Float32Array.from(rows, ({ row }) => total - row);
      return { total: few.length, tracks, rows, extras: '', values: Buffer.from(values.buffer).toString('base64'), waveforms: '' };
    };
  }

  function memoryOf(perTrack: number): NeuronMemoryHolder {
    let current: NeuronMemory = { perTrack: 0 };
    let isLoaded = false;
    return {
      get current() {
        return current;
      },
      get isLoaded() {
        return isLoaded;
      },
      load: async () => {
        isLoaded = true;
        current = { perTrack };
      },
      set: (change) => {
        current = { ...current, ...change };
      },
    };
  }

  function neuronOf(total: number, { draw, tracks = total, perTrack = 0 }: NeuronOptions = {}): InspectNeuronState {
    let drawn = 0;
    const related = async (): Promise<RelatedNeurons> => ({ alike: [], opposite: [], tracks: 3 });
    const api = { inspect: { related }, listen: { segments: segmentsOf(total, tracks) } };
    return new InspectNeuronState(api, memoryOf(perTrack), draw ?? (() => (drawn = (drawn + 0.37) % 1)));
  }

  const rowsOf = (neuron: InspectNeuronState): number[][] => neuron.ends?.map(({ segments }) => segments.map(({ row }) => row)) ?? [];
  const mostOfATrack = (segments: readonly { trackId: TrackId }[]): number => {
    const counts = new Map<TrackId, number>();
    for (const { trackId } of segments) counts.set(trackId, (counts.get(trackId) ?? 0) + 1);
    return Math.max(...counts.values());
  };

  it('is heard at both ends and in the middle, each segment once', async () => {
    const neuron = neuronOf(100);
    await neuron.open(encoderId, 7);
    expect(neuron.ends?.map(({ title, segments }) => [title, segments.map(({ row }) => row)])).toEqual([
      ['Hears most', [0, 1, 2, 3, 4]],
      ['In the middle', [47, 48, 49, 50, 51]],
      ['Hears least', [95, 96, 97, 98, 99]],
    ]);
    expect(neuron.ends?.[0]?.segments[0]?.activation).toBe(100);
    for (const total of [1, 5, 7, 12]) {
      const few = neuronOf(total);
      await few.open(encoderId, 7);
      const rows = few.ends?.flatMap(({ segments }) => segments.map(({ row }) => row)) ?? [];
      expect(new Set(rows).size).toBe(rows.length);
    }
  });

  it('is tested blind: a coin falls for each question, and what is right is counted', async () => {
    const neuron = neuronOf(100);
    await neuron.open(encoderId, 7);
    await neuron.test();
    const items = neuron.blind ?? [];
    expect(items).toHaveLength(10);
    const tops = items.filter(({ isTop }) => isTop).map(({ segment }) => segment.row);
    expect(tops.toSorted((a, b) => a - b)).toEqual([...tops.keys()]);
    expect(items.every(({ segment, isTop }) => isTop || segment.row >= 10)).toBe(true);
    expect(new Set(items.map(({ segment }) => segment.row)).size).toBe(10);
    while (neuron.asked !== null) neuron.answer(neuron.asked.isTop);
    expect(neuron.score).toEqual({ right: 10, of: 10 });
    await neuron.test();
    while (neuron.asked !== null) neuron.answer(true);
    expect(neuron.score).toEqual({ right: neuron.blind?.filter(({ isTop }) => isTop).length, of: 10 });
    neuron.close();
    expect([neuron.number, neuron.blind]).toEqual([null, null]);
  });

  it('is asked about independently: what was asked before tells nothing of the next question', async () => {
    const random = seededRandom(4);
    const neuron = neuronOf(60, { draw: () => random.uniform() });
    await neuron.open(encoderId, 7);
    let [all, afterSame] = [0, 0];
    const counts: number[] = [];
    for (let test = 0; test < 400; test++) {
      await neuron.test();
      const coins = neuron.blind?.map(({ isTop }) => isTop) ?? [];
      counts.push(coins.filter((isTop) => isTop).length);
      for (let at = 1; at < coins.length; at++) {
        all++;
        if (coins[at] === coins[at - 1]) afterSame++;
      }
    }
    // Of 3 600 pairs half are alike, within four deviations; so are the counts of ten coins: 5 on average, with a variance of 2.5.
    expect(Math.abs(afterSame / all - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / all));
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
    expect(Math.abs(mean - 5)).toBeLessThan(4 * Math.sqrt(2.5 / counts.length));
    expect(variance).toBeGreaterThan(1.9);
    expect(variance).toBeLessThan(3.1);
  });

  it('is asked about as often as there are segments of both kinds where there are few, and not of one alone', async () => {
    for (const total of [2, 5, 7]) {
      const few = neuronOf(total);
      await few.open(encoderId, 7);
      await few.test();
      const items = few.blind ?? [];
      expect(items).toHaveLength(Math.floor(total / 2));
      expect(new Set(items.map(({ segment }) => segment.row)).size).toBe(items.length);
      while (few.asked !== null) few.answer(few.asked.isTop);
      expect(few.score).toEqual({ right: items.length, of: items.length });
    }
    const one = neuronOf(1);
    await one.open(encoderId, 7);
    await expect(one.test()).rejects.toThrow('two segments or more');
    expect(one.blind).toBeNull();
  });

  it('is heard in few segments of a track where that is wanted, at both ends, in the middle and in the reel', async () => {
    const neuron = neuronOf(400, { tracks: 4, perTrack: 1 });
    await neuron.open(encoderId, 7);
    expect(rowsOf(neuron)).toEqual([
      [0, 1, 2, 3],
      [198, 199, 200, 201],
      [396, 397, 398, 399],
    ]);
    expect((await neuron.reel()).map(({ row }) => row)).toEqual([0, 1, 2, 3]);
    await neuron.setPerTrack(2);
    expect(rowsOf(neuron)).toEqual([
      [0, 1, 2, 3, 4],
      [197, 198, 199, 200, 201],
      [395, 396, 397, 398, 399],
    ]);
    expect((await neuron.reel()).map(({ row }) => row)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await neuron.setPerTrack(null);
    expect([neuron.perTrack, (await neuron.reel()).length]).toEqual([null, 20]);
    for (const total of [1, 5, 7, 12]) {
      const few = neuronOf(total, { tracks: 2, perTrack: 2 });
      await few.open(encoderId, 7);
      const rows = rowsOf(few).flat();
      expect(new Set(rows).size).toBe(rows.length);
    }
  });

  it('is tested blind by few segments of a track, those that are no top ones from anywhere in theirs', async () => {
    const random = seededRandom(5);
    const neuron = neuronOf(400, { tracks: 20, perTrack: 1, draw: () => random.uniform() });
    await neuron.open(encoderId, 7);
    const others: number[] = [];
    for (let test = 0; test < 50; test++) {
      await neuron.test();
      const items = neuron.blind ?? [];
      expect([items.length, mostOfATrack(items.map(({ segment }) => segment))]).toEqual([10, 1]);
      expect(items.filter(({ isTop }) => isTop).every(({ segment }) => segment.row < 10)).toBe(true);
      others.push(...items.filter(({ isTop }) => !isTop).map(({ segment }) => segment.row));
    }
    expect(others.every((row) => row % 20 >= 10)).toBe(true);
    // Half of what is drawn from all of a track lies in the lower half of the order: about 250, within four deviations.
    const lower = others.filter((row) => row >= 200).length;
    expect(Math.abs(lower - others.length / 2)).toBeLessThan(4 * Math.sqrt(others.length / 4));
    const two = neuronOf(40, { tracks: 2, perTrack: 2, draw: () => random.uniform() });
    await two.open(encoderId, 7);
    for (let test = 0; test < 50; test++) {
      await two.test();
      const rows = two.blind?.map(({ segment }) => segment) ?? [];
      expect([rows.length, mostOfATrack(rows) <= 2, new Set(rows.map(({ row }) => row)).size]).toEqual([2, true, 2]);
    }
    const one = neuronOf(40, { tracks: 1, perTrack: 1 });
    await one.open(encoderId, 7);
    await expect(one.test()).rejects.toThrow('Take more rows of a track');
  });

  it('is heard by guessing as often as coins fall', () => {
    expect(byGuessing(10, 10)).toBeCloseTo(1 / 1024, 12);
    expect(byGuessing(8, 10)).toBeCloseTo(56 / 1024, 12);
    expect(byGuessing(0, 10)).toBe(1);
  });
});
