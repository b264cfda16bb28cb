/** @file Which segments an encoder's neighbours are looked for among, read from the database without keeping the core from other work. */
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { pickRuns } from '../../store/index.ts';
import type { IndexId, LiveRun, PlacedRuns, Store, TrackRuns } from '../../store/index.ts';

/** Tracks read at a time: a few milliseconds. */
const pageTracks = 2000;

/** The runs of every track that can be shown, by track. */
export async function readRuns({ index }: Store, indexId: IndexId): Promise<TrackRuns> {
  const pages: LiveRun[][] = [];
  for (let after = 0; ;) {
    const page = index.liveRuns(indexId, { after, limit: pageTracks });
    pages.push(page);
    if (page.length < pageTracks) break;
    after = page.at(-1)?.trackId ?? after;
    await setImmediate();
  }
  const count = pages.reduce((sum, page) => sum + page.length, 0);
  const columns = (): Uint32Array => new Uint32Array(count);
  const runs: TrackRuns = { trackIds: new Int32Array(count), firstRows: columns(), segments: columns(), audio: columns() };
  let at = 0;
  for (const { trackId, firstRow, segments, audioHash } of pages.flat()) {
    runs.trackIds[at] = trackId;
    runs.firstRows[at] = firstRow;
    runs.segments[at] = segments;
    runs.audio[at++] = crc32(audioHash);
  }
  return runs;
}

/** The runs that `found` does not mark, in batches of about so many segments. */
export function missingBatches(runs: TrackRuns, found: Uint8Array, segmentsAtOnce: number): TrackRuns[] {
  return batches(runs, found, segmentsAtOnce).map((picked) => pickRuns(runs, picked));
}

/** The numbers of the runs that `found` does not mark, in batches of about so many segments. */
export function batches(runs: TrackRuns, found: Uint8Array, segmentsAtOnce: number): Uint32Array[] {
  const made: number[][] = [];
  let room = 0;
  for (const [run, segments] of runs.segments.entries()) {
    if (found[run] === 1) continue;
    if (room <= 0) {
      made.push([]);
      room = segmentsAtOnce;
    }
    made.at(-1)?.push(run);
    room -= segments;
  }
  return made.map((picked) => Uint32Array.from(picked));
}

/** Stretches of places whose tracks are allowed, joined where they touch; and how many segments they hold. `tracks`: 1 = allowed, by track id. */
export function allowedPlaces(
  runs: PlacedRuns,
  tracks: Uint8Array | undefined,
): { stretches: { first: number; count: number }[]; total: number } {
  if (tracks === undefined) return { stretches: [{ first: 0, count: runs.total }], total: runs.total };
  const stretches: { first: number; count: number }[] = [];
  let total = 0;
  for (let run = 0; run < runs.trackIds.length; run++) {
    if (tracks[runs.trackIds[run] as number] !== 1) continue;
    const [first, count] = [runs.starts[run] as number, runs.segments[run] as number];
    const last = stretches.at(-1);
    if (last !== undefined && last.first + last.count === first) last.count += count;
    else stretches.push({ first, count });
    total += count;
  }
  return { stretches, total };
}

/** The same segments as stretches of rows of the files. */
export function allowedRows(runs: PlacedRuns, tracks: Uint8Array | undefined): { first: number; count: number }[] {
  const stretches: { first: number; count: number }[] = [];
  for (let run = 0; run < runs.trackIds.length; run++) {
    if (tracks !== undefined && tracks[runs.trackIds[run] as number] !== 1) continue;
    const [first, count] = [runs.firstRows[run] as number, runs.segments[run] as number];
    const last = stretches.at(-1);
    if (last !== undefined && last.first + last.count === first) last.count += count;
    else stretches.push({ first, count });
  }
  return stretches;
}
