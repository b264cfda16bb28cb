/** @file The tracks of an index that can be shown, as an inspecting thread wants them, and how loud some of their segments are. */
import type { SegmentTiming, TrackId } from '../../contract/index.ts';
import type { KnownLevels } from '../../inspect/index.ts';
import type { ActivationIndexInfo, Store } from '../../store/index.ts';
import { segmentLevel } from '../listening/segment-level.ts';

/** Tracks by their numbers, and where the segments of each lie; parallel. */
export type IndexedTracks = { trackIds: TrackId[]; firstRows: Int32Array; counts: Int32Array; segments: number };

const pageOfRuns = 2_000;
/** Waveforms of about so many tracks at most tell how loud segments are. */
const mostWaveforms = 1_000;

/** The tracks that an index holds. @param pause waited for between two steps */
export async function indexedTracks(store: Store, { id }: ActivationIndexInfo, pause: () => Promise<void>): Promise<IndexedTracks> {
  const [trackIds, firstRows, counts] = [[] as TrackId[], [] as number[], [] as number[]];
  for (let size = pageOfRuns; size === pageOfRuns;) {
    await pause();
    const page = store.index.liveRuns(id, { after: trackIds.at(-1) ?? 0, limit: pageOfRuns });
    size = page.length;
    for (const { trackId, firstRow, segments } of page) {
      trackIds.push(trackId);
      firstRows.push(firstRow);
      counts.push(segments);
    }
  }
  const segments = counts.reduce((sum, count) => sum + count, 0);
  return { trackIds, firstRows: Int32Array.from(firstRows), counts: Int32Array.from(counts), segments };
}

/** Of tracks of a library of that size, those tell how loud segments are whose number this divides: the same ones when more come, until there are twice as many. */
export function levelStep(tracks: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(tracks / mostWaveforms)));
}

/** Which tracks are asked: from that place on, those whose number `step` divides. */
type LevelWish = { from: number; step: number; timing: SegmentTiming; pause: () => Promise<void> };

/** How loud segments are, by their places from that track on; silent ones are left out. */
export async function knownLevels({ peaks }: Store, { trackIds, counts }: IndexedTracks, wish: LevelWish): Promise<KnownLevels> {
  const { from, step, timing, pause } = wish;
  const [places, levels] = [[] as number[], [] as number[]];
  let at = 0;
  for (let track = from; track < trackIds.length; track++) {
    const [trackId, count] = [trackIds[track] as TrackId, counts[track] as number];
    if (trackId % step === 0) {
      await pause();
      const waveform = peaks.get(trackId);
      for (let segment = 0; waveform !== null && segment < count; segment++) {
        const level = segmentLevel(waveform, segment, timing);
        if (level === null) continue;
        places.push(at + segment);
        levels.push(level);
      }
    }
    at += count;
  }
  return { places: Int32Array.from(places), levels: Float32Array.from(levels) };
}
