/** @file `kill -9` between learning from a library and its comparison: the run goes on from its last checkpoint, hears the library and compares. */
import { mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PretrainResult } from '../../src-main/service/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import { makeAudio } from '../support/make-audio.ts';
import { bowed, music } from '../support/make-music.ts';
import { earmarkJson, ended, startEarmark } from '../support/run-earmark.ts';
import { temporaryDirectory } from '../support/store-data.ts';

const learning = ['pretrain', '--recipe', 'library', '--steps', '10', '--device', 'cpu'];

function heardLibrary(folder: string): void {
  mkdirSync(folder);
  for (let seed = 1; seed <= 4; seed++)
    for (const [name, timbre] of [
      ['plucked', undefined],
      ['bowed', bowed],
    ] as const)
      makeAudio(join(folder, `${name} ${seed}.wav`), {
        ...({ kind: 'wav', seconds: 9, sampleRate: 16_000, channels: 1 } as const),
        sound: music(seed, 9, timbre),
      });
}

/** Ends a verb, without a chance to tidy up, at the moment when a file begins that a condition holds of. */
async function killedAt(data: string, args: readonly string[], isMoment: (path: string) => boolean): Promise<string | null> {
  const child = startEarmark(data, ...args);
  const watcher = watch(data, { recursive: true }, (_, path) => {
    if (path !== null && isMoment(path)) child.kill('SIGKILL');
  });
  const { signal } = await ended(child);
  watcher.close();
  return signal;
}

describe('learning a library that was killed', () => {
  it('when it had learnt and had not compared goes on with the same weights, hears the library and compares', async () => {
    const directory = temporaryDirectory();
    const [folder, data] = [join(directory, 'music'), join(directory, 'data')];
    heardLibrary(folder);
    await earmarkJson(data, 'scan', folder);
    await earmarkJson(data, 'encoders', 'create', '--architecture', 'timbre-statistics');
    await earmarkJson(data, 'index', '--encoder', '1');
    // The encoder's weights are the first thing that is made once all is learnt.
    expect(await killedAt(data, learning, (path) => /^encoders\W2\b/.test(path) && !path.includes('.part'))).toBe('SIGKILL');
    const before = lastRun(data);
    expect(before).toMatchObject({ step: 10, comparison: null });
    expect(before.state).not.toBe('done');

    const result = await earmarkJson<PretrainResult>(data, 'pretrain', '--resume', '1');
    const after = lastRun(data);
    expect(result).toMatchObject({ steps: 10, state: 'done', encoder: 2, comparison: { encoderId: 2, againstId: 1, tracks: 8 } });
    // No step was left to do: its figures are those of the last one.
    expect([result.loss, result.clipsPerSecond]).toEqual([before.last?.loss, before.last?.clipsPerSecond]);
    expect(after).toMatchObject({ state: 'done', step: 10, comparison: { encoderId: 2 } });
    expect(after.checkpoints.map(({ step, rank }) => [step, rank])).toEqual(before.checkpoints.map(({ step, rank }) => [step, rank]));
    const store = openStore(data);
    onTestFinished(() => store.close());
    expect(store.encoders.list().map(({ id, index }) => [id, index?.tracks, index?.waiting])).toEqual([
      [1, 8, 0],
      [2, 8, 0],
    ]);
  });
});

function lastRun(data: string): ReturnType<ReturnType<typeof openStore>['runs']['get']> {
  const store = openStore(data);
  try {
    return store.runs.get(1 as never);
  } finally {
    store.close();
  }
}
