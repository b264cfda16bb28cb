/** @file Embeddings in files, read again byte by byte and by another Parquet reader. */
import { readFileSync, writeFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { EncoderId, TrackId } from '../../../../src-main/contract/index.ts';
import { exportEmbeddings } from '../../../../src-main/service/embeddings/export-embeddings.ts';
import type { EmbeddingExport, ExportedEmbeddings } from '../../../../src-main/service/embeddings/export-embeddings.ts';
import type { Store } from '../../../../src-main/store/index.ts';
import { smallEncoder, temporaryDirectory, temporaryStore, trackFile } from '../../../support/store-data.ts';

const dimensions = 4;
const hostile = 'it\'s "ü" 🎷 100%,\n<b>';

type Indexed = { store: Store; encoderId: EncoderId; ids: TrackId[]; directory: string };

/** Value of a feature in a segment of a track. */
const valueOf = (track: number, segment: number, feature: number): number => track * 100 + segment * 10 + feature;

/** A library whose tracks have so many segments. */
function indexed(...segments: number[]): Indexed {
  const store = temporaryStore();
  const { id: encoderId } = store.encoders.add(smallEncoder(dimensions));
  const index = store.index.ensure(encoderId, 22_050);
  const ids = segments.map((_, i) => store.tracks.upsert(trackFile(store, `t${i}`, { title: i === 0 ? hostile : `t${i}` })).id);
  const writer = store.index.writer(index.id);
  for (const [i, count] of segments.entries()) {
    const embeddings = Float32Array.from({ length: count * dimensions }, (_, at) =>
      valueOf(i, Math.floor(at / dimensions), at % dimensions),
    );
    writer.begin(ids[i] as TrackId, `hash of t${i}`);
    writer.append(embeddings);
    writer.finish();
  }
  writer.close();
  return { store, encoderId, ids, directory: temporaryDirectory() };
}

function write(
  { store, encoderId, directory }: Indexed,
  name: string,
  changes: Partial<EmbeddingExport> = {},
): Promise<ExportedEmbeddings> {
  const parts = { store, version: '1.2.3', signal: new AbortController().signal, onProgress: () => undefined };
  return exportEmbeddings(parts, { encoderId, path: join(directory, name), level: 'segments', space: null, ...changes });
}

/** Header and numbers of a `.npy` file. */
function readNpy(path: string): { header: string; values: Float32Array } {
  const bytes = readFileSync(path);
  expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const start = 10 + bytes.readUInt16LE(8);
  expect(start % 64).toBe(0);
  const header = bytes.toString('latin1', 10, start);
  expect(header.endsWith('\n')).toBe(true);
  return { header: header.trim(), values: new Float32Array(new Uint8Array(bytes.subarray(start)).buffer) };
}

describe('export of embeddings', () => {
  it('writes a matrix that NumPy reads, and beside it what its rows are', async () => {
    const library = indexed(2, 3);
    const { files, about } = await write(library, 'x.npy');
    const { header, values } = readNpy(files[0] ?? '');
    expect(header).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (5, 4), }");
    expect([...values.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
    expect([...values.subarray(16)]).toEqual([120, 121, 122, 123]);
    const document = JSON.parse(readFileSync(join(library.directory, 'x.json'), 'utf8')) as Record<string, unknown>;
    expect(document).toMatchObject({ ...about, earmark: '1.2.3', values: 'raw', rows: 5, dimensions, sampleRate: 22_050, hopMs: 1000 });
    expect(document['tracks']).toEqual([
      { trackId: library.ids[0], path: '/music/t0.mp3', title: hostile, artist: 'Artist', firstRow: 0, rows: 2 },
      { trackId: library.ids[1], path: '/music/t1.mp3', title: 't1', artist: 'Artist', firstRow: 2, rows: 3 },
    ]);
  });

  it('writes Parquet, group after group, that another program reads', async () => {
    const library = indexed(3000, 1, 2000);
    const { files, about } = await write(library, 'x.parquet');
    const file = await asyncBufferFromFile(files[0] ?? '');
    const { row_groups: groups, key_value_metadata: told } = await parquetMetadataAsync(file);
    expect(groups.map((group) => Number(group.num_rows))).toEqual([2048, 2048, 905]);
    expect(JSON.parse(told?.find(({ key }) => key === 'earmark')?.value ?? '')).toEqual(about);
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(5001);
    expect(rows[0]).toMatchObject({ track_id: library.ids[0], path: '/music/t0.mp3', title: hostile, segment: 0, start_ms: 0 });
    expect(rows[3000]).toMatchObject({ track_id: library.ids[1], segment: 0 });
    expect(rows[5000]).toMatchObject({ track_id: library.ids[2], segment: 1999, start_ms: 1_999_000 });
    for (const [at, track, segment] of [
      [0, 0, 0],
      [2999, 0, 2999],
      [5000, 2, 1999],
    ] as const)
      expect([...(rows[at]?.['embedding'] as number[])]).toEqual([0, 1, 2, 3].map((feature) => valueOf(track, segment, feature)));
  });

  it('takes the mean of a track’s segments', async () => {
    const library = indexed(2, 3);
    const { files } = await write(library, 'x.parquet', { level: 'tracks' });
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(files[0] ?? '') });
    expect(rows.map((row: Record<string, unknown>) => [row['segment'], row['start_ms'], [...(row['embedding'] as number[])]])).toEqual([
      [null, null, [5, 6, 7, 8]],
      [null, null, [110, 111, 112, 113]],
    ]);
  });

  it('brings every row into the space that similar music is searched in', async () => {
    const library = indexed(2);
    const space = {
      centre: async (_: EncoderId, level: string, raw: Float32Array) => raw.map((value) => value + (level === 'segments' ? 0.5 : 0)),
    };
    const { files, about } = await write(library, 'x.npy', { space });
    expect(about.values).toBe('centred');
    expect([...readNpy(files[0] ?? '').values]).toEqual([0.5, 1.5, 2.5, 3.5, 10.5, 11.5, 12.5, 13.5]);
  });

  it('leaves out tracks that are gone', async () => {
    const library = indexed(2, 3);
    library.store.tracks.markMissing(library.ids.slice(0, 1));
    expect((await write(library, 'x.npy')).about.rows).toBe(3);
  });

  it('never writes over a file, and leaves none half-written', async () => {
    const library = indexed(2);
    writeFileSync(join(library.directory, 'mine.json'), '{}');
    await expect(write(library, 'mine.npy')).rejects.toThrow(/mine\.json is there already/);
    await expect(write(library, 'x.txt')).rejects.toThrow(/must end with \.parquet or \.npy/);
    await expect(write(library, 'none/x.npy')).rejects.toThrow(/no such file or folder/);
    const space = { centre: () => Promise.reject(new Error('no')) };
    for (const name of ['x.npy', 'x.parquet']) await expect(write(library, name, { space })).rejects.toThrow(/no/);
    expect(existsSync(join(library.directory, 'mine.npy'))).toBe(false);
    expect(readdirSync(library.directory)).toEqual(['mine.json']);
  });

  it('says when there is nothing to write', async () => {
    const store = temporaryStore();
    const { id: encoderId } = store.encoders.add(smallEncoder(dimensions));
    const library = { store, encoderId, ids: [], directory: temporaryDirectory() };
    await expect(write(library, 'x.npy')).rejects.toThrow(/no index yet/);
    store.index.ensure(encoderId, 22_050);
    await expect(write(library, 'x.npy')).rejects.toThrow(/No track is indexed/);
  });
});
