/** @file `kill -9` in the middle of an experiment: the same command goes on, does nothing twice and loses nothing, and its table is that of one that was left alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { expect, it } from 'vitest';
import type { Results } from '../../src-main/contract/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import { makeTaggedSet } from '../support/datasets/tagged-set.ts';
import { earmarkJson, ended, startEarmark } from '../support/run-earmark.ts';
import { temporaryDirectory } from '../support/store-data.ts';

type Carried = { runs: number; evaluations: number; failures: unknown[]; done: number; all: number };

/** Two runs of a few steps, evaluated beside what learnt nothing. */
function writeExperiment(set: string): string {
  const file = join(temporaryDirectory(), 'small.json');
  const document = {
    ...{ format: 'earmark-experiment', version: 1, title: 'Small', folders: { set }, seeds: [1, 2], baselines: true },
    settings: { 'encoder.sampleRate': 8000, batch: 4, length: { unit: 'steps', amount: 4 } },
    runs: [{ name: 'CLMR', recipe: 'clmr' }],
    evaluations: [
      {
        ...{ name: 'Tags', folder: 'set', dataset: 'magnatagatune', task: 'top50', split: 'pons', protocol: 'clmr' },
        figures: ['averagePrecision', 'rocAuc'],
      },
    ],
  };
  writeFileSync(file, JSON.stringify(document));
  return file;
}

/** Kills it as soon as it says a line. @returns how it ended */
async function killedAt(child: ChildProcess, line: RegExp): Promise<NodeJS.Signals | null> {
  let said = '';
  child.stdout?.on('data', (data: Buffer) => {
    said += data.toString();
    if (line.test(said)) child.kill('SIGKILL');
  });
  return (await ended(child)).signal;
}

/** Evaluations that are kept, and checkpoints of runs. */
function kept(data: string): { evaluations: number[]; steps: number[] } {
  const store = openStore(data);
  try {
    return { evaluations: store.evaluations.list().map(({ id }) => id), steps: store.runs.list().map(({ step }) => step) };
  } finally {
    store.close();
  }
}

it('goes on after kill -9 in a run and in an evaluation, and ends with the table of one that was left alone', async () => {
  const set = makeTaggedSet();
  const file = writeExperiment(set);
  const [calm, data] = [temporaryDirectory(), temporaryDirectory()];
  for (const directory of [calm, data]) await earmarkJson(directory, 'scan', set);
  const whole = await earmarkJson<Carried>(calm, 'experiment', 'run', file, '--device', 'cpu');
  expect(whole).toMatchObject({ runs: 2, evaluations: 4, failures: [], done: 4, all: 4 });

  const run = (): ChildProcess => startEarmark(data, 'experiment', 'run', file, '--device', 'cpu');
  // In the first evaluation: its run is finished.
  expect(await killedAt(run(), /1 of 4, CLMR, seed 1: Tags/)).toBe('SIGKILL');
  expect(kept(data).steps).toEqual([4]);
  // In the second run: the first evaluation is kept.
  expect(await killedAt(run(), /2 of 4, CLMR, seed 2: begins/)).toBe('SIGKILL');
  const before = kept(data);
  expect(before.evaluations).toHaveLength(1);
  const rest = await earmarkJson<Carried>(data, 'experiment', 'run', file, '--device', 'cpu');
  expect(rest).toMatchObject({ evaluations: 3, failures: [], done: 4, all: 4 });
  expect(rest.runs).toBeLessThan(2);
  const after = kept(data);
  expect(after.evaluations).toEqual(expect.arrayContaining(before.evaluations));
  expect(after.steps.toSorted()).toEqual([4, 4]);
  expect(await earmarkJson<Carried>(data, 'experiment', 'run', file, '--device', 'cpu')).toMatchObject({ runs: 0, evaluations: 0 });

  const table = (directory: string): Promise<Results> => earmarkJson<Results>(directory, 'experiment', 'show', file);
  const [one, other] = [await table(calm), await table(data)];
  expect(other.rows).toEqual(one.rows);
  expect(one.rows.map(({ row }) => row)).toEqual(['CLMR', 'Timbre statistics', '20 mel cepstral coefficients']);
});
