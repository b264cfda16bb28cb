/** @file The runs, their curves, estimates and pairs, on the fake core. */
import { describe, expect, it } from 'vitest';
import { pretraining } from '../../../src-main/contract/index.ts';
import type { AppEvent } from '../../../src-main/contract/index.ts';
import { createClient, createRouter, memoryPorts, servePort } from '../../../src-main/rpc/index.ts';
import { CurvesState } from '../../../src-renderer/state/curves.svelte.ts';
import { EstimateState } from '../../../src-renderer/state/estimate.svelte.ts';
import { ViewPairState } from '../../../src-renderer/state/view-pair.svelte.ts';
import type { ViewMedia } from '../../../src-renderer/state/view-pair.svelte.ts';
import { PretrainPlace } from '../../../src-renderer/state/pretrain-place.svelte.ts';
import { RunsState, bestCheckpoint } from '../../../src-renderer/state/runs.svelte.ts';
import { UndoState } from '../../../src-renderer/state/undo.svelte.ts';
import { createFakeCore } from '../../support/fake-core.ts';
import { waitFor } from '../../support/wait-for.ts';

function connected() {
  const core = createFakeCore({ runs: 'some' });
  const [own, other] = memoryPorts();
  servePort(
    createRouter(core.handlers, () => undefined),
    other,
  );
  const api = createClient(own);
  const fail = (error: unknown): never => {
    throw error;
  };
  const undo = new UndoState(fail, () => undefined);
  const [runs, curves] = [new RunsState(api, undo), new CurvesState(api, fail)];
  return { core, api, undo, runs, curves };
}

/** Hands the core's events to the states until `until` holds. */
async function follow({ api, runs, curves }: ReturnType<typeof connected>): Promise<() => void> {
  const abort = new AbortController();
  const events = await api.events.subscribe(undefined, { signal: abort.signal });
  const take = (event: AppEvent): void => {
    if (event.type === 'run.updated') runs.update(event.runId, event.run);
    if (event.type === 'run.stepped') {
      runs.step(event);
      curves.step(event);
    }
  };
  void (async () => {
    for await (const event of events) take(event);
  })().catch(() => undefined);
  return () => abort.abort();
}

const request = {
  settings: { ...pretraining.recipeDefaults.clmr, length: { unit: 'steps', amount: 40 } },
  selection: { kind: 'library' },
  device: 'auto',
} as const;

describe('a run', () => {
  it('goes from its start over a pause to its end, with a checkpoint that becomes one encoder', async () => {
    const all = connected();
    const { core, api, runs } = all;
    const stop = await follow(all);
    await runs.load();
    const before = runs.list?.length ?? 0;
    const runId = await runs.start(request);
    expect(runs.list).toHaveLength(before + 1);
    expect(runs.current?.id).toBe(runId);
    core.jobs.step(1);
    await waitFor(() => expect(runs.get(runId)).toMatchObject({ state: 'running', step: 8, totalSteps: 40 }));
    expect(runs.get(runId)?.last?.step).toBe(8);
    await runs.pause(runs.get(runId) ?? expect.fail());
    await waitFor(() => expect(runs.get(runId)?.state).toBe('paused'));
    core.jobs.step(1);
    await runs.resume(runs.get(runId) ?? expect.fail());
    await waitFor(() => expect(runs.get(runId)?.state).toBe('running'));
    for (let i = 0; i < 4; i++) core.jobs.step(1);
    await waitFor(() => expect(runs.get(runId)).toMatchObject({ state: 'done', step: 40 }));
    expect(runs.current).toBeNull();
    expect(bestCheckpoint(runs.get(runId) ?? expect.fail())).toMatchObject({ step: 40, encoderId: null });
    const encoderId = await runs.makeEncoder(runId, 40);
    expect(await runs.makeEncoder(runId, 40)).toBe(encoderId);
    expect((await api.encoders.list()).find(({ id }) => id === encoderId)?.source).toBe('trained');
    stop();
  });

  it('is stopped with a checkpoint, and goes on from there', async () => {
    const all = connected();
    const { core, runs } = all;
    const stop = await follow(all);
    await runs.load();
    const runId = await runs.start(request);
    core.jobs.step(2);
    await runs.stop(runs.get(runId) ?? expect.fail());
    await waitFor(() => expect(runs.get(runId)).toMatchObject({ state: 'stopped', step: 16 }));
    await runs.resume(runs.get(runId) ?? expect.fail(), { unit: 'steps', amount: 80 });
    core.jobs.step(1);
    await waitFor(() => expect(runs.get(runId)).toMatchObject({ state: 'running', step: 24, totalSteps: 80 }));
    stop();
  });

  it('is renamed and removed, and each is undone', async () => {
    const { runs, undo } = connected();
    await runs.load();
    const run = runs.list?.at(-1) ?? expect.fail();
    await runs.rename(run, 'Another name');
    expect(runs.get(run.id)?.name).toBe('Another name');
    await runs.remove(runs.get(run.id) ?? expect.fail());
    expect(runs.get(run.id)).toBeUndefined();
    await undo.undo();
    expect(runs.get(run.id)?.name).toBe('Another name');
    await undo.undo();
    expect(runs.get(run.id)?.name).toBe(run.name);
  });

  it('is the one that Pretrain opens with while it is under way', () => {
    const [first, second] = [4, 9] as unknown as [pretraining.RunId, pretraining.RunId];
    const opened = (list: { id: pretraining.RunId; isUnderWay: boolean }[]) => {
      const place = new PretrainPlace();
      place.begin(list);
      place.begin([]);
      return place.page;
    };
    expect(opened([])).toEqual({ page: 'new' });
    expect(opened([{ id: first, isUnderWay: false }])).toEqual({ page: 'runs' });
    expect(
      opened([
        { id: first, isUnderWay: false },
        { id: second, isUnderWay: true },
      ]),
    ).toEqual({ page: 'run', runId: second });
  });
});

describe('curves', () => {
  it('grow by the steps that come, and are then what the core gives anew', async () => {
    const all = connected();
    const { api, core, runs, curves } = all;
    const stop = await follow(all);
    await runs.load();
    const runId = await runs.start(request);
    await curves.load(runId);
    for (let i = 0; i < 10; i++) core.jobs.step(0.125);
    await waitFor(() => expect(curves.get(runId)?.step).toHaveLength(10));
    const grown = curves.get(runId);
    const fresh = await api.runs.curves({ runId, points: 1000 });
    expect(grown?.step).toEqual(fresh.step);
    expect(grown?.loss).toEqual(fresh.loss);
    expect(grown?.seconds.map((seconds) => seconds.toFixed(6))).toEqual(fresh.seconds.map((seconds) => seconds.toFixed(6)));
    expect(grown?.healthStep).toEqual(grown?.step);
    stop();
  });

  it('take a health once, where it was measured, though every step tells it', async () => {
    const { core, runs, curves } = connected();
    await runs.load();
    const runId = await runs.start(request);
    core.jobs.step(0.125);
    await curves.load(runId);
    const before = curves.get(runId)?.healthStep.length ?? 0;
    const point = { step: 20, epoch: 0, loss: 1, parts: {}, learningRate: 1, gradientNorm: 1, clipsPerSecond: 1, stepsPerSecond: 1 };
    const health: pretraining.Health = {
      ...{
        deviationLeast: 0.01,
        deviationMean: 0.03,
        rank: 70,
        dimensions: 512,
        positives: [1],
        negatives: [1],
        positive: 0.7,
        negative: 0.1,
      },
      ...{ verdict: 'healthy', says: '' },
    };
    const tell = (step: number, rank: number): void =>
      curves.step({ type: 'run.stepped', runId, point: { ...point, step }, health: { ...health, rank } });
    for (const [step, rank] of [
      [20, 70],
      [21, 70],
      [22, 70],
      [22, 80],
      [23, 80],
      [24, 90],
    ] as const)
      tell(step, rank);
    expect(curves.get(runId)?.healthStep.slice(before)).toEqual([20, 22, 24]);
    expect(curves.get(runId)?.rank.slice(before)).toEqual([70, 80, 90]);
  });

  it('are loaded again when a run goes back to a checkpoint', async () => {
    const { core, runs, curves } = connected();
    await runs.load();
    const runId = await runs.start(request);
    for (let i = 0; i < 8; i++) core.jobs.step(0.125);
    await curves.load(runId);
    const point = { step: 9, epoch: 0, loss: 1, parts: {}, learningRate: 1, gradientNorm: 1, clipsPerSecond: 1, stepsPerSecond: 1 };
    curves.step({ type: 'run.stepped', runId, health: null, point });
    expect(curves.get(runId)?.step.at(-1)).toBe(9);
    curves.step({ type: 'run.stepped', runId, health: null, point: { ...point, step: 5 } });
    await waitFor(() => expect(curves.get(runId)?.step.at(-1)).toBe(8));
  });

  it('take no step twice, also when it comes while they are on their way', async () => {
    const { core, runs, curves } = connected();
    await runs.load();
    const runId = await runs.start(request);
    core.jobs.step(0.125);
    const event = { type: 'run.stepped', runId, health: null } as const;
    const point = { step: 1, epoch: 0, loss: 1, parts: {}, learningRate: 1, gradientNorm: 1, clipsPerSecond: 1, stepsPerSecond: 1 };
    const loading = curves.load(runId);
    curves.step({ ...event, point });
    curves.step({ ...event, point: { ...point, step: 2 } });
    await loading;
    curves.step({ ...event, point: { ...point, step: 2 } });
    expect(curves.get(runId)?.step).toEqual([1, 2]);
  });
});

describe('an estimate', () => {
  it('is of the settings it was measured with, and can be given up', async () => {
    const { api } = connected();
    const estimate = new EstimateState(api);
    const measuring = estimate.measure(request);
    expect(estimate.isMeasuring).toBe(true);
    estimate.cancel();
    await measuring;
    expect(estimate).toMatchObject({ isMeasuring: false, result: null, problem: null });
    await estimate.measure(request);
    expect(estimate.result).toMatchObject({ tracks: 137, steps: 40 });
    expect(estimate.isOf(request)).toBe(true);
    expect(estimate.isOf({ ...request, settings: { ...request.settings, batch: 12 } })).toBe(false);
  });

  it('says why it failed', async () => {
    const estimate = new EstimateState(connected().api);
    await estimate.measure({ ...request, selection: { kind: 'tracks', trackIds: [99_999] } });
    expect(estimate.problem).toMatch(/no tracks/);
  });
});

describe('a pair that is heard', () => {
  function media(): ViewMedia {
    const listeners = new Map<string, () => void>();
    const element: ViewMedia = {
      ...{ src: '', currentTime: 0, duration: 2, paused: true, volume: 1 },
      addEventListener: (type, listener) => void listeners.set(type, listener),
      play: () => Promise.resolve(listeners.get('play')?.()),
      pause: () => listeners.get('pause')?.(),
    };
    return element;
  }

  it('plays one view at a time, and gives way to other sound', async () => {
    const element = media();
    const viewPair = new ViewPairState(connected().api, () => element);
    await viewPair.draw(request);
    expect(viewPair.pair?.views).toHaveLength(2);
    viewPair.toggle(0);
    expect(viewPair.playing).toBe(0);
    expect(element.src).toBe(viewPair.pair?.views[0]?.url);
    viewPair.toggle(1);
    expect(viewPair.playing).toBe(1);
    viewPair.toggle(1);
    expect(viewPair).toMatchObject({ playing: null, last: 1 });
    viewPair.giveWay();
    expect(viewPair.last).toBeNull();
  });

  it('is another one each time it is drawn', async () => {
    const viewPair = new ViewPairState(connected().api, media);
    await viewPair.draw(request);
    const first = viewPair.pair;
    await viewPair.draw(request);
    expect(viewPair.pair?.trackId).not.toBe(first?.trackId);
    expect(viewPair.isOf(request)).toBe(true);
    expect(viewPair.isOf({ ...request, selection: { kind: 'folder', folderId: 1 } })).toBe(false);
    expect(viewPair.pair?.views[0]?.url).not.toBe(first?.views[0]?.url);
  });
});
