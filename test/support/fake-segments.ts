/** @file Synthetic segments with 512 features each, computed when asked for; a million of them take no memory until a column is sorted. */
import { toBase64, waveformBars } from '../../src-main/contract/index.ts';
import type {
  FeatureProfile,
  FeatureSummary,
  Peaks,
  SegmentPage,
  SegmentQuery,
  SegmentRow,
  Track,
  TrackId,
} from '../../src-main/contract/index.ts';
import { AppError } from '../../src-main/base/index.ts';
import { noise, trackMatches } from './fake-tracks.ts';

/** Features of the synthetic encoder. */
export const fakeDimensions = 512;
const segmentMs = (59_049 / 22_050) * 1000;
const peaksPerSecond = 20;

/** One feature's value on a segment: most are small or zero, a few tracks answer strongly, and it drifts along a track. */
export function fakeActivation(track: number, segment: number, feature: number): number {
  const taste = noise(track, feature + 7) ** 4 * 3;
  const drift = Math.sin(segment * (0.2 + noise(feature, 3)) + noise(track, feature) * 6) * 0.5;
  const value = taste + drift + noise(track * 4099 + segment, feature) * 0.4 - 0.45;
  return value > 0 ? value : 0;
}

/** The segments of a list of tracks. */
export class FakeSegments {
  readonly #tracks: readonly Track[];
  /** First row of each track, and the number of rows at the end. */
  readonly #starts: Uint32Array;
  readonly #orders = new Map<string, Uint32Array>();

  constructor(tracks: readonly Track[]) {
    this.#tracks = tracks;
    this.#starts = new Uint32Array(tracks.length + 1);
    tracks.forEach((track, i) => {
      const count = track.state === 'failed' ? 0 : Math.floor(track.durationMs / segmentMs);
      this.#starts[i + 1] = (this.#starts[i] ?? 0) + count;
    });
  }

  /** How many segments there are. */
  get count(): number {
    return this.#starts.at(-1) ?? 0;
  }

  /** A page of rows with the wanted features' values. */
  page(query: SegmentQuery): SegmentPage {
    const bad = [...query.features, ...query.sort.map((key) => key.feature)].find((feature) => feature >= fakeDimensions);
    if (bad !== undefined)
      throw new AppError('BAD_INPUT', `Feature ${bad} does not exist: this encoder has features 0 to ${fakeDimensions - 1}.`);
    const order = this.#order(query);
    const rows = order.subarray(query.offset, query.offset + query.limit);
    const values = new Float32Array(rows.length * query.features.length);
    const waveforms = new Uint8Array(rows.length * waveformBars);
    const described = Array.from(rows, (row, i) => {
      const { track, segment } = this.#locate(row);
      query.features.forEach((feature, j) => (values[i * query.features.length + j] = fakeActivation(track, segment, feature)));
      for (let bar = 0; bar < waveformBars; bar++)
        waveforms[i * waveformBars + bar] = 30 + Math.floor(noise(row, bar) * noise(row >> 2, bar >> 1) * 225);
      return this.#row(row, track, segment);
    });
    return { total: order.length, rows: described, values: toBase64(new Uint8Array(values.buffer)), waveforms: toBase64(waveforms) };
  }

  /** The range of every feature, from a sample of the rows. */
  summary(): FeatureSummary {
    const minima = new Float32Array(fakeDimensions);
    const maxima = new Float32Array(fakeDimensions);
    const means = new Float32Array(fakeDimensions);
    const stride = Math.max(1, Math.floor(this.count / 2000));
    const taken = Math.max(1, Math.ceil(this.count / stride));
    for (let row = 0; row < this.count; row += stride) {
      const { track, segment } = this.#locate(row);
      for (let feature = 0; feature < fakeDimensions; feature++) {
        const value = fakeActivation(track, segment, feature);
        maxima[feature] = Math.max(maxima[feature] ?? 0, value);
        means[feature] = (means[feature] ?? 0) + value / taken;
      }
    }
    const bytes = (numbers: Float32Array): string => toBase64(new Uint8Array(numbers.buffer as ArrayBuffer));
    return { dimensions: fakeDimensions, segments: this.count, minima: bytes(minima), maxima: bytes(maxima), means: bytes(means) };
  }

  /** Segments on which a feature is at least so large, as passages. */
  above(feature: number, atLeast: number): { trackId: TrackId; startMs: number; endMs: number }[] {
    return this.#tracks.flatMap((track, i) => {
      const count = (this.#starts[i + 1] ?? 0) - (this.#starts[i] ?? 0);
      return Array.from({ length: count }, (_, segment) => segment)
        .filter((segment) => fakeActivation(i, segment, feature) >= atLeast)
        .map((segment) => ({ trackId: track.id, startMs: segment * segmentMs, endMs: (segment + 1) * segmentMs }));
    });
  }

  /** One feature over a track's time. */
  profile(trackId: TrackId, feature: number): FeatureProfile {
    const track = trackId - 1;
    const count = (this.#starts[track + 1] ?? 0) - (this.#starts[track] ?? 0);
    const values = Float32Array.from({ length: count }, (_, segment) => fakeActivation(track, segment, feature));
    return { hopMs: segmentMs, segmentMs, values: toBase64(new Uint8Array(values.buffer)) };
  }

  #locate(row: number): { track: number; segment: number } {
    let low = 0;
    let high = this.#tracks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return { track: low, segment: row - (this.#starts[low] ?? 0) };
  }

  #row(row: number, trackIndex: number, segment: number): SegmentRow {
    const track = this.#tracks[trackIndex];
    if (track === undefined) throw new AppError('NOT_FOUND', `There is no segment ${row}.`);
    const labels = [track.genre, track.year === null ? '' : String(track.year)].filter(Boolean);
    return {
      row,
      trackId: track.id,
      title: track.title,
      artist: track.artist,
      segment,
      startMs: segment * segmentMs,
      durationMs: segmentMs,
      labels,
    };
  }

  #order(query: SegmentQuery): Uint32Array {
    const key = JSON.stringify([query.sort, query.search, query.trackId]);
    const known = this.#orders.get(key);
    if (known !== undefined) return known;
    const order = this.#matching(query);
    if (query.sort.length > 0) {
      const columns = query.sort.map(({ feature, descending }) => ({ values: this.#column(feature), sign: descending ? -1 : 1 }));
      order.sort((a, b) => {
        for (const { values, sign } of columns) {
          const difference = (values[a] ?? 0) - (values[b] ?? 0);
          if (difference !== 0) return sign * difference;
        }
        return a - b;
      });
    }
    if (this.#orders.size > 8) this.#orders.clear();
    this.#orders.set(key, order);
    return order;
  }

  #matching(query: SegmentQuery): Uint32Array {
    const rows: number[] = [];
    this.#tracks.forEach((track, i) => {
      if (query.trackId !== undefined && track.id !== query.trackId) return;
      if (query.search !== '' && !trackMatches(track, query.search)) return;
      for (let row = this.#starts[i] ?? 0; row < (this.#starts[i + 1] ?? 0); row++) rows.push(row);
    });
    return Uint32Array.from(rows);
  }

  #column(feature: number): Float32Array {
    const values = new Float32Array(this.count);
    this.#tracks.forEach((_, track) => {
      const start = this.#starts[track] ?? 0;
      for (let row = start; row < (this.#starts[track + 1] ?? 0); row++) values[row] = fakeActivation(track, row - start, feature);
    });
    return values;
  }
}

/** A synthetic waveform: an envelope that rises, breathes and falls. */
export function fakePeaks(track: Track): Peaks {
  const count = Math.ceil((track.durationMs / 1000) * peaksPerSecond);
  const peaks = Uint8Array.from({ length: count }, (_, i) => {
    const ends = Math.min(1, i / 40, (count - i) / 60);
    const breath = 0.55 + 0.35 * Math.sin(i / 90 + track.id) * Math.sin(i / 23);
    return Math.floor(255 * ends * breath * (0.6 + 0.4 * noise(track.id, i)));
  });
  return { peaksPerSecond, durationMs: track.durationMs, peaks: toBase64(peaks) };
}
