/** @file Runs from their start to their end, with a stand-in at the training process's port. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AppEvent } from '../../../../src-main/contract/index.ts';
import type { PretrainResult, Services } from '../../../../src-main/service/index.ts';
import { addTracks, shortSettings, standInCore } from '../../../support/pretraining.ts';
import { stepTold } from '../../../support/step-told.ts';

const library = { kind: 'library' } as const;
const endless = { unit: 'steps', amount: 100_000 } as const;

/** Begins a run with the usual settings. */
function begin(services: Services, settings = shortSettings()): ReturnType<Services['pretraining']['start']> {
  return services.pretraining.start({ settings, selection: library, device: 'auto' });
}

async function reaches(services: Services, runId: ReturnType<typeof begin>['runId'], step: number): Promise<void> {
  await expect.poll(() => services.pretraining.get(runId).step).toBeGreaterThanOrEqual(step);
}

describe('a run', () => {
  it('keeps its curves, health and last checkpoints, and becomes an encoder at its end', async () => {
    const { services, defects } = standInCore();
    addTracks(services, 'one', 'two', 'three');
    const { runId, settled } = begin(services);
    const { result, message } = await settled;
    const run = services.pretraining.get(runId);
    expect(run).toMatchObject({ state: 'done', step: 25, totalSteps: 25, activeSeconds: 2.5, device: 'stand-in', tracks: 3 });
    expect(run).toMatchObject({ name: 'CLMR, 8000 Hz, 25 steps', codeVersion: '0.1.0-test', message: 'Finished after 25 steps.' });
    expect(message).toBe(run.message);
    expect(run.last).toMatchObject({ step: 25, loss: 1 / 25, parts: { attraction: 1 / 25 } });
    expect(run.health).toMatchObject({ rank: 40.5, verdict: 'healthy' });
    expect(run.checkpoints.map(({ step, isBest, isLast }) => [step, isBest, isLast])).toEqual([
      [10, false, false],
      [20, false, false],
      [25, true, true],
    ]);
    const curves = services.pretraining.curves(runId, 1000);
    expect(curves.step).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    expect(curves.loss).toEqual(curves.step.map((step) => 1 / step));
    expect(curves.parts['attraction']).toEqual(curves.loss);
    expect(curves.healthStep).toEqual([5, 10, 15, 20, 25]);
    const [encoder] = services.encoders.list();
    expect(encoder).toMatchObject({ source: 'trained', origin: `run ${runId}, step 25`, sampleRate: 8000, dimensions: 512 });
    expect(run.checkpoints.at(-1)?.encoderId).toBe(encoder?.id);
    expect(result).toMatchObject({ run: runId, recipe: 'clmr', steps: 25, loss: 0.04, seconds: 2.5, state: 'done', encoder: encoder?.id });
    expect(existsSync((result as PretrainResult).checkpoint ?? '')).toBe(true);
    expect(defects).toEqual([]);
  });

  it('leaves nothing where its batch is beyond the memory limit', () => {
    const { services, directory } = standInCore();
    addTracks(services, 'one', 'two');
    expect(() => begin(services, shortSettings({ memoryMegabytes: 512 }))).toThrow(/A batch of 2 needs at least \d+ MB/);
    expect([services.pretraining.list(), services.jobs.list(), existsSync(join(directory, 'runs', '1'))]).toEqual([[], [], false]);
  });

  it('leaves nothing where its process refuses it before it begins, and whoever watches is told why', async () => {
    const { services, directory, defects } = standInCore();
    addTracks(services, 'one', 'unheard');
    const told: AppEvent[] = [];
    const abort = new AbortController();
    const isOver = Promise.withResolvers<void>();
    const listening = (async (): Promise<void> => {
      for await (const event of services.handlers.events.subscribe(undefined, abort.signal) as AsyncGenerator<AppEvent>) {
        told.push(event);
        if (event.type === 'run.updated' && event.run === null) isOver.resolve();
      }
    })();
    const { runId, jobId, settled } = begin(services);
    await expect(settled).rejects.toMatchObject({ code: 'BAD_INPUT', message: 'None of it can be learnt from.' });
    await isOver.promise;
    abort.abort();
    await listening.catch(() => undefined);
    expect([services.pretraining.list(), services.jobs.list(), existsSync(join(directory, 'runs', String(runId)))]).toEqual([
      [],
      [],
      false,
    ]);
    expect(told).toContainEqual(
      expect.objectContaining({
        type: 'job.updated',
        job: expect.objectContaining({ id: jobId, state: 'failed', seen: false }) as unknown,
      }),
    );
    expect(told.at(-1)).toEqual({ type: 'run.updated', runId, run: null });
    expect(defects).toEqual([]);
  });

  it('can be understood from its folder alone', async () => {
    const { services, directory } = standInCore();
    addTracks(services, 'one', 'two');
    const { runId, settled } = begin(services);
    await settled;
    const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, 'runs', String(runId), name), 'utf8'));
    expect(read('run.json')).toMatchObject({
      ...{ run: runId, state: 'done', settings: shortSettings(), device: 'stand-in', step: 25, codeVersion: '0.1.0-test' },
      checkpoints: [{ step: 10 }, { step: 20 }, { step: 25, file: 'checkpoints/step-25.safetensors' }],
    });
    expect(read('tracks.json')).toMatchObject([{ path: '/music/one.mp3', audioHash: 'hash of one' }, { path: '/music/two.mp3' }]);
  });

  it('says which tracks it left out, and what else it met', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two', 'silent 1', 'silent 2');
    const { runId, settled } = begin(services);
    const { result } = (await settled) as { result: PretrainResult };
    expect(result.failed.map(({ path, code }) => [path, code])).toEqual([
      ['/music/silent 1.mp3', 'TOO_SHORT'],
      ['/music/silent 2.mp3', 'TOO_SHORT'],
    ]);
    expect(services.pretraining.get(runId).message).toBe(
      'Finished after 25 steps. A checkpoint is cut. 2 tracks were left out: /music/silent 1.mp3 is silent. …',
    );
  });

  it('rests while its job is paused, and is resumed', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const { runId, jobId, settled } = begin(services, shortSettings({ length: endless }));
    await reaches(services, runId, 3);
    services.jobs.pause(jobId);
    await expect.poll(() => services.pretraining.get(runId).state).toBe('paused');
    const { step } = services.pretraining.get(runId);
    services.jobs.resume(jobId);
    expect(services.pretraining.get(runId).state).toBe('running');
    await reaches(services, runId, step + 5);
    await services.pretraining.stop(runId);
    await settled;
  });

  it('that is stopped ends with a checkpoint and an encoder, and can be resumed where it was', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const { runId, settled } = begin(services, shortSettings({ length: endless }));
    await reaches(services, runId, 12);
    await services.pretraining.stop(runId);
    const { result } = (await settled) as { result: PretrainResult };
    expect(services.pretraining.get(runId)).toMatchObject({ state: 'stopped', step: result.steps });
    expect(services.pretraining.get(runId).checkpoints.at(-1)).toMatchObject({ step: result.steps, encoderId: result.encoder });
    const amount = result.steps + 7;
    const again = services.pretraining.resume({ runId, length: { unit: 'steps', amount } });
    expect((await again.settled).result).toMatchObject({ steps: amount, state: 'done' });
    const { step } = services.pretraining.curves(runId, 100_000);
    expect(step).toEqual(Array.from({ length: amount }, (_, i) => i + 1));
  });

  it('is stopped too when its job is cancelled', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const { runId, jobId, settled } = begin(services, shortSettings({ length: endless }));
    await reaches(services, runId, 12);
    await services.jobs.cancel(jobId);
    await expect(settled).rejects.toMatchObject({ code: 'CANCELLED' });
    const run = services.pretraining.get(runId);
    expect(run).toMatchObject({ state: 'stopped' });
    expect(run.checkpoints.at(-1)?.step).toBe(run.step);
    expect(run.checkpoints.at(-1)?.encoderId).not.toBeNull();
  });

  it('that waits behind another is stopped at once', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const first = begin(services, shortSettings({ length: endless }));
    const second = begin(services);
    expect(services.pretraining.get(second.runId).state).toBe('waiting');
    await services.pretraining.stop(second.runId);
    expect(services.pretraining.get(second.runId)).toMatchObject({ state: 'stopped', step: 0 });
    const third = begin(services);
    await reaches(services, first.runId, 3);
    expect(services.pretraining.get(third.runId).state).toBe('waiting');
    await services.pretraining.stop(first.runId);
    await third.settled;
    await Promise.allSettled([first.settled, second.settled]);
  });

  it('has its curves up to the step that was told of last, whoever asks for them and when', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const { runId, settled } = begin(services, shortSettings({ length: endless }));
    const told = (): number => stepTold(services);
    // The first step is looked at before anything was stored, and the others between two stores.
    for (const least of [1, 3, 14]) {
      await expect.poll(() => told() >= least && told() % 10 !== 0, { interval: 1 }).toBe(true);
      const last = told();
      expect(services.pretraining.curves(runId, 100_000).step).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    }
    await services.pretraining.stop(runId);
    await settled;
  });

  it('tells windows how it goes', async () => {
    const { services } = standInCore();
    addTracks(services, 'one', 'two');
    const abort = new AbortController();
    const events: AppEvent[] = [];
    const { runId, settled } = begin(services);
    const listening = (async () => {
      for await (const event of services.handlers.events.subscribe(undefined, abort.signal) as AsyncGenerator<AppEvent>) events.push(event);
    })();
    await settled;
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await listening;
    const steps = events.flatMap((event) => (event.type === 'run.stepped' && event.runId === runId ? [event.point.step] : []));
    expect(steps.length).toBeGreaterThan(0);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    const states = events.flatMap((event) => (event.type === 'run.updated' ? [event.run?.state] : []));
    expect(states).toContain('running');
    expect(states.at(-1)).toBe('done');
  });
});

describe('a run whose process dies', () => {
  it('fails with a sentence that names its last checkpoint and the way to less memory', async () => {
    const { services } = standInCore();
    addTracks(services, 'killer', 'two');
    const { runId, settled } = begin(services, shortSettings({ batch: 2 }));
    await expect(settled).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringMatching(/killed.*step 10.*Resume/) as string,
    });
    const run = services.pretraining.get(runId);
    expect(run).toMatchObject({ state: 'failed', step: 15 });
    expect(run.message).toMatch(/less memory/);
  });

  it('forgets what lies beyond the checkpoint when it goes on, so that every step is there once', async () => {
    const { services } = standInCore();
    addTracks(services, 'killer', 'two');
    const { runId, settled } = begin(services);
    await settled.catch(() => undefined);
    expect(services.pretraining.get(runId).checkpoints.map(({ step }) => step)).toEqual([10]);
    const again = services.pretraining.resume({ runId });
    await again.settled.catch(() => undefined);
    expect(services.pretraining.curves(runId, 1000).step).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    expect(services.pretraining.curves(runId, 1000).healthStep).toEqual([5, 10, 15]);
  });

  it('says what the process said', async () => {
    const { services } = standInCore();
    addTracks(services, 'crashed', 'two');
    const { settled } = begin(services);
    await expect(settled).rejects.toMatchObject({
      message: expect.stringMatching(/ended with code 1: RangeError: Out of tensors/) as string,
    });
  });

  it('says how to go on when the device is gone', async () => {
    const { services } = standInCore();
    addTracks(services, 'lost device', 'two');
    const { runId, settled } = begin(services);
    await expect(settled).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
    expect(services.pretraining.get(runId).message).toBe(
      'The device is gone. Its last checkpoint, of step 10, is kept; Resume goes on from there.',
    );
  });
});

describe('a run that is under way when the program closes', () => {
  it('is interrupted with a checkpoint, and taken up by the next start', async () => {
    const first = standInCore();
    addTracks(first.services, 'one', 'two');
    const { runId, settled } = begin(first.services, shortSettings({ length: endless }));
    await reaches(first.services, runId, 12);
    await first.services.close();
    await expect(settled).rejects.toMatchObject({ code: 'CANCELLED' });
    const { services } = standInCore(first.directory);
    const before = services.pretraining.get(runId);
    expect(before).toMatchObject({ state: 'interrupted' });
    expect(before.checkpoints.at(-1)?.step).toBe(before.step);
    expect(services.encoders.list()).toEqual([]);
    services.goOn();
    await reaches(services, runId, before.step + 5);
    await services.pretraining.stop(runId);
    await expect.poll(() => services.pretraining.get(runId).state).toBe('stopped');
    const { step } = services.pretraining.curves(runId, 100_000);
    expect(step).toEqual(Array.from({ length: step.length }, (_, i) => i + 1));
  });
});
