/** @file Experiments through the contract's own procedures: those that come with Earmark, a file with its folders, and a job that does what is left. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { experimentsDirectory } from '../../../../src-main/host/experiments-directory.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { makeTaggedSet } from '../../../support/datasets/tagged-set.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
const quiet = new AbortController().signal;

function core(): Services {
  const services = createServices({
    ...{ dataDirectory: temporaryDirectory(), host, entries: sourceEntries, report: () => undefined },
    experimentsDirectory: experimentsDirectory(),
  });
  onTestFinished(() => services.close());
  services.encoders.ensureBuiltIn();
  return services;
}

it('tells those of papers, what is left of one, and which folder a file does not name', async () => {
  const { experiments } = core().handlers;
  const listed = await experiments.list(undefined, quiet);
  expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(['clmr-temperature', 'music2vec', 'vicmus']));
  const opened = await experiments.open({ file: 'clmr-temperature', folders: {} }, quiet);
  expect(opened.title).toBe(listed.find(({ name }) => name === 'clmr-temperature')?.title);
  expect(opened.results).toMatchObject({ done: 0, notes: [] });
  expect(opened.results.published.length).toBeGreaterThan(0);
  const [place] = Object.entries(opened.folders).filter(([, folder]) => folder === null);
  expect(opened.plan.columns.some(({ problem }) => problem?.includes(`Nobody has said where “${place?.[0]}” lies`) === true)).toBe(true);
  await expect(experiments.run({ file: 'clmr-temperature', folders: {} }, quiet)).rejects.toThrow(/Nobody has said where/);
  await expect(experiments.open({ file: 'clmr-temperature', folders: { elsewhere: '/x' } }, quiet)).rejects.toThrow(
    /names no folder “elsewhere”/,
  );
});

it('does what is left as a job, of the clips that the file names, and says where they are others', async () => {
  const services = core();
  const { experiments } = services.handlers;
  const evaluation = (manifest: string | null): object => ({
    ...{ name: 'Tags', folder: 'set', dataset: 'magnatagatune', task: 'top50', split: 'pons', protocol: 'clmr', manifest },
    figures: ['averagePrecision'],
  });
  const write = (manifest: string | null): string => {
    const file = join(temporaryDirectory(), 'own.json');
    const about = { format: 'earmark-experiment', version: 1, title: 'Own', folders: { set: null } };
    writeFileSync(
      file,
      JSON.stringify({ ...about, runs: [{ name: 'Statistics', encoder: 'Timbre statistics' }], evaluations: [evaluation(manifest)] }),
    );
    return file;
  };
  const wish = { file: write(null), folders: { set: makeTaggedSet() } };
  const { settled } = await services.experiments.start(wish);
  expect((await settled).result).toMatchObject({ evaluations: 1, failures: [], done: 1, all: 1 });
  const { results, plan } = await experiments.open(wish, quiet);
  expect(results.rows[0]?.cells[0]?.value).toBe(services.evaluating.list()[0]?.figures[0]?.value);
  expect(plan.columns[0]).toMatchObject({ done: 1, all: 1 });
  expect((await (await services.experiments.start(wish)).settled).result).toMatchObject({ evaluations: 0, done: 1 });
  const hash = services.evaluating.list()[0]?.manifest.slice(0, 16) ?? '';
  const known = await experiments.open({ ...wish, file: write(hash) }, quiet);
  expect(known.results.done).toBe(1);
  const other = { ...wish, file: write('0123456789abcdef') };
  expect((await experiments.open(other, quiet)).results.done).toBe(0);
  const { result } = await (await services.experiments.start(other)).settled;
  expect(result).toMatchObject({
    failures: [{ code: 'BAD_INPUT', message: expect.stringMatching(/asks for clips with the manifest 0123/) as string }],
  });
});
