/** @file A map: its geometry, its pixels, and what of it is opened, drawn, coloured and chosen. */
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../../src-main/contract/index.ts';
import type { EncoderId, Job, JobId, MapWish, MusicMap, TrackId } from '../../../src-main/contract/index.ts';
import { fitView, nearestPoint, nextPoint, pan, pixelOf, pointsWithin, zoom } from '../../../src-renderer/lib/map-view.ts';
import { drawScatter } from '../../../src-renderer/plot/index.ts';
import { InspectMapState } from '../../../src-renderer/state/inspect-map.svelte.ts';

/** A cross: left, right, above, below, and the middle. */
const places = Float32Array.of(-1, 0, 1, 0, 0, -1, 0, 1, 0, 0);
const size = { x: 248, y: 148 };
const view = fitView(places, size);

describe('the geometry of a map', () => {
  it('shows everything, within a margin', () => {
    expect(view).toEqual({ scale: 50, x: 124, y: 74 });
    expect(pixelOf(places, 1, view)).toEqual({ x: 174, y: 74 });
  });

  it('keeps what is under the pointer where it is while it zooms, within bounds', () => {
    const at = { x: 174, y: 74 };
    const nearer = zoom(view, { at, by: 3, whole: view });
    expect(pixelOf(places, 1, nearer)).toEqual(at);
    expect(nearer.scale).toBe(150);
    expect(zoom(view, { at, by: 1e9, whole: view }).scale).toBe(50 * 400);
    expect(zoom(view, { at, by: 1e-9, whole: view }).scale).toBe(25);
    expect(pixelOf(places, 4, pan(view, { x: 5, y: -4 }))).toEqual({ x: 129, y: 70 });
  });

  it('finds the nearest point within reach', () => {
    expect(nearestPoint(places, view, { at: { x: 170, y: 80 }, reach: 14 })).toBe(1);
    expect(nearestPoint(places, view, { at: { x: 170, y: 80 }, reach: 5 })).toBeNull();
  });

  it('goes from a point to the nearest in a direction, and stays where there is none', () => {
    expect(nextPoint(places, 0, { x: 1, y: 0 })).toBe(4);
    expect(nextPoint(places, 4, { x: 0, y: -1 })).toBe(2);
    expect(nextPoint(places, 4, { x: 0, y: 1 })).toBe(3);
    expect(nextPoint(places, 1, { x: 1, y: 0 })).toBeNull();
  });

  it('finds what lies within a line, also one with a dent', () => {
    const line = [
      { x: 60, y: 60 },
      { x: 190, y: 60 },
      { x: 190, y: 90 },
      { x: 124, y: 66 },
      { x: 60, y: 90 },
    ];
    expect(pointsWithin(places, view, line)).toEqual([0, 1]);
  });

  it('draws discs, later colours over earlier ones, and nothing outside', () => {
    const pixels = new Uint32Array(9 * 9);
    const at = Float32Array.of(4, 4, 4, 4, 40, 4);
    drawScatter(pixels, 9, {
      places: at,
      view: { scale: 1, x: 0, y: 0 },
      colours: Uint8Array.of(1, 0, 0),
      palette: Uint32Array.of(7, 9),
      radius: 1.5,
    });
    expect([...pixels].filter((pixel) => pixel === 9)).toHaveLength(9);
    expect([...pixels].filter((pixel) => pixel === 7)).toHaveLength(0);
    expect(pixels[4 * 9 + 4]).toBe(9);
  });
});

const encoderId = 3 as EncoderId;
const wish: MapWish = { encoderId, method: 'umap', level: 'tracks', tracks: null, perTrack: null };
const base64 = (array: Float32Array | Int32Array): string => toBase64(new Uint8Array(array.buffer));

function musicMap(changes: Partial<MusicMap> = {}): MusicMap {
  return {
    ...{ wish, drawnAt: 1, isOutdated: false, points: 2, outOf: 2, hopMs: 1000, segmentMs: 3000 },
    tracks: [7, 8].map((id) => ({ trackId: id as TrackId, title: `track ${id}`, artist: '' })),
    places: base64(Float32Array.of(0, 0, 1, 1)),
    owners: base64(Int32Array.of(0, 1)),
    segments: base64(Int32Array.of(-1, 5)),
    ...changes,
  };
}

function state(): { map: InspectMapState; asked: MapWish[]; drawn: MapWish[]; answers: (MusicMap | null)[] } {
  const [asked, drawn, answers] = [[] as MapWish[], [] as MapWish[], [] as (MusicMap | null)[]];
  const api = {
    map: (next: MapWish) => {
      asked.push(next);
      return Promise.resolve(answers.shift() ?? null);
    },
    drawMap: (next: MapWish) => {
      drawn.push(next);
      return Promise.resolve({ jobId: 1 as JobId });
    },
    mapGroups: () =>
      Promise.resolve({ groups: [{ name: 'dub', points: 1 }], others: 0, otherPoints: 1, groupOf: base64(Int32Array.of(0, -1)) }),
    mapValues: () => Promise.resolve({ least: 0, greatest: 2, values: base64(Float32Array.of(0, 2)) }),
  };
  return {
    map: new InspectMapState({ inspect: api } as unknown as ConstructorParameters<typeof InspectMapState>[0]),
    asked,
    drawn,
    answers,
  };
}

const mapJob = (subject: string, changes: Partial<Job>): { type: 'job.updated'; job: Job } => ({
  type: 'job.updated',
  job: { id: 1 as JobId, kind: 'map', subject, message: '', ...changes } as Job,
});

describe('the map that is looked at', () => {
  it('opens where it was drawn, and tells each point', async () => {
    const { map, answers } = state();
    answers.push(musicMap());
    await map.open(encoderId);
    expect(map.point(0)).toMatchObject({ trackId: 7, title: 'track 7', segment: null, startMs: 0 });
    expect(map.point(1)).toMatchObject({ trackId: 8, segment: 5, startMs: 5000, durationMs: 3000 });
    expect(map.point(null)).toBeNull();
    expect(map.colours).toMatchObject({ kind: 'groups', groups: [{ name: 'dub', points: 1 }], groupOf: Int32Array.of(0, -1) });
  });

  it('is drawn by a job, and opened at its end', async () => {
    const { map, asked, drawn, answers } = state();
    await map.open(encoderId);
    expect(map.map).toBeNull();
    await map.draw();
    expect(drawn).toEqual([wish]);
    map.hear(mapJob(JSON.stringify({ ...wish, level: 'segments' }), { state: 'done' }));
    expect(asked).toHaveLength(1);
    answers.push(musicMap());
    map.hear(mapJob(JSON.stringify(wish), { state: 'done' }));
    await expect.poll(() => map.map?.points).toBe(2);
  });

  it('says why it could not be drawn', async () => {
    const { map } = state();
    await map.open(encoderId);
    map.hear(mapJob(map.subject, { state: 'failed', message: 'Every point has the same numbers.' }));
    expect(map.error).toEqual(new Error('Every point has the same numbers.'));
  });

  it('says when music has changed, and keeps what is shown', async () => {
    const { map, answers } = state();
    answers.push(musicMap());
    await map.open(encoderId);
    expect(map.isOutdated).toBe(false);
    map.hear({ type: 'index.changed', encoderId: 4 as EncoderId });
    expect(map.isOutdated).toBe(false);
    map.hear({ type: 'index.changed', encoderId });
    expect([map.isOutdated, map.map?.points]).toEqual([true, 2]);
  });

  it('asks for ten tracks and sixty segments of each, coloured by track', async () => {
    const { map, asked } = state();
    await map.open(encoderId);
    await map.use({ method: 'tsne', show: 'ten' });
    expect(asked.at(-1)).toEqual({ encoderId, method: 'tsne', level: 'segments', tracks: 10, perTrack: 60 });
    expect(map.by).toBe('track');
  });

  it('is coloured by a neuron once one is named', async () => {
    const { map, answers } = state();
    answers.push(musicMap());
    await map.open(encoderId);
    await map.colourBy('neuron');
    expect(map.colours).toBeNull();
    await map.colourBy('neuron', 2);
    expect(map.colours).toMatchObject({ kind: 'values', least: 0, greatest: 2 });
  });
});
