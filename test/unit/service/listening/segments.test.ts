/** @file The table of segments as pages ask for it: filters by folder, tag and playlist, tags beside neurons, and a person's tags among the labels. */
import { describe, expect, it } from 'vitest';
import { floatsFromBase64, tagValues } from '../../../../src-main/contract/index.ts';
import type { EncoderId, FolderId, SegmentPage, SegmentQuery, TagId, TrackId } from '../../../../src-main/contract/index.ts';
import { Listening } from '../../../../src-main/service/listening/listening.ts';
import type { Store } from '../../../../src-main/store/index.ts';
import type { Tools } from '../../../../src-main/service/tools.ts';
import { smallEncoder, temporaryStore, trackFile } from '../../../support/store-data.ts';

const segments = 4;
/** A segment takes a second and follows the one before. */
const timing = { sampleRate: 22_050, cropSamples: 22_050 };

type Made = { store: Store; ids: TrackId[]; ask: (query?: Partial<SegmentQuery>) => Promise<SegmentPage>; asked: { predictions: number } };

/** Three tracks of four segments; neuron 0 counts rows down. `probabilities` are the trained head's of its one label. */
function library({ probabilities = [0.9, 0.1, 0.5] } = {}): Made {
  const store = temporaryStore();
  const encoder = store.encoders.add({ ...smallEncoder(1), ...timing });
  const writer = store.index.writer(store.index.ensure(encoder.id, timing.cropSamples).id);
  let row = 0;
  const ids = ['a', 'b', 'c'].map((name) => {
    const file = trackFile(store, name);
    const { id } = store.tracks.upsert(file);
    writer.begin(id, file.audioHash);
    for (let segment = 0; segment < segments; segment++) writer.append(Float32Array.of(100 - row++));
    writer.finish();
    return id;
  });
  writer.close();
  const asked = { predictions: 0 };
  const listening = new Listening({ store, events: { emit: () => undefined } } as unknown as Tools, {
    predictions: {
      of: async () => {
        asked.predictions++;
        const predicted = Float32Array.from(probabilities);
        return { trackIds: Int32Array.from(ids), probabilities: predicted, labels: 1, vectors: new Float32Array(0), dimensions: 1 };
      },
    },
    playlistTracks: async (id) => store.playlists.trackIds(id),
  });
  const ask = (query: Partial<SegmentQuery> = {}): Promise<SegmentPage> =>
    listening.segments({ encoderId: encoder.id, features: [], sort: [], search: '', offset: 0, limit: 100, ...query });
  return { store, ids, ask, asked };
}

function places({ rows }: SegmentPage): string {
  return rows.map(({ title, segment }) => `${title}${segment}`).join(' ');
}

const none = { folderIds: [], tagIds: [], playlistIds: [] };

describe('segments by a filter', () => {
  it('are of the folders that are named, any of them', async () => {
    const { store, ids, ask } = library();
    const folderId = store.tracks.get(ids[0] as TrackId, null).folderId;
    expect(await ask({ filter: { ...none, folderIds: [folderId] } })).toMatchObject({ total: 12, tracks: 3 });
    expect(await ask({ filter: { ...none, folderIds: [999 as FolderId] } })).toMatchObject({ total: 0, tracks: 0 });
    expect(await ask({ filter: { ...none, folderIds: [999 as FolderId, folderId] } })).toMatchObject({ total: 12 });
  });

  it('carry all tags that are named: whole tracks, and of a tagged passage the segments that it covers', async () => {
    const { store, ids, ask } = library();
    const [a, b] = ids as [TrackId, TrackId];
    const [calm, solo] = ['calm', 'solo'].map((name) => store.tags.create({ kind: '', name }).tag.id) as [TagId, TagId];
    store.tags.mark({ tagIds: [calm], targets: [{ trackId: a }, { trackId: b }], answer: 'yes', source: 'person' });
    store.tags.mark({ tagIds: [calm], targets: [{ trackId: b, startMs: 0, endMs: 1000 }], answer: 'no', source: 'person' });
    store.tags.mark({ tagIds: [solo], targets: [{ trackId: b, startMs: 1000, endMs: 3000 }], answer: 'yes', source: 'person' });
    store.tags.mark({ tagIds: [solo], targets: [{ trackId: a }], answer: 'no', source: 'person' });
    expect(places(await ask({ filter: { ...none, tagIds: [calm] } }))).toBe('a0 a1 a2 a3 b1 b2 b3');
    expect(places(await ask({ filter: { ...none, tagIds: [solo] } }))).toBe('b1 b2');
    expect(places(await ask({ filter: { ...none, tagIds: [calm, solo] } }))).toBe('b1 b2');
    store.tags.mark({ tagIds: [solo], targets: [{ trackId: b, startMs: 1000, endMs: 3000 }], answer: 'none', source: 'person' });
    expect(places(await ask({ filter: { ...none, tagIds: [solo] } }))).toBe('');
  });

  it('are of one of the playlists, as it is now, together with the other rules', async () => {
    const { store, ids, ask } = library();
    const [a, b, c] = ids as [TrackId, TrackId, TrackId];
    const { id: first } = store.playlists.create({ name: 'One', trackIds: [b], smart: null });
    const { id: second } = store.playlists.create({ name: 'Two', trackIds: [c], smart: null });
    const sort = [{ feature: 0, descending: true }];
    expect(places(await ask({ filter: { ...none, playlistIds: [first] }, sort }))).toBe('b0 b1 b2 b3');
    expect(places(await ask({ filter: { ...none, playlistIds: [first, second] }, sort, perTrack: 1 }))).toBe('b0 c0');
    const { tag } = store.tags.create({ kind: '', name: 'late' });
    store.tags.mark({ tagIds: [tag.id], targets: [{ trackId: a }, { trackId: c }], answer: 'yes', source: 'person' });
    expect(places(await ask({ filter: { ...none, playlistIds: [first, second], tagIds: [tag.id] }, perTrack: 2 }))).toBe('c0 c1');
    await expect(ask({ filter: { ...none, tagIds: [999 as TagId] } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('tags beside neurons', () => {
  /** A head that has learnt one tag well. */
  function withHead({ store }: Made, tagId: TagId): void {
    const label = {
      ...{ label: 0, tagId, kind: '', name: 'calm', yes: 50, no: 50, groups: 50, rocAuc: { value: 0.9, low: 0.8, high: 0.95 } },
      ...{ averagePrecision: null, chance: null, state: 'ready' as const, message: '', slope: 1, offset: 0, thresholds: [] },
    };
    store.heads.put({
      encoderId: store.encoders.list()[0]?.id as EncoderId,
      source: 'trained',
      name: 'Tags',
      architecture: 'logistic',
      groupedBy: null,
      examples: 100,
      seconds: 1,
      labels: [label],
      settings: { l2: null, indexed: '' },
      lastChangeId: null,
      weightsSha256: null,
    });
  }

  it('say yes and no where a person did, and else what the head says of the track', async () => {
    const made = library();
    const { store, ids, ask } = made;
    const [a, b] = ids as [TrackId, TrackId];
    const { tag } = store.tags.create({ kind: '', name: 'calm' });
    const extras = [{ kind: 'tag' as const, tagId: tag.id }];
    expect(floatsFromBase64((await ask({ extras })).extras).every(Number.isNaN)).toBe(true);
    withHead(made, tag.id);
    store.tags.mark({ tagIds: [tag.id], targets: [{ trackId: a }], answer: 'no', source: 'person' });
    store.tags.mark({ tagIds: [tag.id], targets: [{ trackId: b, startMs: 2000, endMs: 3000 }], answer: 'yes', source: 'person' });
    const low = Math.fround(0.1);
    const page = await ask({ extras, sort: [{ extra: 0, descending: true }] });
    expect(places(page)).toBe('b2 c0 c1 c2 c3 b0 b1 b3 a0 a1 a2 a3');
    const { yes, no } = tagValues;
    expect([...floatsFromBase64(page.extras)]).toEqual([yes, 0.5, 0.5, 0.5, 0.5, low, low, low, no, no, no, no]);
  });

  it('that came with no encoder, or are gone, are refused in a sentence', async () => {
    const { ask } = library();
    await expect(ask({ extras: [{ kind: 'label', label: 0 }] })).rejects.toThrow('no tag 0 that came with it');
    await expect(ask({ extras: [{ kind: 'tag', tagId: 7 as TagId }] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(ask({ extras: [{ kind: 'weighted', weights: [{ feature: 1, weight: 1 }], offset: 0 }] })).rejects.toThrow('no neuron 1');
  });

  it('stand among a row’s labels where they were put', async () => {
    const { store, ids, ask } = library();
    const [a, b] = ids as [TrackId, TrackId];
    const { tag } = store.tags.create({ kind: 'mood', name: 'calm' });
    store.tags.mark({
      tagIds: [tag.id],
      targets: [{ trackId: a }, { trackId: b, startMs: 2000, endMs: 3000 }],
      answer: 'yes',
      source: 'person',
    });
    const tagged = (await ask()).rows
      .filter(({ labels }) => labels.includes('mood: calm'))
      .map(({ title, segment }) => `${title}${segment}`);
    expect(tagged).toEqual(['a0', 'a1', 'a2', 'a3', 'b2']);
  });
});
