import { describe, expect, it } from 'vitest';
import type { EncoderId, QueryItem, TrackId } from '../../../../src-main/contract/index.ts';
import { makeQuery, unlikeShare } from '../../../../src-main/service/similar/query.ts';
import type { QuerySources } from '../../../../src-main/service/similar/query.ts';
import { addScaled, meanOf, unit } from '../../../../src-main/service/similar/vectors.ts';
import { clustered, similarLibrary } from '../../../support/similar-library.ts';
import { smallEncoder } from '../../../support/store-data.ts';

const cropMs = (59_049 * 1000) / 22_050;
const embeddings = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 3, 2, 1, 0, 1, 0, 1, 0);

async function library() {
  const made = await similarLibrary(clustered(12, { segments: 4 }));
  const { store, neighbours, encoderId } = made;
  const sources: QuerySources = {
    ...{ neighbours, store, file: () => ({ name: 'file', embeddings, hopMs: cropMs }) },
    concept: async (_, { concept }) => unit(Float32Array.from({ length: 8 }, (_value, i) => (i === concept ? 3 : 1))),
  };
  const ask = async (like: QueryItem[], unlike: QueryItem[] = [], space: 'tracks' | 'segments' = 'tracks') =>
    (await makeQuery(sources, { encoderId, like, unlike }, space)).vector;
  const track = (i: number): QueryItem => ({ kind: 'track', trackId: made.trackIds[i] as TrackId });
  const passage = (i: number, startMs: number, endMs: number): QueryItem => ({ ...track(i), kind: 'passage', startMs, endMs }) as QueryItem;
  return { ...made, ask, track, passage };
}

const close = (a: Float32Array, b: Float32Array): void => {
  for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i] ?? NaN, 5);
};

describe('a query', () => {
  it('of one track is the track', async () => {
    const { ask, track, neighbours, encoderId } = await library();
    close(await ask([track(3)]), (await neighbours.trackSpace(encoderId)).vector(3));
  });

  it('is the mean of what should be alike, less a share of the mean of what should not', async () => {
    const { ask, track, neighbours, encoderId } = await library();
    const { vector } = await neighbours.trackSpace(encoderId);
    const expected = meanOf([vector(0), vector(1)]);
    addScaled(expected, meanOf([vector(2), vector(5)]), -unlikeShare);
    close(await ask([track(0), track(1)], [track(2), track(5)]), unit(expected));
  });

  it('of a passage is the mean of its segments, and of one segment that segment', async () => {
    const { ask, passage, neighbours, encoderId, store, trackIds } = await library();
    const raw = store.index.embeddings(encoderId, trackIds[2] as TrackId);
    const row = (segment: number): Float32Array => raw.subarray(segment * 8, segment * 8 + 8);
    close(await ask([passage(2, cropMs, 2 * cropMs)], [], 'segments'), neighbours.segmentVectors(encoderId, 3).subarray(8, 16));
    const both = await neighbours.centre(encoderId, 'tracks', meanOf([row(1), row(2)]));
    close(await ask([passage(2, cropMs * 1.5, cropMs * 2.8)]), both);
  });

  it('of a file is the mean of all that it holds', async () => {
    const { ask, neighbours, encoderId } = await library();
    const mean = meanOf([embeddings.subarray(0, 8), embeddings.subarray(8)]);
    close(await ask([{ kind: 'file', fileId: 1 as never }]), await neighbours.centre(encoderId, 'tracks', mean));
  });

  it('of a tag is the mean of the tracks that carry it', async () => {
    const { ask, store, trackIds, neighbours, encoderId } = await library();
    const { tag } = store.tags.create({ kind: '', name: 'rainy' });
    const item: QueryItem = { kind: 'tag', tagId: tag.id };
    await expect(ask([item])).rejects.toThrow(/No track that this encoder has heard carries “rainy”/);
    const targets = [1, 4].map((i) => ({ trackId: trackIds[i] as TrackId }));
    store.tags.mark({ tagIds: [tag.id], targets, answer: 'yes', source: 'person' });
    const { vector } = await neighbours.trackSpace(encoderId);
    close(await ask([item]), unit(meanOf([vector(1), vector(4)])));
  });

  it('is turned by concepts and neurons by their strength: the examples together have length 1, and so has what comes out', async () => {
    const { ask, track, neighbours, encoderId } = await library();
    const { vector } = await neighbours.trackSpace(encoderId);
    const concept: QueryItem = { kind: 'concept', encoderId: 9 as EncoderId, concept: 2, strength: 0.5 };
    const neuron: QueryItem = { kind: 'neuron', encoderId, feature: 6, strength: 2 };
    const direction = unit(Float32Array.of(1, 1, 3, 1, 1, 1, 1, 1));
    const axis = Float32Array.of(0, 0, 0, 0, 0, 0, 1, 0);
    const places = meanOf([vector(0), vector(1)]);
    addScaled(places, vector(2), -unlikeShare);
    const turned = unit(places);
    addScaled(turned, direction, 0.5);
    addScaled(turned, axis, -2);
    close(await ask([track(0), concept, track(1)], [neuron, track(2)]), unit(turned));
    close(await ask([neuron]), axis);
    close(
      await ask([], [concept]),
      direction.map((value) => -value),
    );
    const both = axis.map((value) => 2 * value);
    addScaled(both, direction, 0.5);
    for (const space of ['tracks', 'segments'] as const) close(await ask([neuron, concept], [], space), unit(both));
  });

  it('refuses directions that cancel each other out, and neurons of another space', async () => {
    const { ask, encoderId, store } = await library();
    const neuron: QueryItem = { kind: 'neuron', encoderId, feature: 6, strength: 2 };
    await expect(ask([neuron], [neuron])).rejects.toThrow(/cancel each other out/);
    await expect(ask([{ ...neuron, feature: 8 }])).rejects.toThrow(/there is no neuron 8/);
    const { id: other } = store.encoders.add({ ...smallEncoder(8), name: 'Other' });
    await expect(ask([{ ...neuron, encoderId: other }])).rejects.toThrow(/Neuron 6 is one of Other/);
  });

  it('of a track or a passage that is not indexed yet is what it holds, encoded at once', async () => {
    const { store, neighbours, encoderId, trackIds } = await library();
    const late = { name: 'late', path: '/music/late.mp3', audioHash: 'late', title: 'Late' };
    const unheard = store.tracks.upsert({ ...fileOf(store.folders.list()[0]?.id as never), ...late }).id;
    const asked: TrackId[] = [];
    const unindexed = (_encoder: unknown, trackId: TrackId) => {
      asked.push(trackId);
      return Promise.resolve({ name: 'Late', embeddings, hopMs: cropMs });
    };
    const none = (): never => Promise.reject(new Error('not here')) as never;
    const sources: QuerySources = { neighbours, store, file: none, concept: none, unindexed };
    const ask = (item: QueryItem) => makeQuery(sources, { encoderId, like: [item], unlike: [] }, 'tracks');
    const [first, second] = [embeddings.subarray(0, 8), embeddings.subarray(8)];
    const whole = await ask({ kind: 'track', trackId: unheard });
    close(whole.vector, await neighbours.centre(encoderId, 'tracks', meanOf([first, second])));
    expect(whole.like[0]?.stretches).toEqual([{ trackId: unheard, startMs: 0, endMs: Infinity }]);
    const passage = await ask({ kind: 'passage', trackId: unheard, startMs: cropMs, endMs: 2 * cropMs });
    close(passage.vector, await neighbours.centre(encoderId, 'tracks', second));
    await ask({ kind: 'track', trackId: trackIds[3] as TrackId });
    expect(asked).toEqual([unheard, unheard]);
  });

  it('says what is not there, and what cannot be asked', async () => {
    const { ask, passage, store } = await library();
    const late = { name: 'late', path: '/music/late.mp3', audioHash: 'late', title: 'Late' };
    const unheard = store.tracks.upsert({ ...fileOf(store.folders.list()[0]?.id as never), ...late }).id;
    await expect(ask([{ kind: 'track', trackId: unheard }])).rejects.toThrow(/has not heard “Late” yet/);
    await expect(ask([{ kind: 'track', trackId: 999 as TrackId }])).rejects.toThrow(/no track/);
    await expect(ask([passage(0, 60 * 60_000, 61 * 60_000)])).rejects.toThrow(/no segment/);
  });
});

function fileOf(folderId: never) {
  return {
    ...{ folderId, size: 1, mtimeMs: 1, container: 'mp3', codec: 'mp3', format: 'MP3', sampleRate: 44_100, channels: 2, bitRate: 1 },
    ...{ durationMs: 1000, artist: '', album: '', albumArtist: '', year: null, genre: '', discNumber: null, trackNumber: null },
    ...{ labels: [], tags: {} },
  };
}
