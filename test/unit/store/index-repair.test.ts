/** @file Damaged index files: named, and mended from each other; only tracks that neither file holds are encoded again. */
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkRows } from '../../../src-main/store/index.ts';
import type { IndexId, Store } from '../../../src-main/store/index.ts';
import { smallEncoder, temporaryStore, trackFile } from '../../support/store-data.ts';

const dimensions = 5;
const perTrack = 40;
const tracks = 120;

type Made = { store: Store; indexId: IndexId; rows: string; columns: string };

/** An index of 120 tracks of 40 rows each, whose values follow from their place. */
function make(): Made {
  const store = temporaryStore();
  const encoder = store.encoders.add(smallEncoder(dimensions));
  const { id: indexId } = store.index.ensure(encoder.id, 100);
  const writer = store.index.writer(indexId);
  for (let track = 0; track < tracks; track++) {
    const { id } = store.tracks.upsert(trackFile(store, `track ${track}`));
    writer.begin(id, `hash of track ${track}`);
    writer.append(Float32Array.from({ length: perTrack * dimensions }, (_, i) => 1 + track + i / 256));
    writer.finish();
  }
  writer.close();
  const folder = store.paths.index(indexId);
  return { store, indexId, rows: join(folder, 'embeddings-0000.f32'), columns: join(folder, 'activations-0000.f32') };
}

/** Every number as both files give it. */
function contents({ store }: Made): { rows: Float32Array[]; columns: Float32Array[] } {
  const ids = Array.from({ length: tracks }, (_, i) => (i + 1) as never);
  const rows = ids.map((id) => store.index.embeddings(1 as never, id));
  const columns = ids.flatMap((id) => Array.from({ length: dimensions }, (_, feature) => store.index.profile(1 as never, id, feature)));
  return { rows, columns };
}

function overwrite(path: string, { at, bytes, value = 0 }: { at: number; bytes: number; value?: number }): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(bytes, value), 0, bytes, at);
  closeSync(file);
}

const rowBytes = dimensions * 4;

describe('the files of an index', () => {
  it('are found whole when they are, and are left as they are', async () => {
    const made = make();
    const before = readFileSync(made.rows);
    expect(await made.store.index.repair(made.indexId, { writes: true })).toEqual({
      files: [],
      columnsRebuilt: 0,
      rowsRebuilt: 0,
      lostTracks: [],
    });
    expect(readFileSync(made.rows).equals(before)).toBe(true);
  });

  const damages: [string, (made: Made) => void, (made: Made) => string[]][] = [
    ['columns that are gone', ({ columns }) => rmSync(columns), ({ columns }) => [columns]],
    ['rows that are gone', ({ rows }) => rmSync(rows), ({ rows }) => [rows]],
    [
      'columns that were cut',
      ({ columns }) => truncateSync(columns, statSync(columns).size - chunkRows * 4 - 1000),
      ({ columns }) => [columns],
    ],
    ['rows that were cut', ({ rows }) => truncateSync(rows, 1000 * rowBytes + 7), ({ rows }) => [rows]],
    [
      'zeros in both, at different tracks',
      ({ rows, columns }) => {
        overwrite(rows, { at: 100 * rowBytes, bytes: 300 * rowBytes });
        for (let feature = 0; feature < dimensions; feature++) overwrite(columns, { at: (feature * chunkRows + 2000) * 4, bytes: 800 });
      },
      ({ rows, columns }) => [columns, rows],
    ],
  ];
  for (const [name, damage, named] of damages)
    it(`are mended from each other, bit for bit, and named: ${name}`, async () => {
      const made = make();
      const before = contents(made);
      made.store.index.close();
      damage(made);
      const looked = await made.store.index.repair(made.indexId, { writes: false });
      expect(looked.files).toEqual(named(made).toSorted());
      expect(looked.columnsRebuilt + looked.rowsRebuilt).toBeGreaterThan(0);
      const found = await made.store.index.repair(made.indexId, { writes: true });
      expect(found).toEqual(looked);
      expect(found.lostTracks).toEqual([]);
      expect(contents(made)).toEqual(before);
      expect((await made.store.index.repair(made.indexId, { writes: true })).files).toEqual([]);
      expect(made.store.index.waiting(made.indexId)).toEqual([]);
    });

  it('of which both lost the same, or do not agree, give up those tracks alone, which wait to be encoded again', async () => {
    const made = make();
    const before = contents(made);
    made.store.index.close();
    truncateSync(made.rows, 115 * perTrack * rowBytes);
    truncateSync(made.columns, ((dimensions - 1) * chunkRows + 117 * perTrack) * 4);
    overwrite(made.rows, { at: 10 * perTrack * rowBytes, bytes: 4, value: 0x41 });
    const { lostTracks } = await made.store.index.repair(made.indexId, { writes: true });
    expect(lostTracks).toEqual([11, 118, 119, 120]);
    expect(
      made.store.index
        .waiting(made.indexId)
        .map(({ trackId }) => trackId)
        .toSorted((a, b) => a - b),
    ).toEqual(lostTracks);
    const after = contents(made);
    for (let track = 0; track < tracks; track++)
      expect(after.rows[track]).toEqual(lostTracks.includes((track + 1) as never) ? new Float32Array(0) : before.rows[track]);
    expect(made.store.index.top(1 as never, 2, 5).total).toBe((tracks - 4) * perTrack);
    const writer = made.store.index.writer(made.indexId);
    for (const { trackId, audioHash } of made.store.index.waiting(made.indexId)) {
      writer.begin(trackId, audioHash);
      writer.append(before.rows[trackId - 1] as Float32Array);
      writer.finish();
    }
    writer.close();
    expect(contents(made)).toEqual(before);
  });

  it('that are not whole are named where they are read', () => {
    const made = make();
    made.store.index.close();
    rmSync(made.columns);
    expect(() => made.store.index.top(1 as never, 0, 1)).toThrow(new RegExp(`activations-0000.f32 is not whole.*index --repair`));
    expect(existsSync(made.store.paths.damage)).toBe(false);
  });
});
