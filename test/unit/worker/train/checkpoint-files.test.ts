import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pretraining } from '../../../../src-main/contract/index.ts';
import { listCheckpoints, readCheckpoint, writeCheckpoint } from '../../../../src-main/worker/train/checkpoint-files.ts';
import type { CheckpointState } from '../../../../src-main/worker/train/checkpoint-files.ts';
import { CheckpointKeeper } from '../../../../src-main/worker/train/checkpoint-keeper.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'earmark-checkpoints-'));
});
afterEach(() => rm(directory, { recursive: true }));

function checkpoint(step: number, loss = 1, rank = 5): CheckpointState {
  const array = (values: number[]): { shape: number[]; data: Float32Array } => ({
    shape: [values.length],
    data: Float32Array.from(values),
  });
  return {
    step,
    activeSeconds: step * 2,
    warmupShare: null,
    loss,
    rank,
    settings: pretraining.recipeDefaults.clmr,
    codeVersion: '1.2.3',
    weights: new Map([['encoder.a', array([1, 2, step])]]),
    state: new Map([['mean:encoder.a', array([0.1, 0.2, 0.3])]]),
    memory: new Map([['remembered.tracks', array([4, 9])]]),
  };
}

describe('checkpoints', () => {
  it('come back as they were written', async () => {
    await writeCheckpoint(directory, checkpoint(7));
    expect(await readCheckpoint(directory, 7)).toEqual(checkpoint(7));
    expect(await listCheckpoints(directory)).toEqual([7]);
    expect((await readdir(directory)).toSorted()).toEqual(['step-7.json', 'step-7.safetensors']);
  });

  it('that were cut in half are refused with a sentence', async () => {
    const bytes = await writeCheckpoint(directory, checkpoint(7));
    await truncate(join(directory, 'step-7.safetensors'), Math.floor(bytes / 2));
    await expect(readCheckpoint(directory, 7)).rejects.toThrow(/step-7.safetensors cannot be used: it has \d+ bytes/);
  });

  it('with a changed byte are refused', async () => {
    await writeCheckpoint(directory, checkpoint(7));
    const path = join(directory, 'step-7.safetensors');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(path, bytes);
    await expect(readCheckpoint(directory, 7)).rejects.toMatchObject({ code: 'CHECKPOINT_UNREADABLE' });
  });

  it('of a newer version are refused, and say so', async () => {
    await writeCheckpoint(directory, checkpoint(7));
    const path = join(directory, 'step-7.json');
    await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, 'utf8')) as object), version: 99 }));
    await expect(readCheckpoint(directory, 7)).rejects.toThrow('a newer Earmark wrote it');
  });

  it('that never were are named', async () => {
    await expect(readCheckpoint(directory, 3)).rejects.toMatchObject({ code: 'FILE_GONE' });
    expect(await listCheckpoints(join(directory, 'none'))).toEqual([]);
  });
});

describe('a keeper of checkpoints', () => {
  it('keeps the last few and the best, and tells what it deletes', async () => {
    const told: string[] = [];
    const policy = { everyMinutes: 1, keep: 2, best: 'loss' as const };
    const keeper = new CheckpointKeeper(directory, policy, [], (reply) =>
      told.push(`${reply.type} ${reply.step}${reply.type === 'saved' && reply.isBest ? ' best' : ''}`),
    );
    for (const [step, loss] of [
      [1, 3],
      [2, 1],
      [3, 2],
      [4, 2.5],
      [5, 2.2],
    ] as const)
      await keeper.save(checkpoint(step, loss));
    expect(await listCheckpoints(directory)).toEqual([2, 4, 5]);
    expect(told).toEqual(['saved 1 best', 'saved 2 best', 'saved 3', 'dropped 1', 'saved 4', 'saved 5', 'dropped 3']);
  });

  it('takes the highest rank for the best where that was chosen', async () => {
    const keeper = new CheckpointKeeper(directory, { everyMinutes: 1, keep: 1, best: 'rank' }, [], () => undefined);
    for (const [step, rank] of [
      [1, 9],
      [2, 4],
      [3, 5],
    ] as const)
      await keeper.save(checkpoint(step, 1, rank));
    expect(await listCheckpoints(directory)).toEqual([1, 3]);
  });
});
