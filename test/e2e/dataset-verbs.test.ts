/** @file `earmark datasets`: which are known, and what a folder holds. */
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DatasetCheck, KnownDataset } from '../../src-main/contract/index.ts';
import { annotationTable } from '../support/datasets/magnatagatune-tables.ts';
import { earmarkJson, runEarmark } from '../support/run-earmark.ts';
import { temporaryDirectory } from '../support/store-data.ts';
import { writeWav } from '../support/wav.ts';

const rows = [
  '0/a-b-1-c-0-29.mp3',
  '1/a-b-1-c-29-58.mp3',
  'c/d-e-2-f-0-29.mp3',
  'd/g-h-3-i-0-29.mp3',
  'e/g-h-3-i-29-58.mp3',
  'f/gone-0-29.mp3',
].map((path, at) => ({ id: 100 + at, path, tags: at % 2 === 0 ? ['guitar'] : ['piano', 'soft'] }));

/** A part of MagnaTagATune: one clip was cut, one holds noise that is no audio, one is empty, one is gone. */
function smallSet(): string {
  const folder = temporaryDirectory();
  writeFileSync(join(folder, 'annotations_final.csv'), annotationTable(rows));
  for (const [at, { path }] of rows.slice(0, 5).entries()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeWav(join(folder, path), { seconds: at === 1 ? 12.5 : 29.1, seed: at, sampleRate: 8000 });
  }
  writeFileSync(join(folder, rows[2]?.path ?? ''), 'this is no audio, whatever it is called');
  truncateSync(join(folder, rows[3]?.path ?? ''), 0);
  return folder;
}

describe('earmark datasets', () => {
  it('lists what is known', async () => {
    const { datasets } = await earmarkJson<{ datasets: KnownDataset[] }>(temporaryDirectory(), 'datasets');
    expect(datasets.find(({ name }) => name === 'magnatagatune')?.splits.map(({ name }) => name)).toEqual(['pons', 'lee']);
    expect((await runEarmark(temporaryDirectory(), 'datasets')).stdout).toContain('none: to learn from');
  });

  it('tells what is gone and what is empty, and with --decode what is broken or cut; the manifest is of what is left', async () => {
    const [data, folder] = [temporaryDirectory(), smallSet()];
    const check = async (...options: string[]): Promise<DatasetCheck> => {
      const { code, stdout } = await runEarmark(data, 'datasets', 'check', folder, ...options, '--json');
      expect(code).toBe(1);
      return JSON.parse(stdout) as DatasetCheck;
    };
    const looked = await check();
    expect(looked).toMatchObject({ dataset: 'magnatagatune', ok: false, decoded: false, counts: { train: 2, validation: 1, test: 1 } });
    expect(looked.missing).toEqual([
      { id: '105', path: 'f/gone-0-29.mp3', part: 'test', why: expect.stringContaining('not there') as string },
    ]);
    expect(looked.broken).toEqual([{ id: '103', path: 'd/g-h-3-i-0-29.mp3', part: 'test', why: 'Its file is empty.' }]);
    const decoded = await check('--decode', '--as', 'magnatagatune', '--split', 'pons', '--task', 'top50');
    expect(decoded.counts).toEqual({ train: 1, validation: 0, test: 1 });
    expect(decoded.broken.map(({ id }) => id)).toEqual(['101', '102', '103']);
    expect(decoded.broken[0]?.why).toBe('It was cut: it has 12.5 s in place of 29.');
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(decoded.manifest).toMatchObject({ earmark: version, split: 'pons', counts: decoded.counts, published: { train: 18706 } });
    expect(decoded.manifest.sha256).not.toBe(looked.manifest.sha256);
    expect(decoded.manifest.notes[0]).toBe(
      'The files of 4 clips are missing or broken, and were left out: 1 of 2 for training, 1 of 1 for validation, 2 of 3 for testing. Figures on the others cannot be compared with published ones.',
    );
    expect((await check()).manifest).toEqual(looked.manifest);
  });

  it('ends well where everything is there, in words for people', async () => {
    const folder = temporaryDirectory();
    for (const path of ['rock/a.wav', 'rock/b.wav', 'jazz/a.wav', 'jazz/b.wav']) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeWav(join(folder, path), { seconds: 1, seed: 1 });
    }
    const { code, stdout } = await runEarmark(temporaryDirectory(), 'datasets', 'check', folder, '--decode');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^folder, task class, split hash, in /);
    expect(stdout).toMatch(/labels +2 labels \(classes\): jazz, rock/);
    expect(stdout).toMatch(/Missing: none\nBroken: none\n$/);
  });

  it('refuses what is no data set, and tables behind a link that leads out', async () => {
    const [data, folder, elsewhere] = [temporaryDirectory(), temporaryDirectory(), temporaryDirectory()];
    const none = await runEarmark(data, 'datasets', 'check', folder);
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('looks like none of the data sets that Earmark knows');
    writeFileSync(join(elsewhere, 'annotations_final.csv'), annotationTable(rows));
    symlinkSync(join(elsewhere, 'annotations_final.csv'), join(folder, 'annotations_final.csv'));
    const linked = await runEarmark(data, 'datasets', 'check', folder, '--as', 'magnatagatune');
    expect(linked.stderr).toContain('It is a link that leads outside of the folder');
    expect((await runEarmark(data, 'datasets', 'check', folder, '--as', 'gzan')).code).toBe(2);
  });
});
