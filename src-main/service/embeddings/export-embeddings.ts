/** @file Writes the embeddings of a library to a file that other programs read. */
import { existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { AppError, removeDeadTemporariesOf, temporaryPath, toAppError } from '../../base/index.ts';
import type { EncoderId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { timingOf } from '../listening/listening.ts';
import type { EmbeddingAbout, EmbeddingFile } from './embedding-file.ts';
import { countRows, embeddingRows } from './embedding-rows.ts';
import type { CentredSpace, EmbeddingLevel, EmbeddingWish } from './embedding-rows.ts';
import { NpyFile } from './npy-file.ts';
import { ParquetFile } from './parquet-file.ts';

/** What to write: `.parquet`, or `.npy` with a `.json` beside it. `space` null: raw. */
export type EmbeddingExport = { encoderId: EncoderId; path: string; level: EmbeddingLevel; space: CentredSpace | null };

/** What the export hangs on. */
export type ExportParts = { store: Store; version: string; signal: AbortSignal; onProgress: (done: number, total: number) => void };

/** What was written. */
export type ExportedEmbeddings = { files: string[]; bytes: number; tracks: number; about: EmbeddingAbout };

/** @throws AppError BAD_INPUT for a file that is there already or has another ending; NOT_FOUND without an index; DISK_FULL, CANCELLED */
export async function exportEmbeddings(parts: ExportParts, wish: EmbeddingExport): Promise<ExportedEmbeddings> {
  const paths = pathsFor(wish.path);
  const index = parts.store.index.current(wish.encoderId);
  if (index === null) throw new AppError('NOT_FOUND', 'This encoder has no index yet. Make one with `earmark index`.');
  const rowsWish = { index, level: wish.level, space: wish.space };
  const { tracks, rows } = countRows(parts.store, rowsWish);
  if (rows === 0) throw new AppError('NOT_FOUND', 'No track is indexed with this encoder yet. Make an index with `earmark index`.');
  const about = aboutOf(parts, { ...rowsWish, rows });
  const temporary = paths.map(temporaryPath);
  let file: EmbeddingFile | null = null;
  try {
    await Promise.all(paths.map(removeDeadTemporariesOf));
    file = await openFile(temporary, about);
    let done = 0;
    for await (const track of embeddingRows(parts.store, rowsWish)) {
      parts.signal.throwIfAborted();
      await file.write(track);
      parts.onProgress(++done, tracks);
    }
    await file.finish();
    await file.close();
    for (const [i, path] of paths.entries()) await rename(temporary[i] ?? '', path);
  } catch (error) {
    await file?.close().catch(() => undefined);
    await Promise.all(temporary.map((path) => rm(path, { force: true })));
    throw toAppError(error, `write ${wish.path}`);
  }
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return { files: paths, bytes: sizes.reduce((sum, size) => sum + size, 0), tracks, about };
}

/** The files that an export makes. @throws AppError BAD_INPUT */
function pathsFor(wanted: string): string[] {
  const path = resolve(wanted);
  const extension = extname(path).toLowerCase();
  if (extension !== '.parquet' && extension !== '.npy')
    throw new AppError('BAD_INPUT', `${path} must end with .parquet or .npy. Choose another name.`);
  const paths = extension === '.npy' ? [path, `${path.slice(0, -extension.length)}.json`] : [path];
  const known = paths.find((one) => existsSync(one));
  if (known !== undefined) throw new AppError('BAD_INPUT', `${known} is there already. Choose another name.`, { details: { path: known } });
  return paths;
}

async function openFile([first = '', second]: readonly string[], about: EmbeddingAbout): Promise<EmbeddingFile> {
  return second === undefined ? new ParquetFile(first, about) : NpyFile.create([first, second], about);
}

function aboutOf({ store, version }: ExportParts, { level, space, rows, index }: EmbeddingWish & { rows: number }): EmbeddingAbout {
  const { encoderId, hopSamples } = index;
  const stored = store.encoders.get(encoderId);
  const { id, name, architecture, source, origin, weightsSha256, sampleRate, dimensions } = stored;
  const { segmentMs, hopMs } = timingOf(stored, hopSamples);
  const encoder = { id, name, architecture, source, origin, weightsSha256 };
  return { earmark: version, encoder, level, values: space === null ? 'raw' : 'centred', sampleRate, segmentMs, hopMs, rows, dimensions };
}
