/** @file Jobs on a real store, with work that ends when the test says so. */
import { describe, expect, it } from 'vitest';
import { EventHub } from '../../../../src-main/service/event-hub.ts';
import { Jobs } from '../../../../src-main/service/jobs/jobs.ts';
import type { JobContext, JobOutcome, StartedJob } from '../../../../src-main/service/jobs/jobs.ts';
import { waitText } from '../../../../src-main/contract/index.ts';
import type { Job, JobId, JobKind } from '../../../../src-main/contract/index.ts';
import { temporaryDirectory, temporaryStore } from '../../../support/store-data.ts';

type Work = { params: unknown; context: JobContext; finish(): void };

/** Jobs whose works are handed out as they begin. */
function jobsOn(directory = temporaryDirectory()) {
  const store = temporaryStore(directory);
  const works: Work[] = [];
  const defects: unknown[] = [];
  let began = (): void => undefined;
  const jobs = new Jobs({ store, events: new EventHub(), report: (error) => defects.push(error) });
  const work = (params: unknown, context: JobContext): Promise<JobOutcome> =>
    new Promise((resolve, reject) => {
      context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
      works.push({ params, context, finish: () => resolve({ message: 'Done.', result: params }) });
      began();
    });
  for (const kind of ['scan', 'index', 'pretrain', 'write'] as const) jobs.define(kind, work);
  const begun = async (count: number): Promise<void> => {
    while (works.length < count) await new Promise<void>((resolve) => (began = resolve));
  };
  const start = (kind: JobKind, params: unknown): StartedJob => jobs.start({ kind, title: `${kind} ${JSON.stringify(params)}`, params });
  const shown = (id: JobId): Job | undefined => jobs.list().find((job) => job.id === id);
  const states = (): string[] =>
    jobs
      .list()
      .map(({ id, state }) => `${id} ${state}`)
      .toReversed();
  return { store, jobs, works, begun, start, shown, states, defects, directory };
}

describe('jobs', () => {
  it('queue one encoder’s index behind another’s, and say so', async () => {
    const { start, shown, begun, works } = jobsOn();
    const b = start('index', { encoderId: 2 });
    const a = start('index', { encoderId: 1 });
    await begun(1);
    expect(shown(a.jobId)).toMatchObject({ state: 'queued', waitsFor: { jobId: b.jobId, isPaused: false } });
    expect(waitText(shown(a.jobId) as Job)).toBe('Waits for “index {"encoderId":2}”');
    works[0]?.finish();
    await begun(2);
    expect(shown(a.jobId)).toMatchObject({ state: 'running', waitsFor: null });
  });

  it('are never two for one encoder: a second wish joins the first, and resumes it', async () => {
    const { jobs, start, states, begun, works } = jobsOn();
    const first = start('index', { encoderId: 1 });
    await begun(1);
    jobs.pause(first.jobId);
    const again = jobs.start({ kind: 'index', title: 'by itself', params: { encoderId: 1 }, isAsked: false });
    expect(again.jobId).toBe(first.jobId);
    expect(states()).toEqual(['1 paused']);
    const second = start('index', { encoderId: 1 });
    expect(second.jobId).toBe(first.jobId);
    expect(states()).toEqual(['1 running']);
    works[0]?.finish();
    expect((await second.settled).message).toBe('Done.');
    expect(works).toHaveLength(1);
  });

  it('that were queued, paused and resumed are queued, and do not begin before their turn', async () => {
    const { jobs, start, states, begun, works } = jobsOn();
    start('pretrain', { runId: 1 });
    const second = start('pretrain', { runId: 2 });
    await begun(1);
    jobs.pause(second.jobId);
    expect(states()).toEqual(['1 running', '2 paused']);
    jobs.resume(second.jobId);
    expect(states()).toEqual(['1 running', '2 queued']);
    expect(works).toHaveLength(1);
  });

  it('that are paused give their lane back, and go on in their turn behind an open gate', async () => {
    const { jobs, start, states, shown, begun, works } = jobsOn();
    const first = start('pretrain', { runId: 1 });
    const second = start('pretrain', { runId: 2 });
    await begun(1);
    jobs.pause(first.jobId);
    await begun(2);
    expect(works[0]?.context.gate.isClosed).toBe(true);
    jobs.resume(first.jobId);
    expect(shown(first.jobId)).toMatchObject({ state: 'queued', waitsFor: { jobId: second.jobId } });
    expect(works[0]?.context.gate.isClosed).toBe(true);
    works[1]?.finish();
    await second.settled;
    expect(states()).toEqual(['1 running', '2 done']);
    expect(works[0]?.context.gate.isClosed).toBe(false);
    expect(works).toHaveLength(2);
  });

  it('of which a paused one keeps its lane are named by those that wait for it', async () => {
    const { jobs, start, shown, begun, works } = jobsOn();
    const first = start('scan', { folderIds: [1], again: [] });
    const second = start('scan', { folderIds: [2], again: [] });
    await begun(1);
    jobs.pause(first.jobId);
    expect(waitText(shown(second.jobId) as Job)).toMatch(/which is paused: resume or cancel that one/);
    await jobs.cancel(first.jobId);
    await begun(2);
    expect(works).toHaveLength(2);
  });

  it('keep their states over a restart: paused ones stay paused, queued ones keep their order', async () => {
    const before = jobsOn();
    const running = before.start('index', { encoderId: 1 });
    const paused = before.start('pretrain', { runId: 1 });
    before.start('index', { encoderId: 2 });
    before.start('index', { encoderId: 3 });
    await before.begun(2);
    before.jobs.pause(paused.jobId);
    await before.jobs.close();
    await expect(running.settled).rejects.toMatchObject({ code: 'CANCELLED' });
    before.store.close();
    const after = jobsOn(before.directory);
    after.jobs.goOn();
    expect(after.states()).toEqual(['1 running', '2 paused', '3 queued', '4 queued']);
    await after.begun(1);
    after.works[0]?.finish();
    await after.begun(2);
    expect(after.works.map(({ params }) => params)).toEqual([{ encoderId: 1 }, { encoderId: 2 }]);
    after.jobs.resume(paused.jobId);
    await after.begun(3);
    expect(after.works[2]?.params).toEqual({ runId: 1 });
    expect([...before.defects, ...after.defects]).toEqual([]);
  });

  it('that were cancelled are not taken up when the program dies before they have let go', async () => {
    const { jobs, start, begun, works, store, directory } = jobsOn();
    const job = start('write', { writingId: 1 });
    await begun(1);
    works[0]?.context.signal.addEventListener('abort', () => undefined);
    void jobs.cancel(job.jobId);
    // What the next start would read if this process died here.
    expect(store.jobs.get(job.jobId).state).toBe('cancelled');
    await job.settled.catch(() => undefined);
    store.close();
    const after = jobsOn(directory);
    after.jobs.goOn();
    expect(after.states()).toEqual(['1 cancelled']);
  });
});
