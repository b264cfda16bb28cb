import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkFolder, readSafetensors, writeSafetensorsFile } from '../../src-main/compute/index.ts';

const fixture = fileURLToPath(new URL('../fixtures/samplecnn-tiny.safetensors', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earmark-parity-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("computes PyTorch's embeddings and logits from PyTorch's weights", async () => {
  await cp(fixture, join(folder, 'samplecnn-tiny.safetensors'));
  const { checks } = await checkFolder(folder);
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ['embedding', true],
    ['logits', true],
  ]);
  for (const { relativeError } of checks) expect(relativeError).toBeLessThan(2e-6);
});

it('finds a wrong reference, and lists what it does not know', async () => {
  const { tensors, metadata } = await readSafetensors(fixture);
  const embedding = tensors.get('output.embedding');
  if (embedding === undefined) throw new Error('the fixture has an embedding');
  embedding.data[5] = (embedding.data[5] ?? 0) + 0.01;
  await writeSafetensorsFile(join(folder, 'samplecnn-wrong.safetensors'), tensors, Object.fromEntries(metadata));
  await writeFile(join(folder, 'notes.txt'), 'not a reference');
  const { checks, notChecked } = await checkFolder(folder);
  expect(checks.find(({ file, name }) => file === 'samplecnn-wrong.safetensors' && name === 'embedding')?.ok).toBe(false);
  expect(notChecked.map(({ file }) => file)).toEqual(['notes.txt']);
});

it('reports a reference that cannot be read as failed and goes on', async () => {
  await writeFile(join(folder, 'samplecnn-cut.safetensors'), Buffer.alloc(20, 0xff));
  const { checks } = await checkFolder(folder);
  const failed = checks.filter(({ file }) => file === 'samplecnn-cut.safetensors');
  expect(failed).toHaveLength(1);
  expect(failed[0]?.ok).toBe(false);
  expect(failed[0]?.name).toMatch(/failed: Could not read the weights/);
  expect(checks.some(({ file, ok }) => file === 'samplecnn-tiny.safetensors' && ok)).toBe(true);
});
