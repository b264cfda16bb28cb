/** @file The look at all neurons: order, search, what hardly differs, what came meanwhile, and a look that is ended. */
import { describe, expect, it } from 'vitest';
import type { EncoderId, Neuron, NeuronTable } from '../../../src-main/contract/index.ts';
import { neuronTitle, orderNeurons } from '../../../src-renderer/lib/neuron-order.ts';
import { InspectNeuronsState } from '../../../src-renderer/state/inspect-neurons.svelte.ts';

const encoderId = 3 as EncoderId;

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
  return { encoderId, tracks: 4, segments, tried: 2, isByArtist: true, neurons };
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
    looked.hear({ type: 'inspect.looking', looking: { encoderId, done: 4, total: 512 } });
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
