/** @file Embeddings as Parquet: a row an embedding, with its track and place; the vector is a list of float32. */
import { open } from 'node:fs/promises';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { SegmentTimes } from '../../contract/index.ts';
import type { TrackEmbeddings } from './embedding-rows.ts';
import type { EmbeddingAbout, EmbeddingFile } from './embedding-file.ts';

/** Rows of a group; a group is held in memory as plain arrays. */
const groupRows = 2048;

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' } as const;

const schema: Schema = [
  { name: 'root', num_children: 7 },
  { name: 'track_id', type: 'INT32', repetition_type: 'REQUIRED' },
  { name: 'path', ...text },
  { name: 'title', ...text },
  { name: 'artist', ...text },
  { name: 'segment', type: 'INT32', repetition_type: 'OPTIONAL' },
  { name: 'start_ms', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  { name: 'embedding', repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
];

type Row = {
  trackId: number;
  path: string;
  title: string;
  artist: string;
  segment: number | null;
  startMs: number | null;
  embedding: Float32Array;
};

/** Writes group after group. Rows of whole tracks have neither segment nor start. */
export class ParquetFile implements EmbeddingFile {
  readonly #path: string;
  readonly #about: EmbeddingAbout;
  readonly #writer: ParquetWriter;
  #rows: Row[] = [];

  /** @param path of a new file */
  constructor(path: string, about: EmbeddingAbout) {
    this.#path = path;
    this.#about = about;
    const kvMetadata = [{ key: 'earmark', value: JSON.stringify(about) }];
    const createdBy = `Earmark version ${about.earmark}`;
    this.#writer = new ParquetWriter({ writer: fileWriter(path), schema, codec: 'UNCOMPRESSED', kvMetadata, createdBy });
  }

  async write({ trackId, path, title, artist, rows, embeddings }: TrackEmbeddings): Promise<void> {
    const { level, dimensions } = this.#about;
    const times = new SegmentTimes(this.#about, rows);
    for (let i = 0; i < rows; i++) {
      const place = level === 'tracks' ? { segment: null, startMs: null } : { segment: i, startMs: times.startOf(i) };
      this.#rows.push({ trackId, path, title, artist, ...place, embedding: embeddings.subarray(i * dimensions, (i + 1) * dimensions) });
      if (this.#rows.length === groupRows) await this.#writeGroup();
    }
  }

  async finish(): Promise<void> {
    if (this.#rows.length > 0) await this.#writeGroup();
    await this.#writer.finish();
    const file = await open(this.#path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    this.#rows = [];
  }

  async #writeGroup(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    await this.#writer.write({
      columnData: [
        { name: 'track_id', data: rows.map(({ trackId }) => trackId) },
        { name: 'path', data: rows.map(({ path }) => path.toWellFormed()) },
        { name: 'title', data: rows.map(({ title }) => title.toWellFormed()) },
        { name: 'artist', data: rows.map(({ artist }) => artist.toWellFormed()) },
        { name: 'segment', data: rows.map(({ segment }) => segment) },
        { name: 'start_ms', data: rows.map(({ startMs }) => startMs) },
        { name: 'embedding', data: rows.map(({ embedding }) => Array.from(embedding)), encoding: 'PLAIN', statistics: false },
      ],
      rowGroupSize: groupRows,
    });
  }
}
