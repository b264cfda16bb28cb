/** @file The verbs of pre-training as a script uses them, on runs that a stand-in trained. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src-main/compute/index.ts';
import type { pretraining } from '../../src-main/contract/index.ts';
import { earmarkJson, runEarmark } from '../support/run-earmark.ts';
import { addTracks, openStandInCore, shortSettings } from '../support/pretraining.ts';

let root: string;
let data: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'earmark-runs-'));
  data = join(root, 'data');
  mkdirSync(data);
  const { services } = openStandInCore(data);
  addTracks(services, 'one', 'two', 'three');
  const library = { kind: 'library' } as const;
  for (const settings of [shortSettings(), shortSettings({ seed: 2, length: { unit: 'steps', amount: 12 } })])
    await services.pretraining.start({ settings, selection: library, device: 'auto' }).settled;
  await services.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Code and sentence of a run that fails. */
async function failure(...args: string[]): Promise<[code: number | null, says: string]> {
  const { code, stdout, stderr } = await runEarmark(data, ...args);
  expect(stdout).toBe('');
  return [code, stderr];
}

describe('runs', () => {
  it('are listed, newest first', async () => {
    const { runs } = await earmarkJson<{ runs: pretraining.Run[] }>(data, 'runs');
    expect(runs.map(({ id, state, step }) => [id, state, step])).toEqual([
      [2, 'done', 12],
      [1, 'done', 25],
    ]);
    expect((await runEarmark(data, 'runs')).stdout).toMatch(/CLMR, 8000 Hz, 25 steps +done +stand-in +3 +25 +0\.04000 +40\.5/);
  });

  it('are shown with settings, curves and checkpoints', async () => {
    const { run, curves } = await earmarkJson<{ run: pretraining.Run; curves: pretraining.Curves }>(data, 'runs', 'show', '1');
    expect(run.checkpoints.map(({ step }) => step)).toEqual([10, 20, 25]);
    expect(curves.loss).toHaveLength(25);
    expect((await runEarmark(data, 'runs', 'show', '1')).stdout).toMatch(/optimizer\.learningRate +0\.0003/);
  });

  it('are compared: what differs in their settings, and their figures', async () => {
    const { settings, figures } = await earmarkJson<{ settings: unknown[]; figures: unknown[] }>(data, 'runs', 'compare', '1', '2');
    expect(settings).toEqual([
      { path: 'length.amount', values: [25, 12] },
      { path: 'seed', values: [1, 2] },
    ]);
    expect(figures).toContainEqual({ name: 'loss', values: [1 / 25, 1 / 12] });
  });

  it('leave the list when removed, and come back', async () => {
    await earmarkJson(data, 'runs', 'remove', '2');
    expect((await earmarkJson<{ runs: unknown[] }>(data, 'runs')).runs).toHaveLength(1);
    expect(await failure('runs', 'show', '2')).toEqual([1, 'Run 2 was removed. Restore it first.\n']);
    await earmarkJson(data, 'runs', 'restore', '2');
    expect((await earmarkJson<{ runs: unknown[] }>(data, 'runs')).runs).toHaveLength(2);
  });
});

describe('export weights', () => {
  it('writes a checkpoint by CLMR’s names', async () => {
    const path = join(root, 'clmr.safetensors');
    const told = await earmarkJson<{ bytes: number }>(data, 'export', 'weights', '1:20', path);
    expect(told).toMatchObject({ run: 1, step: 20, layout: 'clmr', path, bytes: readFileSync(path).byteLength });
    const { tensors } = await readSafetensors(path);
    const saved = await readSafetensors(join(data, 'runs', '1', 'checkpoints', 'step-20.safetensors'));
    expect(tensors.get('sequential.0.0.weight')).toEqual(saved.tensors.get('encoder.sequential.0.0.weight'));
    expect(tensors.get('sequential.3.1.running_var')?.shape).toEqual([256]);
    expect(tensors.get('projector.0.weight')?.data).toEqual(Float32Array.of(20, 0, 0, 20));
    expect([...tensors.keys()].filter((name) => !/^(sequential|projector)\./.test(name))).toEqual([]);
  });

  it('writes the encoder as ONNX, and a run as JSON', async () => {
    const onnx = join(root, 'encoder.onnx');
    await earmarkJson(data, 'export', 'weights', '1', onnx, '--layout', 'onnx');
    expect(readFileSync(onnx).byteLength).toBeGreaterThan(8_000_000);
    const json = join(root, 'run.json');
    await earmarkJson(data, 'export', 'weights', '1', json, '--layout', 'run');
    const document = JSON.parse(readFileSync(json, 'utf8')) as pretraining.Run & { curves: pretraining.Curves };
    expect(document.settings).toEqual(shortSettings());
    expect(document.curves.step).toHaveLength(25);
  });

  it('never writes over a file', async () => {
    const path = join(root, 'mine.safetensors');
    writeFileSync(path, 'mine');
    expect(await failure('export', 'weights', '1', path)).toEqual([1, `${path} is there already. Choose another name.\n`]);
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it('says which checkpoints there are', async () => {
    const path = join(root, 'none.safetensors');
    expect(await failure('export', 'weights', '1:11', path)).toEqual([1, expect.stringMatching(/no checkpoint of step 11.*10, 20, 25/)]);
    expect(existsSync(path)).toBe(false);
  });
});

describe('pretrain', () => {
  it.each([
    [['--set', 'optimizer.learnigRate=1'], /Did you mean optimizer.learningRate/],
    [['--batch', '1'], /batch takes a whole number from 2 to 8192, not 1\./],
    [['--steps', '1', '--minutes', '1'], /one of --steps, --minutes/],
    [['--recipe', 'simclr'], /one of library, clmr, vicreg/],
    [['--preset', 'fast'], /one of try, overnight, paper/],
    [['--resume', '1', '--batch', '4'], /leave out --batch/],
    [['--continue', 'first'], /3:500/],
    [['--minutes', '-1'], /above 0/],
  ])('takes %j for bad usage', async (args, says) => {
    expect(await failure('pretrain', ...args)).toEqual([2, expect.stringMatching(says)]);
  });

  it('tells programs what is wrong with the settings', async () => {
    const { code, stdout } = await runEarmark(data, 'pretrain', '--batch', '1', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'BAD_INPUT', details: { paths: ['batch'] } } });
  });

  it.each([
    [['--batch', '4'], /A batch of 4 needs 4 different tracks, and only 3 are there\. Choose a batch of at most 3/],
    [['--tracks', tmpdir()], /no track of .* in the library\. Add it with `earmark scan/],
    [['--device', 'abacus'], /There is no device abacus/],
    [['--resume', '1'], /has come to its end\. Give it a greater length/],
    [['--continue', '1:11', '--batch', '2'], /no checkpoint of step 11/],
    [['--continue', '1', '--batch', '2'], /8000 Hz and the new one a SampleCNN at 22050 Hz/],
  ])('refuses %j with a sentence', async (args, says) => {
    expect(await failure('pretrain', ...args)).toEqual([1, expect.stringMatching(says)]);
    expect((await earmarkJson<{ runs: unknown[] }>(data, 'runs')).runs).toHaveLength(2);
  });
});
