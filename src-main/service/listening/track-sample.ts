/** @file A sample of an index's segments with sound in them: some tracks, spread over the library, and some segments of each, spread over it. */
import { evenly, plausibleRows } from '../../base/index.ts';
import type { EncoderId, SegmentTiming, TrackId } from '../../contract/index.ts';
import type { ActivationIndexInfo, LiveRun, Store } from '../../store/index.ts';
import type { TrackSample } from './clear-features.ts';
import { segmentLevel } from './segment-level.ts';

/** The sample, and where each of its rows lies. */
export type PlacedSample = TrackSample & {
  trackIds: TrackId[];
  /** Row in the index, and number in the track, of each row. */ places: { row: number; segment: number }[];
};

const mostTracks = 512;
/** Segments of all tracks together, and of each at least where it has so many. */
const [aboutRows, rowsOfTrack] = [4096, 8];
const pageOfRuns = 2_000;
/** Rows that are read at a time. */
const rowsAtOnce = 128;

type Segment = { row: number; segment: number; level: number };

/**
 * Takes a sample of an encoder's index; silent segments are left out, and those that are far from all others.
 * @param pause waited for between two steps
 * @returns null when the index was replaced meanwhile
 */
export async function sampleTracks(
  store: Store,
  { index, timing, pause }: { index: ActivationIndexInfo; timing: SegmentTiming; pause: () => Promise<void> },
): Promise<PlacedSample | null> {
  const runs = await chosenRuns(store, index, pause);
  const most = Math.max(rowsOfTrack, Math.floor(aboutRows / Math.max(1, runs.length)));
  const tracks: { trackId: TrackId; segments: Segment[] }[] = [];
  for (const run of runs) {
    await pause();
    const segments = soundingSegments(store, run, { timing, most });
    if (segments.length > 0) tracks.push({ trackId: run.trackId, segments });
  }
  const rows = tracks.flatMap(({ segments }) => segments);
  const values = await readRows(store, index.encoderId, { rows, pause, dimensions: index.dimensions });
  if (store.index.current(index.encoderId)?.id !== index.id) return null;
  return withoutOutliers({ tracks, values, dimensions: index.dimensions });
}

/** Tracks spread evenly over the index, by their numbers. */
async function chosenRuns(store: Store, { id }: ActivationIndexInfo, pause: () => Promise<void>): Promise<LiveRun[]> {
  const runs: LiveRun[] = [];
  for (let page: LiveRun[] | null = null; page === null || page.length === pageOfRuns;) {
    await pause();
    page = store.index.liveRuns(id, { after: page?.at(-1)?.trackId ?? 0, limit: pageOfRuns });
    runs.push(...page);
  }
  return evenly(runs.length, mostTracks).map((at) => runs[at] as LiveRun);
}

function soundingSegments(
  { peaks }: Store,
  { trackId, firstRow, segments }: LiveRun,
  { timing, most }: { timing: SegmentTiming; most: number },
): Segment[] {
  const waveform = peaks.get(trackId);
  return evenly(segments, most).flatMap((segment) => {
    if (waveform === null) return { row: firstRow + segment, segment, level: 0 };
    const level = segmentLevel(waveform, segment, timing);
    return level === null ? [] : { row: firstRow + segment, segment, level };
  });
}

async function readRows(
  store: Store,
  encoderId: EncoderId,
  { rows, pause, dimensions }: { rows: readonly Segment[]; pause: () => Promise<void>; dimensions: number },
): Promise<Float32Array> {
  const values = new Float32Array(rows.length * dimensions);
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await pause();
    const part = rows.slice(from, from + rowsAtOnce).map(({ row }) => row);
    values.set(store.index.embeddingsAt(encoderId, part), from * dimensions);
  }
  return values;
}

function withoutOutliers({
  tracks,
  values,
  dimensions,
}: {
  tracks: readonly { trackId: TrackId; segments: readonly Segment[] }[];
  values: Float32Array;
  dimensions: number;
}): PlacedSample {
  const vectorAt = (row: number): Float32Array => values.subarray(row * dimensions, (row + 1) * dimensions);
  const isPlausible = plausibleRows(values.length / dimensions, dimensions, vectorAt);
  const kept = new Float32Array(values.length);
  const sample = { trackIds: [] as TrackId[], places: [] as PlacedSample['places'], starts: [0], levels: [] as number[] };
  let [at, count] = [0, 0];
  for (const { trackId, segments } of tracks) {
    const own = segments.filter((_, i) => isPlausible[at + i] === 1);
    for (const [i, { row, segment }] of segments.entries()) {
      if (isPlausible[at + i] !== 1) continue;
      kept.set(vectorAt(at + i), count++ * dimensions);
      sample.places.push({ row, segment });
    }
    at += segments.length;
    if (own.length === 0) continue;
    sample.trackIds.push(trackId);
    sample.levels.push(own.reduce((sum, { level }) => sum + level, 0) / own.length);
    sample.starts.push(count);
  }
  const { trackIds, places } = sample;
  return {
    ...{ values: kept.subarray(0, count * dimensions), dimensions, trackIds, places },
    ...{ starts: Int32Array.from(sample.starts), levels: Float64Array.from(sample.levels) },
  };
}
