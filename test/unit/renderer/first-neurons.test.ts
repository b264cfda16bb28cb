/** @file When neurons are looked for in the first steps, and that those which are shown stay until others are asked for. */
import { describe, expect, it } from 'vitest';
import type { ClearestNeurons, EncoderId } from '../../../src-main/contract/index.ts';
import { FirstNeuronsState } from '../../../src-renderer/state/first-neurons.svelte.ts';

const encoderId = 1 as EncoderId;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A core that finds the given neurons, and counts how often it is asked. */
function steps(features: number[] = [7, 8, 9]) {
  const core = { features, says: '', asked: 0, failure: null as Error | null };
  const clearest = (): Promise<ClearestNeurons> => {
    core.asked++;
    if (core.failure !== null) return Promise.reject(core.failure);
    const neurons = core.features.map((feature) => ({ feature, clarity: 0.5, top: [], bottom: [] }));
    return Promise.resolve({ tracks: 9, neurons, says: core.says });
  };
  const state = new FirstNeuronsState({ clearest });
  const hear = async (tracks: number, isGoingOn = true, of = encoderId): Promise<void> => {
    state.follow({ encoderId: of, tracks, isGoingOn });
    await turn();
  };
  const shown = (): number[] | undefined => state.found?.neurons.map(({ feature }) => feature);
  return { core, state, hear, shown };
}

describe('neurons in the first steps', () => {
  it('are looked for once a few tracks have been heard, and then stay while more come', async () => {
    const { core, state, hear, shown } = steps();
    await hear(0);
    await hear(3);
    expect([core.asked, shown()]).toEqual([0, undefined]);
    await hear(8);
    expect(shown()).toEqual([7, 8, 9]);
    core.features = [1, 2, 3];
    await hear(9);
    expect(state.outgrownBy).toBeNull();
    await hear(40);
    await hear(50, false);
    expect([core.asked, shown(), state.outgrownBy]).toEqual([1, [7, 8, 9], 42]);
    await state.look();
    expect([shown(), state.outgrownBy]).toEqual([[1, 2, 3], null]);
  });

  it('are looked for among few tracks where no more come', async () => {
    const { core, hear, shown } = steps();
    await hear(4);
    expect(core.asked).toBe(0);
    await hear(4, false);
    expect(shown()).toEqual([7, 8, 9]);
  });

  it('are looked for again where none were found, but not at every track', async () => {
    const { core, state, hear } = steps([]);
    core.says = 'too little';
    for (const tracks of [8, 9, 10, 11]) await hear(tracks);
    expect(core.asked).toBe(1);
    await hear(12);
    expect([core.asked, state.found?.says]).toEqual([2, 'too little']);
    await hear(13, false);
    await hear(13, false);
    expect(core.asked).toBe(3);
  });

  it('are looked for anew when tracks leave, and are gone with the last one', async () => {
    const { core, state, hear, shown } = steps();
    await hear(40, false);
    core.features = [1, 2, 3];
    // One that changed is heard again.
    await hear(39);
    await hear(40, false);
    expect([core.asked, shown()]).toEqual([1, [7, 8, 9]]);
    await hear(12, false);
    expect([core.asked, shown(), state.outgrownBy]).toEqual([2, [1, 2, 3], null]);
    await hear(0, false);
    expect([core.asked, shown()]).toEqual([2, undefined]);
  });

  it('are another encoder’s where that is chosen, and say why they could not be looked for', async () => {
    const { core, state, hear, shown } = steps();
    await hear(8);
    core.failure = new Error('gone');
    await hear(8, true, 2 as EncoderId);
    expect([shown(), state.error]).toEqual([undefined, core.failure]);
    core.failure = null;
    await state.look();
    expect([shown(), state.error, state.isAsking]).toEqual([[7, 8, 9], null, false]);
  });
});
