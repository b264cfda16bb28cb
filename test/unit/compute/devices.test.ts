import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDevices, resolveDevice } from '../../../src-main/compute/index.ts';
import type { Device } from '../../../src-main/compute/index.ts';
import { pickAutomatically } from '../../../src-main/compute/devices/list-devices.ts';
import { probeDevice } from '../../../src-main/compute/devices/probe.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earmark-devices-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function entryOf(code: string): Promise<URL> {
  const path = join(folder, `${Math.random()}.mjs`);
  await writeFile(path, code);
  return pathToFileURL(path);
}

describe('a trial in a child process', () => {
  it('finds the processor working', async () => {
    const result = await probeDevice('cpu');
    expect(result).toMatchObject({ ok: true });
    if (result.ok) expect(result.gigaflops).toBeGreaterThan(0);
  });

  it('survives a driver that aborts', async () => {
    expect(await probeDevice('webgpu', { entry: await entryOf('process.abort();') })).toEqual({
      ok: false,
      why: expect.stringMatching(/without an answer/) as string,
    });
  });

  it('ends a driver that hangs', async () => {
    const entry = await entryOf('setInterval(() => {}, 1000);');
    expect(await probeDevice('webgpu', { entry, limitMs: 300 })).toEqual({ ok: false, why: 'it did not answer within 0.3 seconds' });
  });

  it("finds its answer among a driver's own output, even when the driver crashes afterwards", async () => {
    const entry = await entryOf(`console.log('driver: hello'); console.log('{"ok":true,"gigaflops":5}'); process.exitCode = 3;`);
    expect(await probeDevice('webgpu', { entry })).toEqual({ ok: true, gigaflops: 5 });
  });

  it('says so when there is nothing to start', async () => {
    expect(await probeDevice('webgpu', { entry: pathToFileURL(join(folder, 'missing.mjs')) })).toMatchObject({ ok: false });
  });
});

describe('the list of devices', () => {
  it('has every device, each with a sentence, and the processor usable', async () => {
    const devices = await listDevices();
    expect(devices.map(({ id }) => id).toSorted()).toEqual([
      'coreml',
      'cpu',
      'cuda',
      'directml',
      'tfjs-cpu',
      'tfjs-node',
      'tfjs-node-gpu',
      'webgpu',
    ]);
    expect(devices.filter(({ available }) => available).map(({ id }) => id)).toEqual(expect.arrayContaining(['cpu', 'tfjs-cpu']));
    for (const { name, reason } of devices)
      expect([name.length > 2, /[.)]$|npm install \S+$|install=cuda12$/.test(reason)]).toEqual([true, true]);
  });

  it('gives a device by name or refuses with the reason, and never another one', async () => {
    expect(await resolveDevice('cpu')).toEqual({ id: 'cpu', reason: 'The processor was asked for.' });
    const absent = (await listDevices()).find(({ available }) => !available);
    if (absent === undefined) throw new Error('no machine has every device: some are of one system only');
    await expect(resolveDevice(absent.id)).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: expect.stringContaining(absent.reason) as string,
    });
    await expect(resolveDevice('toaster')).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/no device called toaster/) as string,
    });
  });
});

describe('auto', () => {
  const device = (id: Device['id'], available: boolean, gigaflops: number): Device => ({
    id,
    name: `name of ${id}`,
    available,
    reason: '',
    detail: { gigaflops },
  });

  it('takes the first graphics device that is faster than the processor, and says why', () => {
    const picked = pickAutomatically([device('cpu', true, 100), device('webgpu', true, 900), device('cuda', false, 0)]);
    expect(picked).toEqual({ id: 'webgpu', reason: 'name of webgpu works and is faster than the processor.' });
  });

  it('takes the processor rather than a software driver', () => {
    expect(pickAutomatically([device('cpu', true, 100), device('webgpu', true, 0.8)])).toMatchObject({
      id: 'cpu',
      reason: expect.stringMatching(/slower/) as string,
    });
  });

  it('takes the processor where there is nothing else', () => {
    expect(pickAutomatically([device('cpu', true, 100), device('webgpu', false, 0)])).toMatchObject({
      id: 'cpu',
      reason: expect.stringMatching(/no graphics device/) as string,
    });
  });
});
