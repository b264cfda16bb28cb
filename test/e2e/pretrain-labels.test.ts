/** @file Learning labels as a whole, on small music: from the command line to tags in the index, killed and resumed bit for bit. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src-main/compute/index.ts';
import type { pretraining } from '../../src-main/contract/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import { earmarkJson, ended, runEarmark, startEarmark } from '../support/run-earmark.ts';
import { writeWav } from '../support/wav.ts';

const steps = 8;
let root: string;
let begin: string[];

type Done = { run: number; steps: number; encoder: number; checkpoint: string; state: string; heldOut: pretraining.HeldOut };

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'earmark-labels-'));
  mkdirSync(join(root, 'music'));
  const names = Array.from({ length: 10 }, (_, at) => `track ${at}.wav`);
  for (const [at, name] of names.entries()) writeWav(join(root, 'music', name), { seconds: 6, seed: at + 1, sampleRate: 8000 });
  const table = join(root, 'labels.csv');
  writeFileSync(table, `path,early,kind\n${names.map((name, at) => `music/${name},${at < 5 ? 1 : 0},${['a', 'b'][at % 2]}`).join('\n')}\n`);
  const often = ['objective.measuredEvery=4', 'objective.measuredCrops=2', 'objective.patience=null', 'checkpoints.keep=5'];
  begin = [
    'pretrain',
    '--labels',
    table,
    '--column',
    'early',
    '--set',
    'encoder.sampleRate=8000',
    '--batch',
    '2',
    '--steps',
    String(steps),
  ];
  begin.push('--device', 'cpu', ...often.flatMap((one) => ['--set', one]));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function scanned(name: string): Promise<string> {
  const data = join(root, name);
  await earmarkJson(data, 'scan', join(root, 'music'));
  return data;
}

function curvesOf(data: string): pretraining.Curves {
  const store = openStore(data);
  try {
    return store.runPoints.curves(1 as pretraining.RunId, 1000);
  } finally {
    store.close();
  }
}

describe('pretrain with labels', () => {
  it('learns a table, measures itself, and its head’s tags are in the index; killed, it goes on bit for bit', async () => {
    const calm = await scanned('calm');
    const done = await earmarkJson<Done>(calm, ...begin);
    expect(done).toMatchObject({ steps, state: 'done', heldOut: { tracks: 2, each: [{ name: 'early', yes: 1, no: 1 }] } });
    expect(done.checkpoint).toContain(`step-${done.heldOut.best.step}.safetensors`);
    // The encoder is of the best step, and so are the figures.
    expect(done.heldOut.step).toBe(done.heldOut.best.step);
    expect(done.heldOut).toHaveProperty('mfcc');
    expect((await runEarmark(calm, 'runs', 'show', '1')).stdout).toMatch(
      /Held-out tracks \(2 tracks, step [48], the best, which the encoder comes from.*ROC-AUC [01]\.000 \(too few artists to tell\).*MFCC.*Guessing: ROC-AUC 0\.500/s,
    );
    await earmarkJson(calm, 'index', '--encoder', String(done.encoder));
    const store = openStore(calm);
    const set = store.encoders.tagSetOf(done.encoder as never);
    expect(set?.settings).toEqual({ labels: ['early'] });
    expect(store.encoders.get(set?.id ?? (0 as never)).index?.tracks).toBe(10);
    store.close();

    const data = await scanned('killed');
    const child = startEarmark(data, ...begin);
    const end = ended(child);
    // Killed where the first measurement was saved, whenever that is.
    await expect.poll(() => hasCheckpoint(data), { timeout: 600_000 }).toBe(true);
    child.kill('SIGKILL');
    await end;
    writeFileSync(join(root, 'labels.csv'), 'path,early\nmusic/track 1.wav,0\n');
    const after = await earmarkJson<Done>(data, 'pretrain', '--resume', '1');
    expect(curvesOf(data).loss).toEqual(curvesOf(calm).loss);
    expect(after.heldOut).toEqual(done.heldOut);
    const [one, other] = await Promise.all([done, after].map(({ checkpoint }) => readSafetensors(checkpoint)));
    for (const [name, { data: values }] of one?.tensors ?? []) expect(other?.tensors.get(name)?.data, name).toEqual(values);
  });

  it('refuses what cannot be learnt in one sentence, and begins no run', async () => {
    const data = await scanned('wrong');
    const { code, stdout } = await runEarmark(data, 'pretrain', '--tags', 'calm', '--steps', '1', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { message: expect.stringContaining('There is no tag “calm”') as string },
    });
    const both = await runEarmark(data, 'pretrain', '--tags', 'calm', '--labels', 'x.csv', '--json');
    expect(both.stdout + both.stderr).toContain('give --tags or --labels, not both');
    const store = openStore(data);
    expect(store.runs.list()).toEqual([]);
    store.close();
  });
});

function hasCheckpoint(data: string): boolean {
  try {
    return readFileSync(join(data, 'runs', '1', 'checkpoints', 'step-4.json')).length > 0;
  } catch {
    return false;
  }
}
