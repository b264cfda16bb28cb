/** @file Rewrites an index without its dead rows, into new files, and puts it in the old one's place in one transaction. */
import { rmSync } from 'node:fs';
import { toAppError } from '../../base/index.ts';
import type { Connection } from '../connection.ts';
import type { DataPaths } from '../data-directory.ts';
import { ChunkFiles } from './chunk-files.ts';
import { FeatureStatistics } from './feature-statistics.ts';
import { hashBlocks, putBlocks } from './index-blocks.ts';
import { commitRows, replaceIndex, takeIndexId } from './index-table.ts';
import type { ActivationIndexInfo } from './index-table.ts';
import { indexedTracks, putIndexedTrack } from './index-tracks.ts';
import type { IndexedTrack } from './index-tracks.ts';
import { RowFiller } from './row-filler.ts';

/** Rows copied at a time. */
const blockRows = 4096;

/**
 * Makes a compact copy of an index; the caller deletes the old files afterwards. A crash before the end leaves the old index in force.
 * @throws AppError `DISK_FULL` and the like; the old index is intact
 */
export function compactIndex(connection: Connection, paths: DataPaths, index: ActivationIndexInfo): ActivationIndexInfo {
  const tracks = indexedTracks(connection, index.id);
  const compact = { ...index, id: takeIndexId(connection) };
  const directory = paths.index(compact.id);
  rmSync(directory, { recursive: true, force: true });
  const [from, to] = [new ChunkFiles(paths.index(index.id), index.dimensions), new ChunkFiles(directory, index.dimensions)];
  try {
    const statistics = new FeatureStatistics(index.dimensions);
    const placed = copyTracks(tracks, { from, to, statistics, dimensions: index.dimensions });
    to.sync();
    const blocks = hashBlocks(to, index.dimensions, { from: 0, to: placed.rows });
    connection.transaction(() => {
      replaceIndex(connection, { ...compact, committedRows: placed.rows });
      for (const track of placed.tracks) putIndexedTrack(connection, compact.id, track);
      putBlocks(connection, compact.id, blocks);
      commitRows(connection, compact.id, placed.rows, statistics);
    })();
    return { ...compact, committedRows: placed.rows };
  } catch (error) {
    to.close();
    rmSync(directory, { recursive: true, force: true });
    throw toAppError(error, `compact the index ${index.id}`);
  } finally {
    from.close();
    to.close();
  }
}

type Copying = { from: ChunkFiles; to: ChunkFiles; statistics: FeatureStatistics; dimensions: number };

function copyTracks(tracks: readonly IndexedTrack[], copying: Copying): { tracks: IndexedTrack[]; rows: number } {
  const { dimensions } = copying;
  const filler = new RowFiller(copying.to, { firstRow: 0, capacity: blockRows, dimensions });
  const placed = tracks.map((track) => {
    const firstRow = filler.nextRow;
    for (let done = 0; done < track.segments; done += blockRows) {
      const block = new Float32Array(Math.min(blockRows, track.segments - done) * dimensions);
      copying.from.readRows(track.firstRow + done, block);
      copying.statistics.add(block);
      for (let start = 0; start < block.length;) {
        if (filler.isFull) filler.write();
        start += filler.add(block.subarray(start)) * dimensions;
      }
    }
    return { ...track, firstRow: track.segments === 0 ? 0 : firstRow };
  });
  filler.write();
  return { tracks: placed, rows: filler.nextRow };
}
