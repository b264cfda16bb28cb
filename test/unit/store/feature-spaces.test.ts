/** @file Feature spaces in the store: rows of their own behind their encoder, with notes, heads and an index that are nobody else's. */
import { copyFileSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { EncoderId, TrackId } from '../../../src-main/contract/index.ts';
import { DataPaths, restoreDatabase } from '../../../src-main/store/index.ts';
import type { Store, StoredEncoder } from '../../../src-main/store/index.ts';
import { smallEncoder, temporaryDirectory, temporaryStore, trackFile } from '../../support/store-data.ts';

const before = fileURLToPath(new URL('../../fixtures/store/version-16.db', import.meta.url));

function ensure(store: Store, base: StoredEncoder, output: string, pooling: 'mean' | 'max' = 'mean'): StoredEncoder {
  return store.encoders.ensureSpace(base, { space: { output, pooling }, title: `${output}, ${pooling}`, dimensions: 3 });
}

/** Writes one track's rows into the index of an encoder or space. */
function write(store: Store, encoderId: EncoderId, trackId: TrackId, rows: Float32Array): void {
  const writer = store.index.writer(store.index.ensure(encoderId, 100).id);
  writer.begin(trackId, 'hash of song');
  writer.append(rows);
  writer.finish();
  writer.close();
}

describe('a feature space', () => {
  it('stands behind its encoder, bears its name, and is no encoder of the list', () => {
    const store = temporaryStore();
    const base = store.encoders.add({ ...smallEncoder(2), name: 'Ears' });
    store.encoders.add({ ...smallEncoder(1), architecture: 'tag-set', settings: { labels: ['sax'] }, baseEncoderId: base.id });
    const space = ensure(store, base, 'block-1');
    expect(space).toMatchObject({ name: 'Ears · block-1, mean', dimensions: 3, baseEncoderId: base.id, space: { output: 'block-1' } });
    expect(ensure(store, base, 'block-1').id).toBe(space.id);
    expect(ensure(store, base, 'block-1', 'max').id).not.toBe(space.id);
    const [listed, ...others] = store.encoders.list();
    expect(others).toEqual([]);
    expect(listed?.spaces.map(({ title }) => title)).toEqual(['block-1, mean', 'block-1, max']);
    expect(listed?.tagSet?.labels).toEqual(['sax']);
    expect(store.encoders.get(space.id).tagSet).toBeNull();
    expect(store.encoders.withWeights(base.weightsSha256).map(({ id }) => id)).toEqual([base.id]);
    store.encoders.rename(base.id, 'Other ears');
    expect(store.encoders.get(space.id).name).toBe('Other ears · block-1, mean');
  });

  it('has segments, notes and heads of its own', () => {
    const store = temporaryStore();
    const base = store.encoders.add(smallEncoder(2));
    const space = ensure(store, base, 'block-1');
    const { id: trackId } = store.tracks.upsert(trackFile(store, 'song'));
    write(store, base.id, trackId, Float32Array.of(1, 2, 3, 4));
    write(store, space.id, trackId, Float32Array.of(9, 8, 7, 6, 5, 4));
    store.notes.set(space.id, 0, 'a layer’s');
    expect([...store.index.embeddings(base.id, trackId)]).toEqual([1, 2, 3, 4]);
    expect([...store.index.embeddings(space.id, trackId)]).toEqual([9, 8, 7, 6, 5, 4]);
    expect([...store.index.top(space.id, 2, 1).values]).toEqual([7]);
    expect(store.notes.list(base.id)).toEqual([]);
    expect(store.notes.list(space.id)).toEqual([{ feature: 0, text: 'a layer’s' }]);
    expect(store.encoders.get(base.id).spaces).toMatchObject([{ encoderId: space.id, index: { tracks: 1, segments: 2 } }]);
  });

  it('that is removed comes back with all that it had, and goes and comes with its encoder', () => {
    const store = temporaryStore();
    const base = store.encoders.add(smallEncoder(2));
    const space = ensure(store, base, 'block-1');
    const { id: trackId } = store.tracks.upsert(trackFile(store, 'song'));
    write(store, space.id, trackId, Float32Array.of(1, 2, 3));
    store.notes.set(space.id, 1, 'hears strings');
    store.encoders.remove(space.id);
    expect(store.encoders.list()[0]?.spaces).toEqual([]);
    expect(store.encoders.listWithSpaces().map(({ id }) => id)).toEqual([base.id]);
    store.encoders.restore(space.id);
    expect(store.encoders.listWithSpaces().map(({ id }) => id)).toEqual([base.id, space.id]);
    expect(store.notes.list(space.id)).toEqual([{ feature: 1, text: 'hears strings' }]);
    expect([...store.index.embeddings(space.id, trackId)]).toEqual([1, 2, 3]);
    store.encoders.remove(base.id);
    expect(store.encoders.get(space.id).removedAt).not.toBeNull();
    expect(store.encoders.listWithSpaces()).toEqual([]);
    store.encoders.restore(base.id);
    expect(store.encoders.get(space.id).removedAt).toBeNull();
    store.encoders.remove(space.id);
    expect(ensure(store, base, 'block-1')).toMatchObject({ id: space.id, removedAt: null });
  });
});

describe('a library of the version before feature spaces', () => {
  /** The filled library with the files of its index, which the fixture does not hold. */
  function earlierLibrary(): string {
    const directory = temporaryDirectory();
    copyFileSync(before, join(directory, 'earmark.db'));
    // Files of another library's making would be set aside.
    temporaryStore(directory).close();
    const made = temporaryStore();
    const encoder = made.encoders.add(smallEncoder(4));
    const ids = ['Knolls', 'Battle Epic', 'Ångström – 夜'].map((name) => made.tracks.upsert(trackFile(made, name)).id);
    const writer = made.index.writer(made.index.ensure(encoder.id, 29_524).id);
    for (const id of ids) {
      writer.begin(id, 'any');
      writer.append(Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + id)));
      writer.finish();
    }
    writer.close();
    cpSync(made.paths.index(1), new DataPaths(directory).index(1), { recursive: true });
    return directory;
  }

  it('opens with its encoders, tag set, notes, heads and the very files of its index', () => {
    const directory = earlierLibrary();
    const files = readdirSync(new DataPaths(directory).index(1)).toSorted();
    const store = temporaryStore(directory);
    const [encoder] = store.encoders.list();
    expect(encoder).toMatchObject({ id: 1, name: 'CLMR', spaces: [], space: null, index: { tracks: 3, segments: 9, hopSamples: 29_524 } });
    expect(encoder?.tagSet).toMatchObject({ labels: ['guitar', 'slow'] });
    expect(store.notes.list(1 as EncoderId)).toHaveLength(2);
    expect(store.heads.list(1 as EncoderId)).toMatchObject([{ name: 'Your tags' }]);
    expect(store.settings.get().encoderId).toBe(1);
    expect(store.index.embeddings(1 as EncoderId, 2 as TrackId)[5]).toBeCloseTo(Math.sin(7), 6);
    expect(store.index.top(1 as EncoderId, 1, 1).values[0]).toBeCloseTo(
      Math.max(...[1, 2, 3].flatMap((id) => [1, 5, 9].map((i) => Math.sin(i + id)))),
      6,
    );
    expect(readdirSync(store.paths.index(1)).toSorted()).toEqual(files);
    const space = store.encoders.ensureSpace(store.encoders.get(1 as EncoderId), {
      ...{ space: { output: 'block-1', pooling: 'max' }, title: 'Block 1, maximum', dimensions: 4 },
    });
    expect(store.encoders.list()[0]).toMatchObject({ tagSet: { labels: ['guitar', 'slow'] }, spaces: [{ encoderId: space.id }] });
  });

  it('is restored from the backup that was made before the change, and what it replaced comes back', async () => {
    const directory = temporaryDirectory();
    const paths = new DataPaths(directory);
    copyFileSync(before, join(directory, 'earmark.db'));
    const store = temporaryStore(directory);
    ensure(store, store.encoders.get(1 as EncoderId), 'block-1');
    store.close();
    const { kept } = await restoreDatabase(paths, join(paths.backups, 'earmark-version-16.db'));
    const restored = temporaryStore(directory);
    expect(restored.encoders.list()).toMatchObject([{ name: 'CLMR', spaces: [] }]);
    expect(restored.tags.list().map(({ name }) => name)).toEqual(['rainy', 'for sets']);
    restored.close();
    await restoreDatabase(paths, kept ?? '');
    expect(temporaryStore(directory).encoders.list()).toMatchObject([{ name: 'CLMR', spaces: [{ output: 'block-1' }] }]);
  });
});
