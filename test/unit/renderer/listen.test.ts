/** @file The list of features, notes on them, and what is drawn of a track. */
import { describe, expect, it } from 'vitest';
import { SegmentTimes, toBase64 } from '../../../src-main/contract/index.ts';
import type { EncoderId, FeatureNote, FeatureProfile, Peaks, TrackId } from '../../../src-main/contract/index.ts';
import { allHardlyDiffer, heatLevel, heatLevels } from '../../../src-renderer/lib/heat.ts';
import type { SegmentItem } from '../../../src-renderer/lib/segment-blocks.ts';
import { readFeatureList, writeFeatureList } from '../../../src-renderer/lib/feature-list.ts';
import { shortenPeaks } from '../../../src-renderer/lib/peaks.ts';
import { waveformPath } from '../../../src-renderer/lib/waveform-path.ts';
import { whyNot } from '../../../src-renderer/player/decks.ts';
import { rangeOfValues } from '../../../src-renderer/player/track-shape.ts';
import { columnMaxima, heightOf } from '../../../src-renderer/plot/activation-curve.ts';
import { FeaturesState } from '../../../src-renderer/state/features.svelte.ts';
import type { FeaturesApi } from '../../../src-renderer/state/features.svelte.ts';
import { TrackShapeState } from '../../../src-renderer/state/track-shape.svelte.ts';
import { featureColumns } from '../../../src-renderer/view/listen/columns.ts';
import { columnRules } from '../../../src-renderer/ui/grid/column-sheet.ts';
import { layOutColumns } from '../../../src-renderer/ui/grid/layout.ts';

const floats = (...values: number[]): string => toBase64(new Uint8Array(Float32Array.of(...values).buffer));
const encoderId = 1 as EncoderId;

describe('the list of features', () => {
  it('is read with numbers, ranges, any separator and the word all', () => {
    expect(readFeatureList('51, 61, 100-103', 512).features).toEqual([51, 61, 100, 101, 102, 103]);
    expect(readFeatureList(' 7 3;5 ', 512).features).toEqual([7, 3, 5]);
    expect(readFeatureList('100 – 102', 512).features).toEqual([100, 101, 102]);
    expect(readFeatureList('9-7', 512).features).toEqual([9, 8, 7]);
    expect(readFeatureList('3, 1-4, 3', 512).features).toEqual([3, 1, 2, 4]);
    expect(readFeatureList('ALL', 4).features).toEqual([0, 1, 2, 3]);
    expect(readFeatureList('', 512).features).toEqual([]);
    expect(readFeatureList('0-511', 512).features).toHaveLength(512);
  });

  it('says what is wrong with it', () => {
    expect(readFeatureList('51, 512', 512).problem).toBe('There is no neuron 512: this encoder has neurons 0 to 511.');
    expect(readFeatureList('500-600', 512).problem).toContain('There is no neuron 600');
    expect(readFeatureList('51, guitars', 512).problem).toContain('“guitars” is no neuron’s number');
    expect(readFeatureList('12-', 512).problem).toContain('“12-”');
    expect(readFeatureList('-3', 512).problem).toBeDefined();
    expect(readFeatureList('1.5', 512).problem).toBeDefined();
    expect(readFeatureList('0-999999999', 512).problem).toContain('999999999');
  });

  it('is written so that it is read as the same list', () => {
    for (const features of [[], [51], [51, 61, 100, 101, 102], [3, 2, 1], [0, 1], [7, 8, 9, 3]]) {
      expect(readFeatureList(writeFeatureList(features, 512), 512).features).toEqual(features);
    }
    expect(writeFeatureList([51, 61, 100, 101, 102], 512)).toBe('51, 61, 100-102');
    expect(writeFeatureList([0, 1, 2, 3], 4)).toBe('all');
  });
});

describe('notes on features', () => {
  function made(): { state: FeaturesState; written: FeatureNote[]; undo: (() => void | Promise<void>)[]; refuse: { next: boolean } } {
    const written: FeatureNote[] = [];
    const refuse = { next: false };
    const undo: (() => void | Promise<void>)[] = [];
    const api: FeaturesApi = {
      summary: () =>
        Promise.resolve({ dimensions: 3, segments: 9, minima: floats(0, -1, 0), maxima: floats(2, 4, 3), means: floats(1, 1, 1) }),
      notes: () => Promise.resolve([{ feature: 2, text: 'strings' }]),
      setNote: ({ feature, text }) => {
        if (refuse.next) return Promise.reject(new Error('disk full'));
        written.push({ feature, text });
        return Promise.resolve();
      },
    };
    return { state: new FeaturesState(api, { did: (_, revert) => undo.push(revert) }), written, undo, refuse };
  }

  it('come with the encoder, together with the ranges of its features', async () => {
    const { state } = made();
    await state.load(encoderId);
    expect(state.note(2)).toBe('strings');
    expect(state.noted).toEqual([2]);
    expect(state.ranges).toMatchObject({ dimensions: 3, all: { least: -1, most: 4 } });
    expect(state.range(1)).toEqual({ least: -1, most: 4 });
    expect(state.range(3)).toBeNull();
  });

  it('are written trimmed, only when they change, and taken back by undo', async () => {
    const { state, written, undo } = made();
    await state.load(encoderId);
    await state.write(2, ' strings ');
    expect(written).toEqual([]);
    await state.write(1, ' loud, distorted guitars ');
    expect(state.note(1)).toBe('loud, distorted guitars');
    await undo[0]?.();
    expect(state.note(1)).toBe('');
    expect(written).toEqual([
      { feature: 1, text: 'loud, distorted guitars' },
      { feature: 1, text: '' },
    ]);
  });

  it('go back to what they were when the core refuses them', async () => {
    const { state, refuse, undo } = made();
    await state.load(encoderId);
    refuse.next = true;
    await expect(state.write(2, 'brass')).rejects.toThrow('disk full');
    expect(state.note(2)).toBe('strings');
    expect(undo).toEqual([]);
  });

  it('of another encoder are not heard', async () => {
    const { state } = made();
    await state.load(encoderId);
    state.heard({ encoderId: 9 as EncoderId, feature: 0, text: 'x' });
    state.heard({ encoderId, feature: 0, text: 'y' });
    expect(state.note(0)).toBe('y');
  });
});

describe('the columns of features', () => {
  // Feature 0 varies in its fifth digit only, 1 is rectified, 2 is the same everywhere, 3 falls below zero.
  const minima = Float32Array.of(0.607, 0, 0.5, -4);
  const maxima = Float32Array.of(0.60705, 2, 0.5, 4);
  const ranges = { dimensions: 4, segments: 9, minima, maxima, means: maxima, all: { least: -4, most: 4 } };
  const row = {} as SegmentItem;

  function shown(feature: number, value: number, isOneScale = false): { text: string | undefined; heat: number | undefined } {
    const made = { features: [0, 1, 2, 3], widths: {}, ranges, isOneScale, note: () => '', labels: null, value: () => value };
    const column = featureColumns(made)[feature];
    return { text: column?.text(row, 0), heat: column?.heat?.(row, 0) };
  }

  it('write as many digits as tell the values of the column apart', () => {
    expect(shown(0, 0.6070312).text).toBe('0.6070312');
    expect(shown(1, 1.23456).text).toBe('1.23');
    expect(shown(2, 0.5).text).toBe('0.50');
    expect(shown(3, -3.14159).text).toBe('−3.14');
  });

  it('are wide enough for their numbers', () => {
    const widths = featureColumns({
      features: [0, 1],
      widths: {},
      ranges,
      isOneScale: false,
      note: () => '',
      labels: null,
      value: () => 0,
    });
    expect(widths.map((column) => column.widthPx)).toEqual([87, 76]);
  });

  it('are coloured from their least value to their largest', () => {
    expect(shown(0, Math.fround(0.607)).heat).toBe(0);
    expect(shown(0, 0.60705).heat).toBeLessThan(heatLevels / 8);
    expect(shown(1, 0).heat).toBe(0);
    expect(shown(3, 0).heat).toBe(heatLevels / 2);
  });

  it('show no colour where all values are the same', () => {
    expect(shown(2, 0.5).heat).toBe(0);
  });

  it('are coloured from the least value of all to the largest of all on one scale', () => {
    expect(shown(1, 0, true).heat).toBe(heatLevels / 2);
    expect(shown(1, 2, true).heat).toBe(heatLevels * 0.75);
    expect(shown(3, -4, true).heat).toBe(0);
    expect(shown(0, 0.6070312, true).text).toBe('0.6070312');
  });

  it('show numbers without colour until the ranges are known', () => {
    const [column] = featureColumns({
      features: [1],
      widths: {},
      ranges: null,
      isOneScale: true,
      note: () => '',
      labels: null,
      value: () => 1.5,
    });
    expect(column?.text(row, 0)).toBe('1.50');
    expect(column?.heat?.(row, 0)).toBe(0);
  });
});

describe('what is drawn of a track', () => {
  it('spans the feature’s values from the least to the largest', () => {
    const range = { least: 0.607, most: 0.609 };
    expect([0.6, 0.607, 0.608, 0.609, 0.7].map((value) => heightOf(value, range))).toEqual([0, 0, expect.closeTo(0.5, 9), 1, 1]);
    expect(heightOf(3, { least: 3, most: 3 })).toBe(0);
    expect(rangeOfValues(Float32Array.of(2, -1, 0.5))).toEqual({ least: -1, most: 2 });
    expect(rangeOfValues(new Float32Array())).toEqual({ least: 0, most: 0 });
  });

  it('colours values that hardly differ hardly at all, and says so', () => {
    const flat = { minima: [0.6, 0.607], maxima: [0.6000007, 0.60705] };
    expect(heatLevel(0.6000007, 0.6, 0.6000007)).toBe(0);
    expect(heatLevel(0.60705, 0.607, 0.60705)).toBeLessThan(heatLevels / 8);
    expect(heatLevel(0.609, 0.607, 0.609)).toBe(heatLevels);
    expect(heatLevel(0.9, 0.6, 0.9)).toBe(heatLevels);
    expect(heightOf(0.6000007, { least: 0.6, most: 0.6000007 })).toBeLessThan(0.2);
    expect([allHardlyDiffer(flat, [0, 1]), allHardlyDiffer(null, [0]), allHardlyDiffer(flat, [])]).toEqual([true, false, false]);
    expect(allHardlyDiffer({ minima: [0.6, 0], maxima: [0.6000007, 3] }, [0, 1])).toBe(false);
  });

  it('shortens peaks by the largest of every stretch', () => {
    expect([...shortenPeaks(Uint8Array.of(0, 255, 51, 0, 0, 102), 3)].map((value) => value.toFixed(1))).toEqual(['1.0', '0.2', '0.4']);
    expect(shortenPeaks(Uint8Array.of(255), 4096)).toHaveLength(1);
    const tenHours = shortenPeaks(new Uint8Array(1_800_000).fill(1, 900_000, 900_001), 4096);
    expect(tenHours).toHaveLength(4096);
    expect(tenHours.filter((value) => value > 0)).toHaveLength(1);
  });

  it('finds the largest activation under every pixel, and none after the last segment', () => {
    const times = new SegmentTimes({ hopMs: 1000, segmentMs: 1000 }, 3);
    const curve = { values: Float32Array.of(1, 3, 2), times, durationMs: 4000, least: 0, most: 3 };
    expect([...columnMaxima(curve, 4)]).toEqual([1, 3, 2, Number.NaN]);
    expect([...columnMaxima(curve, 2)]).toEqual([3, 2]);
    expect([...columnMaxima(curve, 8)]).toEqual([1, 1, 3, 3, 2, 2, Number.NaN, Number.NaN]);
    expect([...columnMaxima({ ...curve, durationMs: 0 }, 2)]).toEqual([Number.NaN, Number.NaN]);
  });

  it('draws the last of overlapping segments to its end, and nothing where there is no segment', () => {
    const values = Float32Array.of(1, 3, 2);
    const drawn = (hopMs: number): number[] => {
      const curve = { values, times: new SegmentTimes({ hopMs, segmentMs: 1000 }, 3), durationMs: 5000, least: 0, most: 3 };
      return [...columnMaxima(curve, 10)];
    };
    const none = Number.NaN;
    expect(drawn(500)).toEqual([1, 3, 2, 2, none, none, none, none, none, none]);
    expect(drawn(1500)).toEqual([1, 1, none, 3, 3, none, 2, 2, none, none]);
  });

  it('draws a bar for every value of a small waveform, within its box', () => {
    const path = waveformPath(Uint8Array.of(0, 255), 10, 20);
    expect(path).toBe('M2.5 9.5V10.5M7.5 0V20');
  });

  it('says in words why a file cannot be played', () => {
    expect(whyNot({ code: 4, message: '' })).toContain('its file is gone, or its format');
    expect(whyNot({ code: 3, message: '' })).toContain('damaged');
    expect(whyNot(null)).toBe('This track cannot be played.');
  });

  it('places every column of the table by one rule', () => {
    expect(columnRules('c', layOutColumns([100, 50]), layOutColumns([70]))).toBe(
      '.c-0{left:0px;width:100px}.c-1{left:100px;width:50px}.c-2{left:0px;width:70px}',
    );
  });

  it('drops the waveform and the profile of a track that is no longer played', async () => {
    const first = Promise.withResolvers<Peaks>();
    const peaks = (trackId: number): Peaks => ({ peaksPerSecond: 20, durationMs: trackId * 1000, peaks: toBase64(Uint8Array.of(1, 2)) });
    const profile: FeatureProfile = { hopMs: 1000, segmentMs: 1000, values: floats(1, 2) };
    const state = new TrackShapeState({
      library: { peaks: ({ trackId }) => (trackId === 1 ? first.promise : Promise.resolve(peaks(trackId))) },
      listen: { profile: ({ feature }) => (feature === 7 ? Promise.reject(new Error('none')) : Promise.resolve(profile)) },
    });
    const slow = state.showTrack(1 as TrackId);
    await state.showTrack(2 as TrackId);
    first.resolve(peaks(1));
    await slow;
    expect(state.shape?.trackId).toBe(2);
    await state.showFeature({ encoderId, trackId: 2 as TrackId, feature: 5 });
    expect([...(state.profile?.values ?? [])]).toEqual([1, 2]);
    await state.showFeature({ encoderId, trackId: 2 as TrackId, feature: 7 });
    expect(state.profile).toBeNull();
  });
});
