/** @file The runs, their curves, estimates and pairs, on a seeded core with a stand-in that trains. */
import { describe, expect, it } from 'vitest';
import { pretraining } from '../../../src-main/contract/index.ts';
import type { AppEvent } from '../../../src-main/contract/index.ts';
import { CurvesState } from '../../../src-renderer/state/curves.svelte.ts';
import { EstimateState } from '../../../src-renderer/state/estimate.svelte.ts';
import { ViewPairState } from '../../../src-renderer/state/view-pair.svelte.ts';
import type { ViewMedia } from '../../../src-renderer/state/view-pair.svelte.ts';
import { PretrainPlace } from '../../../src-renderer/state/pretrain-place.svelte.ts';
import { RunsState, bestCheckpoint } from '../../../src-renderer/state/runs.svelte.ts';
import type { StepEvent } from '../../../src-renderer/state/runs.svelte.ts';
import { seededTests } from '../../support/connected.ts';
import type { Connected } from '../../support/connected.ts';
import { stepTold } from '../../support/step-told.ts';
import { waitFor } from '../../support/wait-for.ts';

const seeded = seededTests({ tracks: 60, encoders: 'none', runs: true });

/** Runs take a step only when a test lets them. */
function connected() {
  const all = seeded();
  const { api, undo, core } = all;
  core.pace.set({ stepMs: 0, step: 0 });
  const fail = (error: unknown): never => {
    throw error;
  };
  return { ...all, runs: new RunsState(api, undo), curves: new CurvesState(api, fail) };
}

/** Lets the run that is under way go on to a step, and waits until it is there. */
async function trainTo(step: number, { core }: Pick<Connected, 'core'>): Promise<void> {
  core.pace.set({ step });
  await waitFor(() => expect(stepTold(core.services)).toBe(step));
}

/** Pauses the run, with all that it measured stored. */
async function pause(runId: pretraining.RunId, { core, api }: Pick<Connected, 'core' | 'api'>): Promise<void> {
  const { jobId } = await api.runs.get({ runId });
  if (jobId !== null) await api.jobs.pause({ jobId });
  await waitFor(() => expect(core.services.store.runs.get(runId).state).toBe('paused'));
}

/** Hands the core's events to the states until what it gives is called. */
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
  settings: { ...pretraining.recipeDefaults.clmr, length: { unit: 'steps', amount: 20 } },
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
    core.pace.set({ step: 10 });
    await waitFor(() => expect(runs.get(runId)).toMatchObject({ state: 'running', step: 10, totalSteps: 20 }));
    expect(runs.get(runId)?.last?.step).toBe(10);
    await runs.pause(runs.get(runId) ?? expect.fail());
    await waitFor(() => expect(runs.get(runId)?.state).toBe('paused'));
    await runs.resume(runs.get(runId) ?? expect.fail());
    await waitFor(() => expect(runs.get(runId)?.state).toBe('running'));
    core.pace.set({ step: null });
    await waitFor(() => expect(runs.get(runId)).toMatchObject({ state: 'done', step: 20 }));
    expect(runs.current).toBeNull();
    const encoderId = await runs.makeEncoder(runId, 20);
    expect(await runs.makeEncoder(runId, 20)).toBe(encoderId);
    await runs.load();
    expect(bestCheckpoint(runs.get(runId) ?? expect.fail())).toMatchObject({ step: 20, encoderId });
    expect((await api.encoders.list()).find(({ id }) => id === encoderId)?.source).toBe('trained');
    stop();
  });

  it('is stopped with a checkpoint, and goes on from there', async () => {
    const all = connected();
    const { core, runs } = all;
    const stop = await follow(all);
    await runs.load();
    const runId = await runs.start(request);
    await trainTo(15, all);
    await runs.stop(runs.get(runId) ?? expect.fail());
    await waitFor(() => expect(runs.get(runId)).toMatchObject({ state: 'stopped', step: 15 }));
    await runs.resume(runs.get(runId) ?? expect.fail(), { unit: 'steps', amount: 80 });
    core.pace.set({ step: 20 });
    await waitFor(() => expect(runs.get(runId)).toMatchObject({ state: 'running', step: 20, totalSteps: 80 }));
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
  /** The event that tells of a run's last step. */
  async function lastStep(runId: pretraining.RunId, { api }: Pick<Connected, 'api'>): Promise<StepEvent> {
    const { last } = await api.runs.get({ runId });
    return { type: 'run.stepped', runId, point: last ?? expect.fail(), health: null };
  }

  it('have their beginning although the first step that is told of is a later one', async () => {
    const all = connected();
    const { api, runs, curves } = all;
    await runs.load();
    const runId = await runs.start(request);
    await curves.load(runId);
    let isFirst = true;
    // Steps are taken and told of while the answer is on its way.
    const slow: Pick<Connected['api']['runs'], 'curves'> = {
      curves: async (query) => {
        const answer = await api.runs.curves(query);
        if (isFirst) {
          isFirst = false;
          await trainTo(6, all);
          await pause(runId, all);
          late.step(await lastStep(runId, all));
        }
        return answer;
      },
    };
    const late = new CurvesState({ runs: slow }, (error) => expect.fail(String(error)));
    await late.load(runId);
    expect(late.get(runId)?.step).toEqual([1, 2, 3, 4, 5, 6]);
    curves.step(await lastStep(runId, all));
    await waitFor(() => expect(curves.get(runId)?.step).toEqual([1, 2, 3, 4, 5, 6]));
    await runs.stop(runs.get(runId) ?? expect.fail());
  });

  it('grow by the steps that come, and are then what the core gives anew', async () => {
    const all = connected();
    const { api, runs, curves } = all;
    const stop = await follow(all);
    await runs.load();
    const runId = await runs.start(request);
    await curves.load(runId);
    await trainTo(10, all);
    await waitFor(() => expect(curves.get(runId)?.step.at(-1)).toBe(10));
    await pause(runId, all);
    const grown = curves.get(runId) ?? expect.fail();
    const fresh = await api.runs.curves({ runId, points: 1000 });
    // A few steps a second are told of; all of them are stored.
    expect(fresh.step).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const [i, step] of grown.step.entries()) {
      const at = fresh.step.indexOf(step);
      expect([grown.loss[i], grown.epoch[i]]).toEqual([fresh.loss[at], fresh.epoch[at]]);
    }
    expect(fresh.healthStep).toEqual([5, 10]);
    expect(grown.healthStep.at(-1)).toBe(10);
    stop();
  });

  it('take a health once, where it was measured, though every step tells it', async () => {
    const all = connected();
    const { runs, curves } = all;
    await runs.load();
    const runId = await runs.start(request);
    await trainTo(3, all);
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
    const all = connected();
    const { runs, curves } = all;
    await runs.load();
    const runId = await runs.start(request);
    await trainTo(8, all);
    await pause(runId, all);
    await curves.load(runId);
    const point = { step: 9, epoch: 0, loss: 1, parts: {}, learningRate: 1, gradientNorm: 1, clipsPerSecond: 1, stepsPerSecond: 1 };
    curves.step({ type: 'run.stepped', runId, health: null, point });
    expect(curves.get(runId)?.step.at(-1)).toBe(9);
    curves.step({ type: 'run.stepped', runId, health: null, point: { ...point, step: 5 } });
    await waitFor(() => expect(curves.get(runId)?.step.at(-1)).toBe(8));
  });

  it('take no step twice, also when it comes while they are on their way', async () => {
    const all = connected();
    const { runs, curves } = all;
    await runs.load();
    const runId = await runs.start(request);
    await trainTo(1, all);
    await pause(runId, all);
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
    const { api, core } = connected();
    core.pace.set({ estimates: false });
    const estimate = new EstimateState(api);
    const measuring = estimate.measure(request);
    expect(estimate.isMeasuring).toBe(true);
    estimate.cancel();
    await measuring;
    expect(estimate).toMatchObject({ isMeasuring: false, result: null, problem: null });
    core.pace.set({ estimates: true });
    await estimate.measure(request);
    expect(estimate.result).toMatchObject({ tracks: 60, steps: 20 });
    expect(estimate.isOf(request)).toBe(true);
    expect(estimate.isOf({ ...request, settings: { ...request.settings, batch: 12 } })).toBe(false);
  });

  it('says why it failed', async () => {
    const estimate = new EstimateState(connected().api);
    await estimate.measure({ ...request, selection: { kind: 'tracks', trackIds: [99_999] } });
    expect(estimate.problem).toMatch(/^None of the chosen tracks is in the library/);
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
    expect(viewPair.problem).toBeNull();
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
    expect(viewPair.problem).toBeNull();
    expect(viewPair.pair?.trackId).not.toBe(first?.trackId);
    expect(viewPair.isOf(request)).toBe(true);
    expect(viewPair.isOf({ ...request, selection: { kind: 'folder', folderId: 1 } })).toBe(false);
    expect(viewPair.pair?.views[0]?.url).not.toBe(first?.views[0]?.url);
  });
});
