/** @file What threads do to fill a shared space: from the files of means and codes, or from the index's own rows. */
import { plausibleRows } from '../../base/index.ts';
import { readRecords } from './record-file.ts';
import type { FileAbout, FoundRecord } from './record-file.ts';
import { readPadded, scaleRows } from './row-block.ts';
import { runOfTrack } from './runs.ts';
import type { PlacedRuns, Runs } from './runs.ts';
import { codeAddresses, codeColumns, codeTailBytes, forPieces, groupRows, rowAddress } from './space.ts';
import type { OpenSpace, Source, ThreadState } from './thread-state.ts';

/** Smaller deviations, beside a feature's size, are what 32 bits leave. */
const leastDeviation = 1e-5;

/** A file to read: `from` 0 for all of it; `width` null where any will do. */
export type FileToRead = { path: string; from: number; indexId: number; dimensions: number; width: number | null };

/** How far a file was sound, which of the runs it had (1 each), what its header carries, and the width that it has. */
export type FileRead = { validBytes: number; found: Uint8Array<ArrayBuffer>; extra: Uint8Array; width: number };

/** Brings means of tracks into a space of rows, as they are; a track's place is its run's number. */
export function loadMeans(state: ThreadState, { file, runs, spaceId }: { file: FileToRead; runs: Runs; spaceId: number }): FileRead {
  const space = state.space(spaceId);
  return readFile(file, runs, ({ payload }, run) => {
    if (payload.length !== 4 * file.dimensions) return false;
    new Uint8Array(space.memory.buffer, rowAddress(space, run)).set(payload);
    return true;
  });
}

/** Brings codes into a space of codes, every run to its place. */
export function loadCodes(state: ThreadState, { file, runs, spaceId }: { file: FileToRead; runs: PlacedRuns; spaceId: number }): FileRead {
  const space = state.space(spaceId);
  return readFile(file, runs, ({ payload, segments }, run) => {
    if (payload.length !== segments * (spaceWidth(space) + codeTailBytes)) return false;
    placeCodes(space, payload, { segments, first: runs.starts[run] as number });
    return true;
  });
}

/** What a file's header says, and which runs are in it, without taking anything. */
export function inspectFile(_: ThreadState, { file, runs }: { file: FileToRead; runs: Runs }): FileRead {
  return readFile(file, runs, () => true);
}

function readFile(file: FileToRead, runs: Runs, take: (record: FoundRecord, run: number) => boolean): FileRead {
  const found = new Uint8Array(runs.trackIds.length);
  const isWanted = (about: FileAbout): boolean =>
    about.indexId === file.indexId && about.dimensions === file.dimensions && (file.width === null || about.width === file.width);
  const sound = readRecords(file.path, { from: file.from, isWanted }, (record) => {
    const run = runOfTrack(runs.trackIds, record.trackId);
    if (run < 0 || runs.firstRows[run] !== record.firstRow || runs.segments[run] !== record.segments || runs.audio[run] !== record.audio)
      return;
    if (take(record, run)) found[run] = 1;
  });
  return { validBytes: sound.validBytes, found, extra: sound.extra, width: sound.about?.width ?? 0 };
}

function spaceWidth(space: OpenSpace): number {
  return space.width ?? 0;
}

function placeCodes(space: OpenSpace, payload: Uint8Array, { segments, first }: { segments: number; first: number }): void {
  const width = spaceWidth(space);
  const bytes = new Uint8Array(space.memory.buffer);
  const tail = new DataView(payload.buffer, payload.byteOffset + segments * width);
  forPieces(first, segments, (place, start, count) => {
    const { code, group } = codeAddresses(space, place);
    bytes.set(payload.subarray(start * width, (start + count) * width), code);
    const numbers = new Float32Array(space.memory.buffer, group);
    for (let i = 0; i < count; i++) {
      const inGroup = (place + i) % groupRows;
      const at = ((place % groupRows) + i - inGroup) * codeColumns + inGroup;
      for (let column = 0; column < codeColumns; column++)
        numbers[at + column * groupRows] = tail.getFloat32(4 * (column * segments + start + i), true);
    }
  });
}

/** The means over tracks, and over segments (tracks by their length), scaled, and the scale, if there is one: float32 `[dimensions]` each. */
export type Means = { tracks: Float32Array<ArrayBuffer>; segments: Float32Array<ArrayBuffer>; scale: Float32Array<ArrayBuffer> | null };

/**
 * Takes the mean off the tracks of a space that was loaded, and brings them to length 1. Tracks with values that are no numbers become zeros; they, and
 * tracks that are far from all others, do not count in the mean: one spoilt track would make all others alike.
 * @param isStandardised each feature is brought to the deviation 1 before; what no track differs in stays as it is
 */
export function centreTracks(
  state: ThreadState,
  { spaceId, segments, isStandardised }: { spaceId: number; segments: Uint32Array; isStandardised: boolean },
): Means {
  const space = state.space(spaceId);
  const { dimensions, rowBytes, kernel, scratch } = space;
  const rowAt = (place: number): Float32Array => new Float32Array(space.memory.buffer, rowAddress(space, place), dimensions);
  const isPlausible = plausibleRows(segments.length, dimensions, rowAt);
  const plausible = Array.from(segments, (weight, place) => ({ weight, place })).filter(({ place }) => isPlausible[place] === 1);
  const [ofTracks, ofSegments] = [new Float64Array(dimensions), new Float64Array(dimensions)];
  const total = plausible.reduce((sum, { weight }) => sum + weight, 0);
  for (const { place, weight } of plausible)
    for (const [i, value] of rowAt(place).entries()) {
      ofTracks[i] = (ofTracks[i] as number) + value / plausible.length;
      ofSegments[i] = (ofSegments[i] as number) + (value * weight) / total;
    }
  const rows = plausible.map(({ place }) => place);
  const scale = isStandardised ? scaleOf(ofTracks, rows, rowAt) : null;
  for (const place of segments.keys()) scaleRows(rowAt(place), scale);
  const means: Means = { tracks: Float32Array.from(ofTracks), segments: Float32Array.from(ofSegments), scale };
  scaleRows(means.tracks, scale);
  scaleRows(means.segments, scale);
  new Float32Array(space.memory.buffer, scratch.mean, rowBytes / 4).fill(0).set(means.tracks);
  if (space.count > 0) kernel.centre(rowAddress(space, 0), rowBytes, space.count, scratch.mean);
  return means;
}

/** What brings every feature to the deviation 1 over rows; 1 where they hardly differ beside their size, since nothing but rounding would be heard there. */
function scaleOf(mean: Float64Array, rows: readonly number[], rowAt: (place: number) => Float32Array): Float32Array<ArrayBuffer> {
  const squares = new Float64Array(mean.length);
  for (const place of rows)
    for (const [i, value] of rowAt(place).entries()) squares[i] = (squares[i] as number) + (value - (mean[i] as number)) ** 2 / rows.length;
  return Float32Array.from(squares, (square, i) => {
    const deviation = Math.sqrt(square);
    return deviation > leastDeviation * Math.max(1, Math.abs(mean[i] as number)) ? 1 / deviation : 1;
  });
}

/** Brings runs of an index's rows into a space of rows, centred; `starts` names the places of each one's first. */
export function loadRows(
  state: ThreadState,
  { source, mean, runs, starts, spaceId }: { source: Source; mean: Float32Array; runs: Runs; starts: Uint32Array; spaceId: number },
): void {
  const space = state.space(spaceId);
  const { kernel, rowBytes, scratch } = space;
  new Float32Array(space.memory.buffer, scratch.mean, rowBytes / 4).fill(0).set(mean);
  for (const [run, first] of starts.entries()) {
    const firstRow = runs.firstRows[run] as number;
    forPieces(0, runs.segments[run] as number, (_, start, count) => {
      const address = rowAddress(space, first + start);
      readPadded(state, source, { firstRow: firstRow + start, count, kernel, address });
      kernel.centre(address, rowBytes, count, scratch.mean);
    });
  }
}
