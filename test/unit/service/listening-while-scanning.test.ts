/** @file Tracks are listened to while a scan goes on: with stand-ins for the processes, one of which answers for a file only when it is let go. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { IndexInfo, Job } from '../../../src-main/contract/index.ts';
import { sourceEntries, startCore } from '../../../src-main/host/core.ts';
import type { Services } from '../../../src-main/service/index.ts';
import type { StartedJob } from '../../../src-main/service/jobs/jobs.ts';
import { temporaryDirectory } from '../../support/store-data.ts';
import { waitFor } from '../../support/wait-for.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
const standIns = {
  mediaProcess: new URL('../../support/entries/mortal-media-process.ts', import.meta.url),
  indexProcess: new URL('../../support/entries/mortal-index-process.ts', import.meta.url),
};

type Scene = { services: Services; music: string; scan: StartedJob; letGo: () => void };

/** A core that scans a folder with some tracks and one that holds the scan up, and has listened to the others. */
async function heldScan(): Promise<Scene> {
  const root = temporaryDirectory();
  const music = join(root, 'music');
  mkdirSync(music);
  for (const name of ['a', 'b', 'c', 'held']) writeFileSync(join(music, `${name}.wav`), name);
  const entries = { ...sourceEntries, ...standIns };
  const core = await startCore({ dataDirectory: join(root, 'data'), host, entries, report: () => undefined });
  onTestFinished(() => core.close());
  const { services } = core;
  const scan = await services.library.addFolder(music);
  await waitFor(() => expect(indexOf(services)?.tracks).toBe(3));
  return { services, music, scan, letGo: () => writeFileSync(join(music, 'let go'), '') };
}

function indexOf({ encoders }: Services): IndexInfo | null | undefined {
  return encoders.list()[0]?.index;
}

function jobsOf({ jobs }: Services, kind: Job['kind']): Job['state'][] {
  return jobs
    .list()
    .filter((job) => job.kind === kind)
    .map(({ state }) => state);
}

describe('while a scan goes on', () => {
  it('what it has brought is listened to, and one job goes on with what it brings after that', async () => {
    const { services, scan, letGo } = await heldScan();
    expect([jobsOf(services, 'scan'), jobsOf(services, 'index')]).toEqual([['running'], ['running']]);
    letGo();
    await scan.settled;
    await waitFor(() => expect(jobsOf(services, 'index')).toEqual(['done']));
    expect(indexOf(services)).toMatchObject({ tracks: 4, waiting: 0 });
  });

  it('another encoder that is to be indexed does not wait for its end', async () => {
    const { services, scan, letGo } = await heldScan();
    const other = await services.encoders.createUntrained({ sampleRate: 8000, seed: 1, name: undefined });
    const { result } = await services.encoders.index({ encoderId: other.id, device: 'cpu' }).settled;
    expect(result).toMatchObject({ encoder: other.id, tracks: 3 });
    expect(jobsOf(services, 'scan')).toEqual(['running']);
    letGo();
    await scan.settled;
  });

  it('a job that was cancelled does not come back with the same scan, but with the next', async () => {
    const { services, music, scan, letGo } = await heldScan();
    const [job] = services.jobs.list().filter(({ kind }) => kind === 'index');
    await services.jobs.cancel(job?.id as Job['id']);
    letGo();
    await scan.settled;
    expect(jobsOf(services, 'index')).toEqual(['cancelled']);
    writeFileSync(join(music, 'd.wav'), 'd');
    await services.library.scan(null).settled;
    await waitFor(() => expect(indexOf(services)).toMatchObject({ tracks: 5, waiting: 0 }));
  });

  it('a pause of the scan lets the job end, and what comes after the pause is listened to as well', async () => {
    const { services, scan, letGo } = await heldScan();
    services.jobs.pause(scan.jobId);
    await waitFor(() => expect(jobsOf(services, 'index')).toEqual(['done']));
    letGo();
    services.jobs.resume(scan.jobId);
    await scan.settled;
    await waitFor(() => expect(indexOf(services)).toMatchObject({ tracks: 4, waiting: 0 }));
  });
});
