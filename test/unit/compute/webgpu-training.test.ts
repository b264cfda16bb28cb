import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Chromium's Vulkan in software, where Debian puts it. */
const software = '/usr/lib/chromium/vk_swiftshader_icd.json';
const entry = fileURLToPath(new URL('../../support/entries/train-on-webgpu.ts', import.meta.url));
const groups = fileURLToPath(new URL('../../support/entries/groups-on-webgpu.ts', import.meta.url));
const steps = 20;

describe.skipIf(!existsSync(software))('training on WebGPU (software Vulkan)', () => {
  it(`has the processor's losses over ${steps} steps, with no node on the processor`, async () => {
    const env = { ...process.env, VK_ICD_FILENAMES: software };
    const { stdout } = await promisify(execFile)(process.execPath, [entry, String(steps)], { env });
    const losses = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, number[]>;
    for (const kind of ['nt-xent', 'vicreg']) {
      const [processor, graphics] = [losses[`${kind} cpu`] ?? [], losses[`${kind} webgpu`] ?? []];
      expect(processor).toHaveLength(steps);
      processor.forEach((loss, index) => expect(Math.abs((graphics[index] ?? NaN) / loss - 1)).toBeLessThan(1e-3));
    }
  });
});

describe.skipIf(!existsSync(software))('layers on WebGPU (software Vulkan)', () => {
  it('keep groups of channels apart, whatever number of kernels each has, and give what the processor gives', async () => {
    const env = { ...process.env, VK_ICD_FILENAMES: software };
    const { stdout } = await promisify(execFile)(process.execPath, [groups], { env });
    const differences = Object.entries(JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, number>);
    expect(differences).toHaveLength(20);
    expect(differences.filter(([, difference]) => !(difference < 1e-5))).toEqual([]);
  });
});
