/** @file Pre-training runs in the store: curves that stay small, checkpoints, and what a later process finds. */
import { describe, expect, it } from 'vitest';
import { pretraining } from '../../src-main/contract/index.ts';
import type { Store, StoredRun } from '../../src-main/store/index.ts';
import { newRun, smallEncoder, temporaryDirectory, temporaryStore, trackFile } from '../support/store-data.ts';

const health: pretraining.Health = {
  ...{
    deviationLeast: 0.1,
    deviationMean: 0.2,
    rank: 40,
    dimensions: 128,
    positives: [0, 1],
    negatives: [1, 0],
  },
  ...{ positive: 0.8, negative: 0.1, verdict: 'healthy', says: 'Well.' },
};
const checkpoint = {
  loss: 0.5,
  rank: 40,
  bytes: 10,
  isBest: false,
  activeSeconds: 3,
};

function point(step: number): pretraining.RunPoint {
  const parts = { attraction: step, repulsion: -step };
  return {
    step,
    epoch: step / 10,
    loss: 1 / step,
    parts,
    learningRate: 1e-3,
    gradientNorm: 2,
    clipsPerSecond: 20,
    stepsPerSecond: 0.5,
  };
}

function addPoints(store: Store, { id }: StoredRun, from: number, to: number): void {
  const points = Array.from({ length: to - from + 1 }, (_, i) => ({
    point: point(from + i),
    activeSeconds: 2 * (from + i),
  }));
  store.transaction(() => store.runPoints.add(id, points));
}

describe('a run', () => {
  it('of an earlier version has the settings that were not there yet', () => {
    const store = temporaryStore();
    const now = pretraining.recipeDefaults.clmr;
    const { memoryMegabytes: _, ...earlier } = structuredClone(now);
    const [filter, reverb]: [Partial<typeof now.augmentation.filter>, Partial<typeof now.augmentation.reverb>] = [
      earlier.augmentation.filter,
      earlier.augmentation.reverb,
    ];
    delete filter.slope;
    delete reverb.stereoDepth;
    // What is new has the value that gives what was computed then, which need not be the usual one.
    const { augmentation } = now;
    const then = {
      filter: { ...augmentation.filter, slope: 'steep' },
      reverb: { ...augmentation.reverb, stereoDepth: 0 },
    };
    const known = {
      ...now,
      memoryMegabytes: null,
      augmentation: { ...augmentation, ...then },
    };
    const { id } = store.runs.add({
      ...newRun,
      settings: earlier as pretraining.PretrainSettings,
    });
    expect(store.runs.get(id).settings).toEqual(known);
    expect(store.runs.list().map(({ settings }) => settings)).toEqual([known]);
    const later = {
      ...earlier,
      recipe: 'of a later one',
    } as unknown as pretraining.PretrainSettings;
    expect(store.runs.update(id, { settings: later }).settings).toEqual(later);
  });

  it('is found by a later process as it was left', () => {
    const directory = temporaryDirectory();
    const first = temporaryStore(directory);
    const run = first.runs.add(newRun);
    expect(run).toMatchObject({
      ...newRun,
      state: 'waiting',
      step: 0,
      totalSteps: null,
      last: null,
      health: null,
      checkpoints: [],
      jobId: null,
    });
    first.runs.update(run.id, {
      state: 'done',
      step: 7,
      totalSteps: 7,
      last: point(7),
      message: 'Finished.',
      endedAt: 5,
    });
    first.runPoints.addHealth(run.id, 5, health);
    first.checkpoints.add(run.id, { ...checkpoint, step: 7 });
    first.close();
    const found = temporaryStore(directory).runs.get(run.id);
    expect(found).toMatchObject({
      state: 'done',
      step: 7,
      last: point(7),
      health,
      message: 'Finished.',
      endedAt: 5,
    });
    expect(found.checkpoints).toMatchObject([
      {
        step: 7,
        loss: 0.5,
        rank: 40,
        bytes: 10,
        isBest: false,
        isLast: true,
        encoderId: null,
      },
    ]);
  });

  it('that ran when the process died is interrupted afterwards; one that had ended stays as it was', () => {
    const directory = temporaryDirectory();
    const first = temporaryStore(directory);
    const states = ['waiting', 'running', 'paused', 'done', 'stopped', 'failed'] as const;
    for (const state of states) first.runs.update(first.runs.add(newRun).id, { state, message: state });
    first.close();
    const runs = temporaryStore(directory).runs.list().toReversed();
    expect(runs.map(({ state }) => state)).toEqual(['interrupted', 'interrupted', 'interrupted', 'done', 'stopped', 'failed']);
    expect(runs[1]?.message).toMatch(/Resume/);
    expect(runs[1]?.endedAt).toBeGreaterThan(0);
    expect(runs[3]?.message).toBe('done');
  });

  it('leaves the list when it is removed, comes back, and is gone with all its points once deleted', () => {
    const store = temporaryStore();
    const { runs } = store;
    const [one, two] = [runs.add(newRun), runs.add({ ...newRun, name: 'Second' })];
    expect(runs.list().map(({ id }) => id)).toEqual([two.id, one.id]);
    runs.remove(one.id);
    expect(runs.list().map(({ id }) => id)).toEqual([two.id]);
    expect(runs.get(one.id).removedAt).toBeGreaterThan(0);
    expect([runs.removedBefore(Date.now() + 1), runs.removedBefore(1)]).toEqual([[one.id], []]);
    runs.restore(one.id);
    expect(runs.list()).toHaveLength(2);
    addPoints(store, one, 1, 3);
    store.checkpoints.add(one.id, { ...checkpoint, step: 3 });
    runs.delete(one.id);
    expect(runs.has(one.id)).toBe(false);
    expect(() => runs.get(one.id)).toThrow(/no run with the number/);
    expect(store.runPoints.curves(one.id, 10).step).toEqual([]);
    expect(store.checkpoints.list(one.id)).toEqual([]);
    expect(runs.add(newRun).id).toBeGreaterThan(two.id);
  });

  it('names its job as long as that is remembered', () => {
    const { runs, jobs } = temporaryStore();
    const progress = {
      done: 0,
      total: null,
      unit: '',
      audioSeconds: 0,
      rate: 0,
      secondsLeft: null,
      detail: '',
      failed: 0,
    };
    const job = jobs.insert({
      kind: 'pretrain',
      title: 'Run',
      state: 'done',
      params: null,
      progress,
    });
    const run = runs.add(newRun);
    runs.update(run.id, { jobId: job.id });
    expect(runs.get(run.id).jobId).toBe(job.id);
    runs.update(run.id, { jobId: 99 as never });
    expect(runs.get(run.id).jobId).toBeNull();
  });
});

describe("a run's curves", () => {
  it('have a value for every step and every part', () => {
    const store = temporaryStore();
    const run = store.runs.add(newRun);
    addPoints(store, run, 1, 5);
    store.runPoints.addHealth(run.id, 3, health);
    expect(store.runPoints.curves(run.id, 100)).toEqual({
      ...{
        step: [1, 2, 3, 4, 5],
        epoch: [0.1, 0.2, 0.3, 0.4, 0.5],
        seconds: [2, 4, 6, 8, 10],
        loss: [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5],
      },
      ...{
        learningRate: Array(5).fill(1e-3),
        gradientNorm: Array(5).fill(2),
        clipsPerSecond: Array(5).fill(20),
      },
      parts: { attraction: [1, 2, 3, 4, 5], repulsion: [-1, -2, -3, -4, -5] },
      ...{
        healthStep: [3],
        rank: [40],
        deviationMean: [0.2],
        positive: [0.8],
        negative: [0.1],
      },
      ...{ heldOutStep: [], heldOutLoss: [], heldOutScore: [] },
    });
  });

  it('are thinned evenly to what was asked for, with the first and the last step', () => {
    const store = temporaryStore();
    const run = store.runs.add(newRun);
    addPoints(store, run, 1, 1000);
    const { step, loss } = store.runPoints.curves(run.id, 11);
    expect([step.length, step[0], step.at(-1)]).toEqual([11, 1, 1000]);
    const gaps = step.slice(1).map((value, i) => value - (step[i] ?? 0));
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
    expect(loss).toEqual(step.map((value) => 1 / value));
    expect(store.runPoints.curves(run.id, 2).step).toEqual([1, 1000]);
  });

  it('stay within a hundred thousand points however long the run is, at even steps', () => {
    const store = temporaryStore();
    const run = store.runs.add(newRun);
    addPoints(store, run, 1, 100_000);
    expect(store.runPoints.curves(run.id, 100_000).step).toHaveLength(100_000);
    addPoints(store, run, 100_001, 100_010);
    const { step } = store.runPoints.curves(run.id, 100_000);
    expect(step.slice(0, 4)).toEqual([1, 2, 4, 6]);
    expect([step.length, step.at(-1)]).toEqual([50_006, 100_010]);
    addPoints(store, run, 100_011, 100_013);
    expect(store.runPoints.curves(run.id, 100_000).step.at(-1)).toBe(100_012);
  });

  it('lose what lies beyond a step when the run goes on from there', () => {
    const store = temporaryStore();
    const run = store.runs.add(newRun);
    const other = store.runs.add(newRun);
    for (const one of [run, other]) {
      addPoints(store, one, 1, 9);
      for (const step of [3, 6, 9]) store.runPoints.addHealth(one.id, step, { ...health, rank: step });
      for (const step of [4, 8]) store.checkpoints.add(one.id, { ...checkpoint, step });
    }
    store.runPoints.deleteAfter(run.id, 6);
    store.checkpoints.deleteAfter(run.id, 6);
    expect(store.runPoints.curves(run.id, 100)).toMatchObject({
      step: [1, 2, 3, 4, 5, 6],
      healthStep: [3, 6],
    });
    expect(store.runPoints.last(run.id)).toEqual(point(6));
    expect(store.runs.get(run.id).health?.rank).toBe(6);
    expect(store.checkpoints.list(run.id).map(({ step }) => step)).toEqual([4]);
    expect(store.runPoints.curves(other.id, 100).step).toHaveLength(9);
    expect(store.checkpoints.list(other.id)).toHaveLength(2);
  });
});

describe('checkpoints', () => {
  it('have one best and one last, and name the encoder that one became', () => {
    const { runs, checkpoints, encoders } = temporaryStore();
    const { id } = runs.add(newRun);
    const encoder = encoders.add(smallEncoder(4));
    checkpoints.add(id, { ...checkpoint, step: 10, isBest: true });
    checkpoints.add(id, { ...checkpoint, step: 20, isBest: true });
    checkpoints.add(id, { ...checkpoint, step: 30 });
    checkpoints.setEncoder(id, 20, encoder.id);
    expect(checkpoints.list(id).map(({ step, isBest, isLast, encoderId }) => [step, isBest, isLast, encoderId])).toEqual([
      [10, false, false, null],
      [20, true, false, encoder.id],
      [30, false, true, null],
    ]);
    encoders.setRun(encoder.id, { id, step: 20 });
    // Where two runs gave the same weights, the first counts.
    expect(encoders.setRun(encoder.id, { id: runs.add(newRun).id, step: 5 }).run).toEqual({ id, step: 20 });
    checkpoints.delete(id, 30);
    expect(checkpoints.get(id, 20)).toMatchObject({
      isLast: true,
      activeSeconds: 3,
    });
    expect(() => checkpoints.get(id, 30)).toThrow(/no checkpoint of step 30.*step 10, 20/);
  });
});

describe('tracks to learn from', () => {
  it('are those whose file is there, of one folder, or those named', () => {
    const { tracks, folders } = temporaryStore();
    const store = { tracks, folders } as Store;
    const jazz = folders.add('/jazz').id;
    const ids = ['a', 'b', 'c'].map((name) => tracks.upsert(trackFile(store, name)).id);
    const inJazz = tracks.upsert(trackFile(store, 'd', { folderId: jazz, path: '/jazz/d.mp3' })).id;
    const numbers = (found: { trackId: number }[]): number[] => found.map(({ trackId }) => trackId);
    tracks.markMissing(ids.slice(1, 2));
    expect(numbers(tracks.audio())).toEqual([ids[0], ids[2], inJazz]);
    expect(tracks.audio({ folderId: jazz })).toEqual([
      {
        trackId: inJazz,
        path: '/jazz/d.mp3',
        audioHash: 'hash of d',
        durationMs: 60_000,
      },
    ]);
    expect(numbers(tracks.audio({ trackIds: [inJazz, ...ids.slice(1)] }))).toEqual([ids[2], inJazz]);
    folders.remove(jazz);
    expect(numbers(tracks.audio())).toEqual([ids[0], ids[2]]);
    expect(tracks.audio({ folderId: jazz })).toEqual([]);
  });
});
