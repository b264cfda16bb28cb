/** @file All that people made goes into one file, and from it into another library, by the tracks' sound. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeSafetensors } from '../../../../src-main/compute/index.ts';
import type { LibraryFile } from '../../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { smallEncoder, temporaryDirectory, trackFile } from '../../../support/store-data.ts';

const filled = fileURLToPath(new URL('../../../fixtures/store/version-10.db', import.meta.url));
const host = {
  ...{ kind: 'serve' as const, version: '0.1.0', chooseFolder: async () => null, chooseWeights: async () => null },
  reveal: async () => undefined,
};

function open(directory: string): Services {
  const services = createServices({ dataDirectory: directory, host, entries: sourceEntries, report: () => undefined });
  onTestFinished(() => services.close());
  return services;
}

/** The filled library of the migrations' fixture, with the weights of its head. */
function filledLibrary(): Services {
  const directory = temporaryDirectory();
  copyFileSync(filled, join(directory, 'earmark.db'));
  const services = open(directory);
  const weights = { shape: [1, 4], data: Float32Array.of(1, 2, 3, 4) };
  const bytes = encodeSafetensors(
    new Map([
      ['fc.weight', weights],
      ['fc.bias', { shape: [1], data: Float32Array.of(0.5) }],
    ]),
  );
  mkdirSync(services.store.paths.encoders, { recursive: true });
  writeFileSync(services.store.paths.head(1), bytes);
  return services;
}

/** A library with the same recordings elsewhere, numbered the other way round, without one of them. */
function otherLibrary(): Services {
  const services = open(temporaryDirectory());
  const { store } = services;
  const folderId = store.folders.add('/elsewhere').id;
  for (const name of ['Siege', 'Ångström – 夜', 'Battle Epic', 'Knolls'])
    store.tracks.upsert(
      trackFile(store, `renamed ${name}`, { folderId, path: `/elsewhere/renamed ${name}.mp3`, audioHash: `hash of ${name}` }),
    );
  store.encoders.add({ ...smallEncoder(4), name: 'The same', weightsSha256: 'c1' });
  return services;
}

/** What people see of a library, without numbers. */
function shown({ store }: Services): unknown {
  const titles = new Map(store.keptByPeople.tracks().map(({ id, audioHash }) => [id, audioHash]));
  const tags = store.tags.list();
  const label = (id: number): string => tags.find((tag) => tag.id === id)?.name ?? '';
  const marks = store.keptByPeople
    .marks()
    .map(({ tagId, trackId, at: _, ...mark }) => ({ ...mark, tag: label(tagId), track: titles.get(trackId) }));
  const [encoder] = store.encoders.list();
  return {
    tags: tags.map(({ kind, name, color }) => ({ kind, name, color })),
    marks: marks.map((mark) => JSON.stringify(mark)).toSorted(),
    notes: encoder === undefined ? [] : store.notes.list(encoder.id),
    playlists: store.playlists.list().map(({ id, name, smart }) => ({
      name,
      tracks: store.playlists.trackIds(id).map((trackId) => titles.get(trackId)),
      isSmart: smart !== null,
    })),
  };
}

describe('all that people made', () => {
  it('finds its place in another library by the sound of the tracks; what has none is said; a second time changes nothing', async () => {
    const [from, to] = [filledLibrary(), otherLibrary()];
    const path = join(temporaryDirectory(), 'library.json');
    await from.data.exportLibrary(path);
    const report = await to.data.importLibrary(path);
    expect(shown(to)).toEqual(shown(from));
    expect(report.unplaced).toEqual([]);
    const kinds = Object.fromEntries(report.kinds.map(({ kind, ...counts }) => [kind, counts]));
    expect(kinds).toMatchObject({ tags: { added: 2 }, notes: { added: 2 }, heads: { added: 1 }, playlists: { added: 2 } });
    const [encoder] = to.store.encoders.list();
    const [head] = to.store.heads.list(encoder?.id as never);
    expect(head?.labels).toMatchObject([{ name: 'rainy', tagId: to.store.tags.find('mood', 'rainy')?.id, slope: 1.25 }]);
    expect(head?.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(to.store.paths.head(head?.id ?? 0)).equals(readFileSync(from.store.paths.head(1)))).toBe(true);
    const smart = to.store.playlists.list().find((playlist) => playlist.smart !== null)?.smart;
    expect(smart).toMatchObject({ filter: { tagIds: [to.store.tags.find('mood', 'rainy')?.id] } });
    expect(to.store.settings.get().theme).toBe('dark');
    const before = shown(to);
    const again = await to.data.importLibrary(path);
    expect(shown(to)).toEqual(before);
    expect(again).toMatchObject({ changeId: null, playlistIds: [] });
    expect(again.kinds.every(({ added, unplaced }) => added + unplaced === 0)).toBe(true);
  });

  it('brings what learnt nothing along, beside each head', async () => {
    const [from, to] = [filledLibrary(), otherLibrary()];
    const { id: encoderId } = from.store.encoders.get(1 as never);
    const [head] = from.store.heads.list(encoderId);
    if (head === undefined) throw new Error('the fixture has no head');
    const interval = { value: 0.75, low: 0.5, high: 0.9 };
    const beside = [{ name: 'Timbre statistics', labels: [{ rocAuc: interval, averagePrecision: null }] }];
    const { id: _, createdAt: __, ...whole } = head;
    const kept = from.store.heads.put({ ...whole, settings: { ...head.settings, beside } });
    renameSync(from.store.paths.head(head.id), from.store.paths.head(kept.head.id));
    const path = join(temporaryDirectory(), 'library.json');
    await from.data.exportLibrary(path);
    expect((await to.data.importLibrary(path)).unplaced).toEqual([]);
    const [there] = to.store.heads.list(to.store.encoders.list()[0]?.id as never);
    expect(there?.settings).toEqual({ ...head.settings, beside });
  });

  it('keeps notes and heads of a layer apart from those of the embedding, here and there', async () => {
    const [from, to] = [filledLibrary(), otherLibrary()];
    const { store } = from;
    const base = store.encoders.get(1 as never);
    const add = ({ encoders }: Services['store'], encoder: typeof base, output: string): typeof base =>
      encoders.ensureSpace(encoder, { space: { output, pooling: 'max' }, title: `${output}, maximum`, dimensions: 256 });
    const space = add(store, base, 'block-5');
    store.notes.set(space.id, 0, 'a snare');
    const gone = add(store, base, 'block-6');
    store.encoders.remove(gone.id);
    const no = add(store, base, 'layer-99');
    store.notes.set(no.id, 1, 'has no place');
    store.settings.set({ encoderId: space.id });
    const path = join(temporaryDirectory(), 'library.json');
    await from.data.exportLibrary(path);
    const file = JSON.parse(readFileSync(path, 'utf8')) as LibraryFile;
    expect(file.encoders.map((encoder) => [encoder.weightsSha256, encoder.space])).toEqual([
      ['c1', undefined],
      ['', { base: 0, output: 'block-5', pooling: 'max' }],
      ['', { base: 0, output: 'layer-99', pooling: 'max' }],
      ['d2', undefined],
    ]);
    const report = await to.data.importLibrary(path);
    const [there] = to.store.encoders.list();
    expect(there?.spaces).toMatchObject([{ output: 'block-5', pooling: 'max', title: 'Block 5, maximum', dimensions: 256, index: null }]);
    expect(to.store.notes.list(there?.spaces[0]?.encoderId as never)).toEqual([{ feature: 0, text: 'a snare' }]);
    expect(to.store.notes.list(there?.id as never).map(({ text }) => text)).toEqual(['loud guitars', 'silence\nbefore the beat']);
    expect(to.store.settings.get().encoderId).toBe(there?.spaces[0]?.encoderId);
    expect(report.unplaced.join()).toContain('layer-99');
    expect((await to.data.importLibrary(path)).kinds.every(({ added }) => added === 0)).toBe(true);
  });

  it('leaves what is here as it is, adds to it, and can be taken back', async () => {
    const [from, to] = [filledLibrary(), otherLibrary()];
    const { tags, notes, playlists, encoders } = to.store;
    const encoderId = encoders.list()[0]?.id as never;
    const own = tags.create({ kind: 'Mood', name: 'Rainy' }).tag;
    const knolls = to.store.keptByPeople.tracks().find(({ audioHash }) => audioHash === 'hash of Knolls')?.id as never;
    tags.mark({ tagIds: [own.id], targets: [{ trackId: knolls }], answer: 'no', source: 'person' });
    notes.set(encoderId, 0, 'my own words');
    playlists.create({ name: 'Sunday', trackIds: [knolls], smart: null });
    const path = join(temporaryDirectory(), 'library.json');
    await from.data.exportLibrary(path);
    const report = await to.data.importLibrary(path);
    expect(tags.list().map(({ name }) => name)).toContain('Rainy');
    expect(tags.marksOf([knolls]).find(({ tagId, startMs }) => tagId === own.id && startMs === null)?.answer).toBe('no');
    expect(notes.list(encoderId)[0]?.text).toBe('my own words\nloud guitars');
    expect(playlists.list().map(({ name }) => name)).toEqual(['Rainy', 'Sunday', 'Sunday (2)']);
    tags.undo(report.changeId as never);
    expect(tags.list()).toHaveLength(1);
    expect(tags.marksOf([knolls])).toHaveLength(1);
  });

  it('says of every track and encoder that is not here what it was, and takes it up when the file is read again later', async () => {
    const from = filledLibrary();
    const to = open(temporaryDirectory());
    const path = join(temporaryDirectory(), 'library.json');
    await from.data.exportLibrary(path);
    const report = await to.data.importLibrary(path);
    expect(report.unplaced.join('\n')).toMatch(/“Knolls” \(\/music\/Knolls\.mp3\) is not in this library; it carried “mood: rainy”/);
    expect(report.unplaced.join('\n')).toMatch(/“CLMR” is not in this library: import its weights/);
    const { store } = to;
    store.tracks.upsert(trackFile(store, 'Knolls'));
    store.encoders.add({ ...smallEncoder(4), weightsSha256: 'c1' });
    const later = await to.data.importLibrary(path);
    expect(later.kinds.find(({ kind }) => kind === 'notes')).toMatchObject({ added: 2 });
    expect(later.kinds.find(({ kind }) => kind === 'answers')?.added).toBeGreaterThan(0);
  });

  it('comes from a file that is one: others are refused with what is wrong, and an export replaces nothing else', async () => {
    const services = filledLibrary();
    const folder = temporaryDirectory();
    const path = join(folder, 'library.json');
    await services.data.exportLibrary(path);
    const good = readFileSync(path, 'utf8');
    const bad: Record<string, string> = {
      'text.json': 'no JSON',
      'other.json': '{"format": "something"}',
      'newer.json': good.replace('"version": 1', '"version": 99'),
      'broken.json': good.replace('"answer": "yes"', '"answer": "maybe"'),
      'far.json': good.replace(
        /"tags": \[/,
        '"tags": [{"kind": "", "name": "x", "color": 0, "createdAt": 0, "marks": [{"track": 999999, "answer": "yes", "source": "person", "at": 0}]},',
      ),
    };
    for (const [name, text] of Object.entries(bad)) {
      writeFileSync(join(folder, name), text);
      if (name !== 'far.json') await expect(services.data.importLibrary(join(folder, name))).rejects.toMatchObject({ code: 'BAD_INPUT' });
    }
    expect((await services.data.importLibrary(join(folder, 'far.json'))).kinds.find(({ kind }) => kind === 'answers')?.unplaced).toBe(1);
    await expect(services.data.exportLibrary(join(folder, 'text.json'))).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(services.data.exportLibrary('relative.json')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(services.data.exportLibrary(join(folder, 'list.m3u8'))).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await services.data.exportLibrary(path);
    renameSync(path, join(folder, 'again.json'));
    expect(existsSync(join(dirname(path), 'again.json'))).toBe(true);
  });

  it('is taken up thing by thing where some of it cannot be kept, and no head that could not speak', async () => {
    const from = filledLibrary();
    const path = join(temporaryDirectory(), 'library.json');
    await from.data.exportLibrary(path);
    const file = JSON.parse(readFileSync(path, 'utf8')) as LibraryFile;
    const [tag, encoder] = [file.tags[0], file.encoders.find(({ heads }) => heads.length > 0)];
    const head = encoder?.heads[0];
    if (tag === undefined || encoder === undefined || head === undefined) throw new Error('the fixture has no tag or head');
    const mark = { track: 0, answer: 'yes', source: 'person', at: 0 } as const;
    file.tags.push({ ...tag, kind: '', name: ' ', marks: [mark] }, { ...tag, kind: '', name: 'x'.repeat(9000), marks: [] });
    file.tags.push({ ...tag, kind: '', name: 'short', marks: [{ ...mark, startMs: 500, endMs: 100 }] });
    encoder.notes.push({ feature: 99_999, text: 'far', updatedAt: 0 });
    file.playlists = ['', 'y'.repeat(9000)].map((name) => ({ name, tracks: [0], smart: null, createdAt: 0, updatedAt: 0 }));
    const weights = (values: Record<string, [shape: number[], value: number]>): string =>
      Buffer.from(
        encodeSafetensors(
          new Map(
            Object.entries(values).map(([name, [shape, value]]) => {
              const data = new Float32Array(shape.reduce((all, size) => all * size, 1)).fill(value);
              return [name, { shape, data }] as const;
            }),
          ),
        ),
      ).toString('base64');
    const [label] = head.labels;
    const bad: Partial<typeof head>[] = [
      { weights: weights({ 'fc.weight': [[1, 4], Number.NaN], 'fc.bias': [[1], 0] }) },
      { weights: weights({ 'fc.weight': [[1, 4], 1] }) },
      { weights: 'no base64' },
      { architecture: 'mlp' },
      { weights: weights({ 'hidden.weight': [[4, 4], 1], 'hidden.bias': [[4], 0], 'fc.weight': [[1, 4], 1], 'fc.bias': [[1], 0] }) },
      {
        architecture: 'mlp',
        weights: weights({ 'hidden.weight': [[7, 4], 1], 'hidden.bias': [[7], 0], 'fc.weight': [[1, 5], 1], 'fc.bias': [[1], 0] }),
      },
      { labels: [{ kind: 'mood', name: 'rainy' }] },
      { labels: [{ kind: '', name: '', ...label, rocAuc: { value: 'high' } }] },
      { labels: [{ kind: '', name: '', ...label, label: 3 }] },
    ];
    encoder.heads = bad.map((changes) => ({ ...head, ...changes }));
    writeFileSync(path, JSON.stringify(file));
    const to = otherLibrary();
    const { kinds, unplaced } = await to.data.importLibrary(path);
    const counts = Object.fromEntries(kinds.map(({ kind, ...counted }) => [kind, counted]));
    expect(counts).toMatchObject({ tags: { unplaced: 2 }, notes: { unplaced: 1 }, heads: { added: 0, unplaced: bad.length } });
    expect(counts.answers?.unplaced).toBe(2);
    expect(unplaced.join('\n')).toMatch(/has no neuron 99999/);
    expect(to.store.playlists.list().map(({ name }) => [name.slice(0, 8), name.length])).toEqual([
      ['Playlist', 8],
      ['yyyyyyyy', 200],
    ]);
    encoder.heads.push(head);
    writeFileSync(path, JSON.stringify(file));
    expect((await to.data.importLibrary(path)).kinds.find(({ kind }) => kind === 'heads')?.added).toBe(1);
  });
});
