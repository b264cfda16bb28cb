/** @file Maps of an index on the disk: what is drawn and kept, what points are coloured by, and what is said where nothing can be drawn. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { bytesFromBase64, floatsFromBase64 } from '../../../../src-main/contract/index.ts';
import type { EncoderId, MapWish, MusicMap } from '../../../../src-main/contract/index.ts';
import { smallEncoder, temporaryDirectory, trackFile } from '../../../support/store-data.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
const [dimensions, segments] = [3, 4];
const genres = ['dub', 'polka', 'fado'] as const;

type Library = {
  services: Services;
  wish: MapWish;
  add: (from: number, end: number, row?: (track: number, segment: number) => number[]) => void;
};

/** Tracks lie about three places, one a genre. */
const apart = (track: number, segment: number): number[] => {
  const wobble = ((track * 7 + segment * 3) % 11) / 50;
  return [0, 1, 2].map((i) => (i === track % 3 ? 5 : 0) + wobble * (i + 1));
};

function library(): Library {
  const services = createServices({ dataDirectory: temporaryDirectory(), host, entries: sourceEntries, report: () => undefined });
  onTestFinished(() => services.close());
  const { store } = services;
  const { id, cropSamples } = store.encoders.add(smallEncoder(dimensions));
  const index = store.index.ensure(id, cropSamples);
  const add: Library['add'] = (from, end, row = apart) => {
    const writer = store.index.writer(index.id);
    for (let track = from; track < end; track++) {
      const file = trackFile(store, `track ${track}`);
      const { id: trackId } = store.tracks.upsert({ ...file, genre: genres[track % 3] as string, artist: `artist ${track}` });
      writer.begin(trackId, `hash of track ${track}`);
      for (let segment = 0; segment < segments; segment++) writer.append(Float32Array.from(row(track, segment)));
      writer.finish({});
    }
    writer.close();
  };
  return { services, wish: wishOf(id), add };
}

function wishOf(encoderId: EncoderId): MapWish {
  return { encoderId, method: 'umap', level: 'segments', tracks: null, perTrack: null };
}

async function drawn({ inspecting }: Services, wish: MapWish): Promise<MusicMap> {
  await (
    await inspecting.maps.draw(wish)
  ).settled;
  return inspecting.maps.kept(wish);
}

const integers = (text: string): number[] => [...new Int32Array(bytesFromBase64(text).buffer)];

describe('a map', () => {
  it('shows every segment near those of its kind, and is kept', async () => {
    const { services, wish, add } = library();
    add(0, 12);
    expect(await services.inspecting.maps.get(wish)).toBeNull();
    const map = await drawn(services, wish);
    expect(map).toMatchObject({ points: 48, outOf: 48, isOutdated: false, wish });
    expect(map.tracks.map(({ artist }) => artist)).toEqual(Array.from({ length: 12 }, (_, track) => `artist ${track}`));
    expect(integers(map.segments).slice(0, 5)).toEqual([0, 1, 2, 3, 0]);
    const [owners, places] = [integers(map.owners), floatsFromBase64(map.places)];
    const nearest = owners.map((_, point) => {
      const distances = owners.map((_, other) =>
        other === point
          ? Infinity
          : Math.hypot(
              (places[other * 2] ?? NaN) - (places[point * 2] ?? NaN),
              (places[other * 2 + 1] ?? NaN) - (places[point * 2 + 1] ?? NaN),
            ),
      );
      return distances.indexOf(Math.min(...distances));
    });
    expect(nearest.filter((other, point) => (owners[other] as number) % 3 === (owners[point] as number) % 3)).toHaveLength(48);
    expect(await services.inspecting.maps.get(wish)).toEqual(map);
  });

  it('takes whole tracks, or as many tracks and segments of each as are asked for', async () => {
    const { services, wish, add } = library();
    add(0, 12);
    const whole = await drawn(services, { ...wish, level: 'tracks', method: 'tsne' });
    expect({ points: whole.points, segments: new Set(integers(whole.segments)) }).toEqual({ points: 12, segments: new Set([-1]) });
    const some = await drawn(services, { ...wish, tracks: 3, perTrack: 2 });
    expect({ points: some.points, outOf: some.outOf, owners: integers(some.owners) }).toEqual({
      points: 6,
      outOf: 48,
      owners: [0, 0, 1, 1, 2, 2],
    });
    expect(integers(some.segments)).toEqual([1, 3, 1, 3, 1, 3]);
  });

  it('says when music came since, and stays as it was until it is drawn again', async () => {
    const { services, wish, add } = library();
    add(0, 6);
    const before = await drawn(services, wish);
    add(6, 9);
    expect(await services.inspecting.maps.get(wish)).toEqual({ ...before, isOutdated: true });
    expect(await drawn(services, wish)).toMatchObject({ points: 36, isOutdated: false });
  });

  it('is coloured by what tracks have in common, or by a neuron', async () => {
    const { services, wish, add } = library();
    add(0, 10);
    await drawn(services, wish);
    const groups = await services.inspecting.maps.groups({ map: wish, by: 'genre' });
    expect(groups).toMatchObject({
      groups: [
        { name: 'dub', points: 16 },
        { name: 'polka', points: 12 },
        { name: 'fado', points: 12 },
      ],
      others: 0,
      otherPoints: 0,
    });
    expect(integers(groups.groupOf)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
    const artists = await services.inspecting.maps.groups({ map: wish, by: 'track' });
    expect(artists.groups).toHaveLength(10);
    const { values, least, greatest } = await services.inspecting.maps.values({ map: wish, neuron: 1 });
    const wanted = Array.from({ length: 40 }, (_, point) => Math.fround(apart(Math.floor(point / 4), point % 4)[1] as number));
    expect([...floatsFromBase64(values)]).toEqual(wanted);
    expect([least, greatest]).toEqual([Math.min(...wanted), Math.max(...wanted)]);
    await expect(services.inspecting.maps.values({ map: wish, neuron: 3 })).rejects.toThrow(
      'has no neuron 3; its neurons are numbered 0 to 2',
    );
  });

  it('leaves out points whose numbers are not finite', async () => {
    const { services, wish, add } = library();
    add(0, 6, (track, segment) => (track === 2 && segment === 1 ? [1, NaN, 1] : apart(track, segment)));
    const map = await drawn(services, wish);
    expect(map.points).toBe(23);
    expect(integers(map.segments).slice(8, 12)).toEqual([0, 2, 3, 0]);
  });

  it('is refused in a sentence where there is nothing to draw', async () => {
    const { services, wish, add } = library();
    await expect(services.inspecting.maps.draw(wish)).rejects.toThrow('has not heard any track yet');
    add(0, 1);
    await expect(services.inspecting.maps.draw({ ...wish, level: 'tracks' })).rejects.toThrow('A map needs three points or more');
    await expect(services.inspecting.maps.values({ map: wish, neuron: 0 })).rejects.toThrow('was not drawn yet');
  });

  it('says that neurons which give one number everywhere cannot be drawn', async () => {
    const { services, wish, add } = library();
    add(0, 4, () => [1, 2, 3]);
    await expect((await services.inspecting.maps.draw(wish)).settled).rejects.toThrow('Every point has the same numbers');
    expect(await services.inspecting.maps.get(wish)).toBeNull();
  });

  it('keeps nothing when it is cancelled', async () => {
    const { services, wish, add } = library();
    add(0, 60);
    const { jobId, settled } = await services.inspecting.maps.draw({ ...wish, method: 'tsne' });
    await Promise.all([services.jobs.cancel(jobId), expect(settled).rejects.toMatchObject({ code: 'CANCELLED' })]);
    expect(await services.inspecting.maps.get({ ...wish, method: 'tsne' })).toBeNull();
    expect(readdirSync(dirname(services.store.paths.cached('maps'))).includes('maps')).toBe(false);
  });
});
