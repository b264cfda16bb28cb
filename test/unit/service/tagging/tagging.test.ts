/** @file Tags through the contract's own procedures, on a real database. */
import { describe, expect, it } from 'vitest';
import type { AppEvent, EncoderId, Handlers, TagId, TrackId } from '../../../../src-main/contract/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import type { TrackFile } from '../../../../src-main/store/index.ts';
import { standInCore } from '../../../support/pretraining.ts';
import { smallEncoder, trackFile } from '../../../support/store-data.ts';

type Tags = Handlers['tags'];
const quiet = new AbortController().signal;

function core(): { services: Services; tags: Tags } {
  const { services } = standInCore();
  return { services, tags: services.handlers.tags };
}

function add({ store }: Services, files: Record<string, Partial<TrackFile>>): TrackId[] {
  return Object.entries(files).map(([name, changes]) => store.tracks.upsert(trackFile(store, name, changes)).id);
}

async function tagsOf({ handlers }: Services, trackId: TrackId): Promise<string[]> {
  const marks = await handlers.tags.marks({ trackIds: [trackId] }, quiet);
  const tags = await handlers.tags.list(undefined, quiet);
  return marks.map(({ tagId, answer, source }) => `${answer} ${tags.find(({ id }) => id === tagId)?.name} ${source}`);
}

describe('tags', () => {
  it('are made, put on tracks, and taken back, and every change is told', async () => {
    const { services, tags } = core();
    const [a] = add(services, { a: {} }) as [TrackId];
    const seen: AppEvent['type'][] = [];
    const stop = new AbortController();
    const listening = (async () => {
      for await (const event of services.handlers.events.subscribe(undefined, stop.signal) as AsyncGenerator<AppEvent>)
        seen.push(event.type);
    })();
    const { tag } = await tags.create({ kind: '', name: 'mood: rainy' }, quiet);
    expect(tag).toMatchObject({ kind: 'mood', name: 'rainy' });
    await new Promise(setImmediate);
    expect(seen).toEqual(['tags.changed']);
    expect((await tags.create({ kind: 'MOOD', name: 'Rainy' }, quiet)).change).toBeNull();
    await new Promise(setImmediate);
    expect(seen).toHaveLength(1);
    const { change } = await tags.mark({ tagIds: [tag.id], targets: [{ trackId: a }], answer: 'yes' }, quiet);
    expect(await tagsOf(services, a)).toEqual(['yes rainy person']);
    await tags.undo({ changeId: change?.id as never }, quiet);
    expect(await tagsOf(services, a)).toEqual([]);
    expect((await tags.changes(undefined, quiet)).map(({ title }) => title)).toEqual([
      'Taken back: “mood: rainy” added to 1 track',
      '“mood: rainy” made',
    ]);
    stop.abort();
    await listening;
    expect(seen).toHaveLength(3);
  });
});

describe('values of a field', () => {
  it('are what files say, most frequent first, as most spell it', async () => {
    const { services, tags } = core();
    const genres = (...labels: string[]): Partial<TrackFile> => ({ genre: labels.join(', '), labels: [...labels, '120 BPM'] });
    add(services, {
      a: { ...genres('Rock', 'Folk, World'), artist: 'One', year: 1999, tags: { mood: 'calm, dark', comment: 'x'.repeat(5000) } },
      b: { ...genres('rock'), artist: 'one ', year: 1990, tags: { mood: 'Calm', composer: 'Bach', grouping: 'A; B' } },
      c: { ...genres('Rock'), artist: '', year: null, path: '/music/Live  at home/c.mp3', tags: { comment: '  hello\nthere ' } },
      gone: { genre: 'Never', labels: ['Never'] },
    });
    const { store } = services;
    store.tracks.markMissing([store.tracks.findByPath('/music/gone.mp3')?.id as TrackId]);
    const said = async (field: Parameters<Tags['fieldValues']>[0]['field']): Promise<string[]> =>
      (await tags.fieldValues({ field }, quiet)).map(({ value, tracks }) => `${value} ${tracks}`);
    expect(await said('genre')).toEqual(['Rock 3', 'Folk, World 1']);
    expect(await said('artist')).toEqual(['One 2']);
    expect(await said('albumArtist')).toEqual([]);
    expect(await said('year')).toEqual(['1999 1', '1990 1']);
    expect(await said('decade')).toEqual(['1990s 2']);
    expect(await said('mood')).toEqual(['Calm 2', 'dark 1']);
    expect(await said('grouping')).toEqual(['A 1', 'B 1']);
    expect(await said('comment')).toEqual(['hello there 1']);
    expect(await said('composer')).toEqual(['Bach 1']);
    expect(await said('folder')).toEqual(['music 2', 'Live at home 1']);
  });

  it('become tags as one change, and leave alone what a person said', async () => {
    const { services, tags } = core();
    const [a, b] = add(services, { a: { genre: 'Rock' }, b: { genre: 'ROCK', path: '/jazz/b.mp3' } }) as [TrackId, TrackId];
    const { tag } = await tags.create({ kind: 'genre', name: 'rock' }, quiet);
    await tags.mark({ tagIds: [tag.id], targets: [{ trackId: a }], answer: 'no' }, quiet);
    const made = await tags.fromField({ field: 'genre', values: ['rock', 'Rock', 'unheard of'], kind: 'genre' }, quiet);
    expect(made).toMatchObject({ tagIds: [tag.id], change: { title: '“genre: ROCK” made from genres' } });
    expect(await tagsOf(services, a)).toEqual(['no rock person']);
    expect(await tagsOf(services, b)).toEqual(['yes rock file']);
    const folders = await tags.fromField({ field: 'folder', values: ['jazz', 'music'], kind: '' }, quiet);
    expect(folders.change?.title).toBe('2 tags made from folders');
    expect(await tagsOf(services, b)).toEqual(['yes rock file', 'yes jazz folder']);
    await tags.undo({ changeId: folders.change?.id as never }, quiet);
    expect(await tagsOf(services, b)).toEqual(['yes rock file']);
    expect((await tags.list(undefined, quiet)).map(({ name }) => name)).toEqual(['rock']);
    expect(await tags.fromField({ field: 'genre', values: ['unheard of'], kind: '' }, quiet)).toEqual({ change: null, tagIds: [] });
  });
});

describe('a neuron', () => {
  function indexed(services: Services, values: Record<string, number[]>, hopSamples = 59_049): { encoderId: EncoderId; ids: TrackId[] } {
    const { store } = services;
    const ids = add(services, Object.fromEntries(Object.keys(values).map((name) => [name, {}])));
    const encoderId = store.encoders.add(smallEncoder(2)).id;
    const writer = store.index.writer(store.index.ensure(encoderId, hopSamples).id);
    for (const [i, name] of Object.keys(values).entries()) {
      writer.begin(ids[i] as TrackId, `hash of ${name}`);
      for (const value of values[name] ?? []) writer.append(Float32Array.of(-1, value));
      writer.finish();
    }
    writer.close();
    return { encoderId, ids };
  }
  const segmentMs = (59_049 * 1000) / 22_050;

  it('counts what is above an activation, that included', async () => {
    const { services, tags } = core();
    const { encoderId } = indexed(services, { a: [0, 0.5, 1, Number.NaN], b: [0.49, 0], c: [0.5] });
    const above = (atLeast: number, feature = 1): unknown => tags.aboveActivation({ encoderId, feature, atLeast }, quiet);
    expect(above(0.5)).toEqual({ segments: 3, tracks: 2 });
    expect(above(-5)).toEqual({ segments: 6, tracks: 3 });
    expect(above(1.5)).toEqual({ segments: 0, tracks: 0 });
    expect(above(-1, 0)).toEqual({ segments: 7, tracks: 3 });
    expect(() => above(0, 2)).toThrow(/Small has no neuron 2; its neurons are numbered 0 to 1/);
    const bare = services.store.encoders.add({ ...smallEncoder(2), weightsSha256: 'cd' }).id;
    expect(tags.aboveActivation({ encoderId: bare, feature: 0, atLeast: 0 }, quiet)).toEqual({ segments: 0, tracks: 0 });
  });

  it('puts a tag on passages, joined where segments touch or overlap', async () => {
    for (const [hop, expected] of [
      [59_049, [0, 2 * segmentMs, 3 * segmentMs, 4 * segmentMs]],
      [30_000, [0, 30_000 / 22.05 + segmentMs, 90_000 / 22.05, 90_000 / 22.05 + segmentMs]],
      [80_000, [0, segmentMs, 80_000 / 22.05, 80_000 / 22.05 + segmentMs, 240_000 / 22.05, 240_000 / 22.05 + segmentMs]],
    ] as const) {
      const { services, tags } = core();
      const { encoderId, ids } = indexed(services, { a: [1, 1, 0, 1], b: [0, 0] }, hop);
      const { tag } = await tags.create({ kind: '', name: 'sax' }, quiet);
      await tags.fromNeuron({ encoderId, feature: 1, atLeast: 1, tagId: tag.id, per: 'segment' }, quiet);
      const marks = await tags.marks({ trackIds: ids }, quiet);
      const times = marks.flatMap(({ startMs, endMs }) => [startMs, endMs] as number[]);
      expect(marks.every(({ source, trackId }) => source === 'neuron' && trackId === ids[0])).toBe(true);
      expect(times).toHaveLength(expected.length);
      for (const [i, time] of times.entries()) expect(time).toBeCloseTo(expected[i] as number, 6);
    }
  });

  it('puts a tag on tracks, but for those that a person said no of', async () => {
    const { services, tags } = core();
    const { encoderId, ids } = indexed(services, { a: [1, 1], b: [0], c: [1] });
    const { tag } = await tags.create({ kind: '', name: 'sax' }, quiet);
    await tags.mark({ tagIds: [tag.id], targets: [{ trackId: ids[2] as TrackId }], answer: 'no' }, quiet);
    const wish = { encoderId, feature: 1, atLeast: 1, tagId: tag.id, per: 'track' } as const;
    expect((await tags.fromNeuron(wish, quiet)).change?.title).toBe('“sax” added to 1 track');
    expect(services.store.tags.tracksWith(tag.id)).toEqual([ids[0]]);
    expect(await tags.fromNeuron(wish, quiet)).toEqual({ change: null });
    expect(() => tags.fromNeuron({ ...wish, tagId: 99 as TagId }, quiet)).toThrow(/no tag with the number 99/);
  });
});
