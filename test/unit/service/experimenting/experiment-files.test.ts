/** @file Experiments as files: what is refused where, how runs and columns unfold, means over seeds, and those of papers that come with Earmark. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../../../src-main/contract/index.ts';
import { resolveSettings } from '../../../../src-main/service/pretraining/settings-options.ts';
import { experimentsDirectory } from '../../../../src-main/host/experiments-directory.ts';
import { experimentPath as pathIn, shippedExperiments as namesIn } from '../../../../src-main/service/index.ts';
import { resultsOf } from '../../../../src-main/service/experimenting/results.ts';
import { overSeeds } from '../../../../src-main/service/experimenting/over-seeds.ts';
import { parseExperiment, readExperiment, unfold } from '../../../../src-main/service/index.ts';
import type { Resolver } from '../../../../src-main/service/index.ts';
import { someEvaluation } from '../../../support/some-evaluation.ts';

const resolver: Resolver = {
  settings: ({ recipe, preset, changes }) =>
    resolveSettings({
      ...{ recipe, set: [...changes].map(([path, value]) => `${path}=${JSON.stringify(value)}`) },
      ...(preset === undefined ? {} : { preset }),
    }),
  selection: () => ({ kind: 'library' }),
};

const small = {
  ...{ format: 'earmark-experiment', version: 1, title: 'Small', folders: { set: '/set' }, seeds: [1, 2] },
  runs: [
    {
      name: 'CLMR',
      recipe: 'clmr',
      settings: { batch: 8 },
      vary: { 'objective.temperature': [0.1, 0.5], 'encoder.sampleRate': [8000, 16000] },
    },
  ],
  evaluations: [
    {
      name: 'Tags',
      folder: 'set',
      dataset: 'magnatagatune',
      task: 'top50',
      split: 'pons',
      protocol: 'clmr',
      percents: [10, 100],
      figures: ['rocAuc'],
    },
  ],
};

const parsed = (changes: object): Experiment => parseExperiment(JSON.stringify({ ...small, ...changes }), 'a.json');

describe('a file of an experiment', () => {
  it('is refused with the place of what is wrong in it', () => {
    const [run] = small.runs;
    const [evaluation] = small.evaluations;
    expect(() => parsed({ runs: [{ ...run, bach: 8 }] })).toThrow(/a\.json .*runs\[0\]\.bach: There is no such key/);
    expect(() => parsed({ evaluations: [{ ...evaluation, protocol: 'mine' }] })).toThrow(/evaluations\[0\]\.protocol: /);
    expect(() => parsed({ runs: [{ name: 'Nothing' }] })).toThrow(
      /runs\[0\]: It takes exactly one of recipe, untrained, encoder, supervised, and has none/,
    );
    expect(() => parsed({ runs: [{ name: 'Two', recipe: 'clmr', encoder: 3 }] })).toThrow(/has recipe, encoder/);
    expect(() => parsed({ runs: [{ name: 'Mine', encoder: 3, preset: 'try' }] })).toThrow(/runs\[0\]\.preset: It belongs to a recipe/);
    expect(() => parsed({ seeds: [-1] })).toThrow(/seeds\[0\]: /);
    expect(() => parseExperiment('{', 'a.json')).toThrow(/a\.json is not JSON/);
  });

  it('unfolds every combination with every seed, and every share of labels', () => {
    const { rows, units, columns } = unfold(parsed({ baselines: true }), 'a.json', resolver);
    expect(rows).toEqual([
      ...['CLMR, temperature 0.1, sampleRate 8000', 'CLMR, temperature 0.1, sampleRate 16000'],
      ...['CLMR, temperature 0.5, sampleRate 8000', 'CLMR, temperature 0.5, sampleRate 16000'],
      ...['Timbre statistics', '20 mel cepstral coefficients'],
    ]);
    expect(units).toHaveLength(4 * 2 + 2);
    expect(units[3]?.work).toMatchObject({
      settings: { seed: 2, batch: 8, objective: { temperature: 0.1 }, encoder: { sampleRate: 16000 } },
    });
    expect(columns.map(({ name, percent, head, folder }) => [name, percent, head, folder])).toEqual([
      ['Tags, 10 %', 10, 'linear', '/set'],
      ['Tags, 100 %', 100, 'linear', '/set'],
    ]);
  });

  it('is refused where names mean nothing or two things, and where a recipe has no such setting', () => {
    const refused =
      (changes: object): (() => unknown) =>
      () =>
        unfold(parsed(changes), 'a.json', resolver);
    const [run] = small.runs;
    const [evaluation] = small.evaluations;
    expect(refused({ folders: {} })).toThrow(/evaluations\[0\]\.folder: “set” stands for no folder/);
    expect(refused({ runs: [run, run] })).toThrow(/Two rows are called “CLMR, temperature 0.1, sampleRate 8000”/);
    expect(refused({ runs: [{ ...run, settings: { 'optimizer.beta': 1 } }] })).toThrow(/runs\[0\]: There is no setting optimizer\.beta/);
    expect(refused({ evaluations: [{ ...evaluation, protocol: 'vicmus', head: 'mlp' }] })).toThrow(/has linear, not mlp/);
    expect(refused({ published: [{ row: 'A', cells: { Tags: { rocAuc: 1 } } }] })).toThrow(/published\[0\]: There is no column “Tags”/);
    expect(refused({ published: [{ row: 'A', cells: { 'Tags, 10 %': { accuracy: 1 } } }] })).toThrow(/has no figure accuracy/);
  });
});

describe('means over seeds', () => {
  it('have the intervals of SciPy', () => {
    type Reference = { cases: { values: number[]; mean: number; low: number; high: number }[] };
    const { cases } = JSON.parse(readFileSync(new URL('../../../parity/values/seeds.json', import.meta.url), 'utf8')) as Reference;
    for (const { values, mean, low, high } of cases) {
      const found = overSeeds(values);
      expect(found.value).toBeCloseTo(mean, 9);
      expect(found.low).toBeCloseTo(low, 9);
      expect(found.high).toBeCloseTo(high, 9);
    }
    expect(overSeeds([0.3])).toEqual({ value: 0.3, low: null, high: null });
  });
});

describe('experiments of papers', () => {
  it('can all be read and unfolded, with published rows in their columns', async () => {
    const names = namesIn(experimentsDirectory());
    expect(names).toHaveLength(13);
    for (const name of names) {
      const path = pathIn(experimentsDirectory(), name);
      const { experiment, units } = unfold(await readExperiment(path), path, resolver);
      expect(units.length, name).toBeGreaterThan(0);
      expect(experiment.published.length, name).toBeGreaterThan(0);
      expect(experiment.source, name).not.toBe('');
    }
  });

  it('have averages that are means of their columns, as VICMus’s paper rounds them', async () => {
    const { published, averages } = await readExperiment(pathIn(experimentsDirectory(), 'vicmus'));
    const of = averages[0]?.of ?? [];
    const whole = published.filter(({ cells }) => cells['HARES-music'] !== undefined);
    expect(whole).toHaveLength(4);
    for (const { row, cells } of whole) {
      const mean = of.reduce((sum, { evaluation, figure }) => sum + (cells[evaluation]?.[figure] ?? Number.NaN), 0) / of.length;
      expect(Math.abs(mean - (cells['HARES-music']?.['mean'] ?? 0)), row).toBeLessThan(0.051);
    }
  });
});

describe('shares of labels', () => {
  const notesOf = (percents: number[], clips: Record<number, number>): string[] => {
    const [evaluation] = small.evaluations;
    const whole = unfold(parsed({ runs: [{ name: 'Mine', encoder: 3 }], evaluations: [{ ...evaluation, percents }] }), 'a.json', resolver);
    const known = {
      of: () => ({ encoderId: 3 }),
      evaluation: (_unit: unknown, _id: unknown, { percent }: { percent: number }) =>
        clips[percent] === undefined ? null : someEvaluation({ id: 1, counts: { train: clips[percent], validation: 5, test: 5 } }),
    };
    return resultsOf(whole, known as never).notes;
  };

  it('are told with the clips that they are, and that small ones may be the same', () => {
    expect(notesOf([10, 100], { 10: 1200, 100: 12_000 })).toEqual(['“Tags” learns from 1\u202f200 clips at 10 %, 12\u202f000 at 100 %.']);
    expect(notesOf([5, 10, 100], { 5: 24, 10: 24 })).toEqual([
      '“Tags” learns from 24 clips at 5 %, 24 at 10 %. Of each combination of labels at least one clip is kept, so that small shares can be the same clips.',
    ]);
    expect(notesOf([10, 100], {})).toEqual([]);
    expect(notesOf([100], { 100: 240 })).toEqual([]);
  });
});
