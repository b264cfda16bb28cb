/** @file Neurons worth hearing of an index on the disk: what is sampled of it, what is silent, and what is said where there is too little. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import type { ClearestNeurons, EncoderId } from '../../../../src-main/contract/index.ts';
import { smallEncoder, temporaryDirectory, trackFile } from '../../../support/store-data.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};

/** Feature 0 tells the first half of the tracks from the others, feature 1 sound from silence. */
const dimensions = 2;

type Music = { tracks: number; silent?: (track: number) => boolean; segments?: number };

async function library(): Promise<{
  services: Services;
  encoderId: EncoderId;
  add: (music: Music) => void;
  ask: () => Promise<ClearestNeurons>;
}> {
  const services = createServices({ dataDirectory: temporaryDirectory(), host, entries: sourceEntries, report: () => undefined });
  onTestFinished(() => services.close());
  const { store, listening } = services;
  const { id, cropSamples } = store.encoders.add(smallEncoder(dimensions));
  const index = store.index.ensure(id, cropSamples);
  const add = ({ tracks, silent = () => false, segments = 4 }: Music): void => {
    const writer = store.index.writer(index.id);
    for (let track = 0; track < tracks; track++) {
      const name = `track ${track}`;
      const { id: trackId } = store.tracks.upsert(trackFile(store, name));
      store.peaks.set(trackId, 20, new Uint8Array(20 * 3 * segments).fill(silent(track) ? 1 : 120 + (track % 3)));
      writer.begin(trackId, `hash of ${name}`);
      for (let segment = 0; segment < segments; segment++)
        writer.append(
          Float32Array.of(silent(track) ? -50 : (track * 2 < tracks ? 5 : 0) + segment * 0.1, silent(track) ? -90 : segment * 0.01),
        );
      writer.finish({});
    }
    writer.close();
  };
  return { services, encoderId: id, add, ask: () => listening.clearest({ encoderId: id, count: 4 }) };
}

describe('neurons worth hearing', () => {
  it('come with segments of several tracks at both ends, as pages list them', async () => {
    const { add, ask } = await library();
    add({ tracks: 10 });
    const { tracks, neurons, says } = await ask();
    expect([tracks, says, neurons.map(({ feature }) => feature)]).toEqual([10, '', [0]]);
    const [neuron] = neurons;
    expect(neuron?.top.map(({ title, segment }) => [title, segment])).toEqual([
      ['track 0', 3],
      ['track 1', 3],
      ['track 2', 3],
    ]);
    expect(neuron?.top[0]?.activation).toBeCloseTo(5.3, 4);
    expect(neuron?.bottom.map(({ title, segment }) => [title, segment])).toEqual([
      ['track 9', 0],
      ['track 8', 0],
    ]);
    expect(neuron?.top[0]?.artist).toBe('Artist');
    expect(neuron?.top[0]?.startMs).toBeCloseTo((3 * 59_049 * 1000) / 22_050, 6);
  });

  it('do not tell silence from sound: silent tracks have no say', async () => {
    const { add, ask } = await library();
    add({ tracks: 12, silent: (track) => track % 3 === 2 });
    const { tracks, neurons } = await ask();
    expect([tracks, neurons.map(({ feature }) => feature)]).toEqual([8, [0]]);
    expect(neurons[0]?.bottom.every(({ activation }) => activation >= 0)).toBe(true);
  });

  it('are none where there is too little to hear, which is said plainly', async () => {
    const { add, ask } = await library();
    expect(await ask()).toEqual({
      ...{ tracks: 0, neurons: [] },
      says: 'There is too little to hear differences: no track with sound has been heard so far, and it takes 4. Add more music.',
    });
    add({ tracks: 1 });
    expect((await ask()).says).toMatch(/only 1 track has been heard so far, and it takes 4/);
    add({ tracks: 9, silent: (track) => track > 2 });
    expect((await ask()).says).toMatch(/only 3 tracks have been heard so far \(6 are silent\)/);
  });

  it('say it where all tracks are alike', async () => {
    const { services, encoderId, ask } = await library();
    const { store } = services;
    const writer = store.index.writer(store.index.current(encoderId)?.id as never);
    for (let track = 0; track < 6; track++) {
      const { id } = store.tracks.upsert(trackFile(store, `same ${track}`));
      writer.begin(id, `hash of same ${track}`);
      writer.append(Float32Array.of(1, 2, 1, 2));
      writer.finish({});
    }
    writer.close();
    const { tracks, neurons, says } = await ask();
    expect([tracks, neurons]).toEqual([6, []]);
    expect(says).toMatch(/too much alike/);
  });

  it('are those of what the index holds now, while it grows', async () => {
    const { add, ask } = await library();
    add({ tracks: 4 });
    expect((await ask()).tracks).toBe(4);
    add({ tracks: 20 });
    expect((await ask()).tracks).toBe(20);
  });
});
