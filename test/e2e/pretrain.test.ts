/** @file Pre-training as a whole, on small music: it runs, becomes an encoder that indexes, and outlives `kill -9` at random moments bit for bit. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src-main/base/index.ts';
import type { pretraining } from '../../src-main/contract/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import { earmarkJson, ended, runEarmark, startEarmark } from '../support/run-earmark.ts';
import { writeWav } from '../support/wav.ts';

/** More rounds: EARMARK_KILL_ROUNDS=100. */
const rounds = Number(process.env['EARMARK_KILL_ROUNDS'] ?? 5);
const steps = 24;
/** Small enough for a test: 8 kHz, four pairs, a checkpoint every three seconds of training. */
const small = ['--set', 'encoder.sampleRate=8000', '--batch', '4', '--set', 'checkpoints.everyMinutes=0.05', '--set', 'checkpoints.keep=2'];
let root: string;

type Done = { run: number; steps: number; loss: number; encoder: number; checkpoint: string; device: string; state: string };

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'earmark-pretrain-'));
  mkdirSync(join(root, 'music'));
  for (let i = 0; i < 9; i++) writeWav(join(root, 'music', `track ${i}.wav`), { seconds: 6 + i, seed: i + 1, sampleRate: 8000 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function curvesOf(data: string, runId: number): pretraining.Curves {
  const store = openStore(data);
  try {
    return store.runPoints.curves(runId as pretraining.RunId, 100_000);
  } finally {
    store.close();
  }
}

describe('pretrain', () => {
  it('learns from the library, becomes an encoder, and indexes with it', async () => {
    const data = join(root, 'whole');
    await earmarkJson(data, 'scan', join(root, 'music'));
    const done = await earmarkJson<Done>(data, 'pretrain', ...small, '--steps', '4', '--device', 'cpu');
    expect(done).toMatchObject({ steps: 4, device: 'cpu', state: 'done' });
    expect(done.loss).toBeGreaterThan(0);
    const index = await earmarkJson<{ tracks: number; segments: number }>(data, 'index', '--encoder', String(done.encoder));
    expect(index.tracks).toBe(9);
    expect(index.segments).toBeGreaterThan(9);
    const longer = await earmarkJson<Done>(data, 'pretrain', '--resume', String(done.run), '--steps', '6');
    expect(longer).toMatchObject({ run: done.run, steps: 6, state: 'done' });
    expect(curvesOf(data, done.run).step).toEqual([1, 2, 3, 4, 5, 6]);
    type Drift = { of: number; steps: { step: number; isNow: boolean; correlation: { value: number } | null; kept: number }[] };
    const file = join(root, 'drift.csv');
    const drift = await earmarkJson<Drift>(data, 'inspect', 'drift', '--encoder', String(done.encoder), '--neuron', '3', '-o', file);
    expect(drift.steps.find(({ isNow }) => isNow)).toMatchObject({ step: 4, kept: drift.of });
    const last = drift.steps.at(-1);
    expect([last?.step, last?.isNow]).toEqual([6, false]);
    expect(Math.abs(last?.correlation?.value ?? NaN)).toBeLessThan(1);
    expect(readFileSync(file, 'utf8')).toMatch(/\n6,/);
  });

  it('learns with VICReg', async () => {
    const data = join(root, 'vicreg');
    await earmarkJson(data, 'scan', join(root, 'music'));
    const projector = ['--set', 'projector.hidden=[32,32]', '--set', 'projector.dimensions=32'];
    const done = await earmarkJson<Done>(data, 'pretrain', '--recipe', 'vicreg', ...small, ...projector, '--steps', '3');
    expect(done).toMatchObject({ steps: 3, state: 'done' });
    const { parts, loss } = curvesOf(data, done.run);
    for (let i = 0; i < 3; i++) {
      const sum = Object.values(parts).reduce((total, part) => total + (part[i] ?? NaN), 0);
      expect(sum).toBeCloseTo(loss[i] ?? NaN, 2);
    }
  });

  it('says in one sentence that there are fewer tracks than the batch', async () => {
    const data = join(root, 'few');
    await earmarkJson(data, 'scan', join(root, 'music'));
    const { code, stdout } = await runEarmark(
      data,
      'pretrain',
      '--set',
      'encoder.sampleRate=8000',
      '--batch',
      '16',
      '--steps',
      '1',
      '--json',
    );
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout) as { error: { message: string } };
    expect(error.message).toMatch(/9 .*16|16 .*9/);
  });

  it(`killed at ${rounds} random moments, has the curve of an undisturbed run bit for bit`, async () => {
    const begin = ['pretrain', ...small, '--steps', String(steps), '--device', 'cpu'];
    const calm = join(root, 'calm');
    await earmarkJson(calm, 'scan', join(root, 'music'));
    const expected = await earmarkJson<Done>(calm, ...begin);
    const whole = curvesOf(calm, expected.run);
    expect(whole.step).toEqual(Array.from({ length: steps }, (_, index) => index + 1));

    const data = join(root, 'killed');
    await earmarkJson(data, 'scan', join(root, 'music'));
    const random = seededRandom(Number(process.env['EARMARK_SEED'] ?? 7));
    let kills = 0;
    let args = begin;
    for (let round = 0; round < rounds; round++) {
      const child = startEarmark(data, ...args);
      const done = ended(child);
      const timer = setTimeout(() => child.kill('SIGKILL'), 700 + random.uniform() * 4_500);
      const { signal } = await done;
      clearTimeout(timer);
      if (signal === 'SIGKILL') kills++;
      const store = openStore(data);
      const [run] = store.runs.list();
      store.close();
      if (run !== undefined) args = ['pretrain', '--resume', String(run.id)];
      if (signal !== 'SIGKILL') break;
    }
    if (process.env['EARMARK_SHOW'] === '1') process.stdout.write(`killed ${kills} times\n`);
    expect(kills).toBeGreaterThan(0);
    const after = await runEarmark(data, ...args, '--json');
    const { step, loss, learningRate } = curvesOf(data, expected.run);
    expect({ step, loss, learningRate, after: after.code }).toEqual({
      step: whole.step,
      loss: whole.loss,
      learningRate: whole.learningRate,
      after: after.code,
    });
  });

  it('goes on from the checkpoint before a damaged one, and says so', async () => {
    const data = join(root, 'damaged');
    await earmarkJson(data, 'scan', join(root, 'music'));
    const often = ['--set', 'checkpoints.everyMinutes=0.05'];
    const first = await earmarkJson<Done>(data, 'pretrain', ...small, ...often, '--steps', '3');
    const second = await earmarkJson<Done>(data, 'pretrain', '--resume', String(first.run), '--steps', '5');
    truncateSync(second.checkpoint, 1000);
    const third = await earmarkJson<Done>(data, 'pretrain', '--resume', String(first.run), '--steps', '6');
    expect(third.steps).toBe(6);
    const store = openStore(data);
    const { message } = store.runs.get(first.run as pretraining.RunId);
    store.close();
    expect(message).toContain('step-5.safetensors cannot be used');
    expect(curvesOf(data, first.run).step).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('ends with a sentence when the disk fills up during a checkpoint, and goes on once there is room', async (context) => {
    const tight = join(root, 'tight');
    mkdirSync(tight);
    if (!mount(tight, '-o', 'size=44m')) return context.skip('a small file system cannot be mounted here');
    try {
      const data = join(tight, 'data');
      await earmarkJson(data, 'scan', join(root, 'music'));
      const often = ['--set', 'checkpoints.everyMinutes=0.05', '--set', 'checkpoints.keep=1'];
      const { code, stdout } = await runEarmark(data, 'pretrain', ...small, ...often, '--steps', '400', '--json');
      expect(code).toBe(1);
      const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
      expect(error.code).toBe('DISK_FULL');
      expect(error.message).toMatch(/disk is full/);
      expect(readdirSync(join(data, 'runs', '1', 'checkpoints')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      expect(mount(tight, '-o', 'remount,size=200m')).toBe(true);
      const shown = await earmarkJson<{ run: { step: number } }>(data, 'runs', 'show', '1');
      const longer = await earmarkJson<Done>(data, 'pretrain', '--resume', '1', '--steps', String(shown.run.step + 2));
      expect(longer.state).toBe('done');
    } finally {
      execFileSync('umount', [tight]);
    }
  });
});

/** Mounts a file system in memory; false where that is not permitted. */
function mount(path: string, ...options: string[]): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', ...options, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
