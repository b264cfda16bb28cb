/** @file Experiments carried out on rendered sounds: what is planned, what is done once, what a cancelled one keeps, what fails, and how the table reads. */
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isCancelled } from '../../../../src-main/base/index.ts';
import { resultsCsv, resultsLatex } from '../../../../src-main/contract/index.ts';
import { isPublishedLine, resultsText } from '../../../../src-main/host/cli/verbs/experiment-text.ts';
import { planText } from '../../../../src-main/host/cli/verbs/experiment-plan-text.ts';
import { resolveSettings } from '../../../../src-main/service/pretraining/settings-options.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices, parseExperiment, unfold } from '../../../../src-main/service/index.ts';
import type { Resolver, Services, Unfolded } from '../../../../src-main/service/index.ts';
import { makeKeySet } from '../../../support/datasets/key-set.ts';
import { makeTaggedSet } from '../../../support/datasets/tagged-set.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};

const resolver: Resolver = {
  settings: ({ recipe, changes }) =>
    resolveSettings({ recipe, set: [...changes].map(([path, value]) => `${path}=${JSON.stringify(value)}`) }),
  selection: () => ({ kind: 'library' }),
};

function open(dataDirectory: string): Services {
  const services = createServices({ dataDirectory, host, entries: sourceEntries, report: () => undefined });
  services.encoders.ensureBuiltIn();
  return services;
}

/** Two runs that take a few steps, and what learnt nothing. */
function document(set: string): object {
  return {
    ...{ format: 'earmark-experiment', version: 1, title: 'Small', source: 'a test', notes: ['A note.'], folders: { set }, seeds: [1, 2] },
    settings: { 'encoder.sampleRate': 8000, batch: 4, length: { unit: 'steps', amount: 3 } },
    runs: [{ name: 'CLMR', recipe: 'clmr' }],
    baselines: true,
    evaluations: [
      {
        ...{ name: 'Tags', folder: 'set', dataset: 'magnatagatune', task: 'top50', split: 'pons', protocol: 'clmr' },
        figures: ['averagePrecision', 'rocAuc'],
      },
    ],
    published: [{ row: 'CLMR', cells: { Tags: { averagePrecision: 35.37 } }, note: 'Of 10 000 epochs.' }],
  };
}

const unfolded = (experiment: object): Unfolded => unfold(parseExperiment(JSON.stringify(experiment), 'a.json'), 'a.json', resolver);

/** Carries it out; the lines that were said. @param onLine may end it */
async function carried(
  services: Services,
  whole: Unfolded,
  onLine: (line: string, stop: AbortController) => void = () => undefined,
): Promise<{ lines: string[]; runs: number; evaluations: number; failures: unknown[] }> {
  const lines: string[] = [];
  const stop = new AbortController();
  const done = await services.experimenting.run(whole, {
    ...{ device: 'cpu', signal: stop.signal },
    follow: async (job) => {
      const end = (): void => void services.jobs.cancel(job.jobId);
      if (stop.signal.aborted) end();
      stop.signal.addEventListener('abort', end);
      return job.settled;
    },
    say: (line) => {
      lines.push(line);
      onLine(line, stop);
    },
  });
  return { lines, ...done };
}

describe('an experiment', () => {
  it('does everything once, goes on where it was ended, and knows in a new process what is done', async () => {
    const set = makeTaggedSet();
    const directory = join(temporaryDirectory(), 'data');
    const first = open(directory);
    await (
      await first.library.addFolder(set)
    ).settled;
    const whole = unfolded(document(set));
    const before = await first.experimenting.plan(whole, null);
    expect(before.units.map(({ state }) => state)).toEqual(['left', 'left', 'done', 'done']);
    expect(before).toMatchObject({ isAllKnown: false, columns: [{ done: 0, all: 4 }] });
    expect(before.units[0]?.bytes).toBeGreaterThan(2_000_000 * 3 * 4);
    // The first run is finished and the second one under way when it is ended.
    const end = carried(first, whole, (line, stop) => {
      if (line.includes('seed 2: begins')) stop.abort();
    });
    expect(
      await end.then(
        () => false,
        (error: unknown) => isCancelled(error) || (error as Error).name === 'AbortError',
      ),
    ).toBe(true);
    const kept = first.store.evaluations.list().map(({ id }) => id);
    expect(kept).toHaveLength(1);
    await first.close();

    const second = open(directory);
    onTestFinished(() => second.close());
    const planned = await second.experimenting.plan(whole, null);
    expect(planned.units.map(({ state }) => state)).toEqual(['done', 'begun', 'done', 'done']);
    const rest = await carried(second, whole);
    expect(rest).toMatchObject({ runs: 1, evaluations: 3, failures: [] });
    expect(rest.lines[0]).toMatch(/^2 of 4, CLMR, seed 2: goes on from step/);
    expect(second.store.runs.list().map(({ state }) => state)).toEqual(['done', 'done']);
    expect(second.store.evaluations.list().map(({ id }) => id)).toContain(kept[0]);
    expect(await carried(second, whole)).toEqual({ lines: [], runs: 0, evaluations: 0, failures: [] });

    const results = second.experimenting.results(whole);
    expect(results).toMatchObject({ done: 4, all: 4 });
    const [clmr, statistics] = results.rows;
    const values = second.store.evaluations
      .list()
      .flatMap(({ contestant, figures }) => (contestant.kind === 'encoder' ? [figures[0]?.value ?? NaN] : []));
    expect(clmr?.cells[0]?.seeds).toBe(2);
    expect(clmr?.cells[0]?.value).toBeCloseTo(values.reduce((sum, one) => sum + one, 0) / 2, 12);
    expect(statistics?.cells[0]?.value).toBe(
      second.store.evaluations.list().find(({ contestant }) => contestant.kind === 'statistics')?.figures[0]?.value,
    );
    const text = resultsText(whole.experiment, results);
    expect(text.split('\n').filter(isPublishedLine)).toEqual([expect.stringMatching(/^CLMR, published \* +35\.37$/)]);
    expect(text).toMatch(/\* CLMR: Of 10 000 epochs\.\nA note\.$/);
    expect(resultsCsv(results)).toContain('\npublished,CLMR,Tags,averagePrecision,0.3537,,,,Of 10 000 epochs.\n');
    expect(resultsLatex(whole.experiment, results)).toMatch(/\\textcolor\{gray\}\{CLMR\} & \\textcolor\{gray\}\{35\.37\} &/);
    expect(planText('Small', await second.experimenting.plan(whole, null))).toContain('Everything is done.');
  });

  it('tells what fails at the end, and does the rest', async () => {
    const set = makeTaggedSet();
    const services = open(temporaryDirectory());
    onTestFinished(() => services.close());
    // Nothing to learn from: the library is empty.
    const whole = unfolded({ ...document(set), seeds: [1] });
    const { failures, evaluations } = await carried(services, whole);
    expect(failures).toEqual([
      { what: 'CLMR, seed 1', code: 'NOT_FOUND', message: expect.stringMatching(/no tracks in the library/) as unknown },
    ]);
    expect(evaluations).toBe(2);
    const { units } = await services.experimenting.plan(whole, {
      device: 'cpu',
      signal: new AbortController().signal,
      onUnit: () => undefined,
    });
    expect(units[0]?.problem).toMatch(/no tracks in the library/);
  });

  it('puts chroma to columns that show the key score, and to no other', async () => {
    const services = open(temporaryDirectory());
    onTestFinished(() => services.close());
    const [tags] = (document('x') as { evaluations: object[] }).evaluations;
    const keys = {
      ...{ name: 'Keys', folder: 'keys', dataset: 'giantsteps', task: 'key', split: 'own', protocol: 'marble-v2' },
      figures: ['keyScore', 'accuracy'],
    };
    const whole = unfolded({
      ...document('x'),
      ...{ settings: {}, folders: { set: makeTaggedSet(), keys: makeKeySet() }, published: [], evaluations: [tags, keys] },
      runs: [{ name: 'Statistics', encoder: services.encoders.resolve(null).id }],
    });
    expect(whole.rows).toEqual(['Statistics', 'Timbre statistics', '20 mel cepstral coefficients', 'Chroma']);
    const { columns } = await services.experimenting.plan(whole, null);
    expect(columns.map(({ all }) => all)).toEqual([3, 4]);
    expect((await carried(services, whole)).failures).toEqual([]);
    const results = services.experimenting.results(whole);
    expect(results).toMatchObject({ done: 7, all: 7 });
    const chroma = services.store.evaluations.list().find(({ contestant }) => contestant.kind === 'chroma');
    expect(chroma?.dataset).toBe('giantsteps');
    expect(results.rows[3]?.cells.map((cell) => cell?.value ?? null)).toEqual([
      ...[null, null],
      ...['keyScore', 'accuracy'].map((name) => chroma?.figures.find((one) => one.name === name)?.value),
    ]);
    const without = unfolded({ ...document('x'), baselines: true });
    expect(without.rows).not.toContain('Chroma');
    const wrong = unfolded({
      ...document('x'),
      ...{ settings: {}, folders: whole.experiment.folders, published: [], evaluations: [{ ...tags, figures: ['keyScore'] }] },
      runs: [{ name: 'Statistics', encoder: services.encoders.resolve(null).id }],
    });
    expect((await carried(services, wrong)).failures).toEqual([
      {
        what: 'Chroma, Tags',
        code: 'BAD_INPUT',
        message: expect.stringMatching(/shows keyScore, and top50 of magnatagatune has no musical keys/) as unknown,
      },
    ]);
  });

  it('trains from scratch in every column, once, and knows it by its length', async () => {
    const services = open(temporaryDirectory());
    onTestFinished(() => services.close());
    const set = makeTaggedSet();
    const [tags] = (document('x') as { evaluations: object[] }).evaluations;
    const of = (supervised: object): Unfolded =>
      unfolded({
        ...document(set),
        ...{ settings: {}, baselines: false, published: [], evaluations: [{ ...tags, percents: [50, 100] }] },
        runs: [{ name: 'From scratch', supervised: { sampleRate: 8000, ...supervised } }],
      });
    const whole = of({ amount: 1 });
    // Seeds are those of the columns.
    expect(whole.units.map(({ row, seed }) => [row, seed])).toEqual([['From scratch', null]]);
    const before = await services.experimenting.plan(whole, null);
    expect(before.units[0]).toMatchObject({ kind: 'supervised', state: 'left', seconds: null });
    expect(before.units[0]?.bytes).toBeGreaterThan(2 * 2_000_000 * 3 * 4);
    const inMinutes = await services.experimenting.plan(of({ unit: 'minutes', amount: 0.5 }), null);
    expect(inMinutes.units[0]?.seconds).toBe(2 * 30);
    expect(await carried(services, whole)).toMatchObject({ runs: 0, evaluations: 2, failures: [] });
    expect(await carried(services, whole)).toMatchObject({ evaluations: 0, failures: [] });
    const results = services.experimenting.results(whole);
    expect(results).toMatchObject({ done: 2, all: 2, notes: ['“Tags” learns from 6 clips at 50 %, 12 at 100 %.'] });
    const half = services.store.evaluations.list().find(({ percent }) => percent === 50);
    expect(half).toMatchObject({ contestant: { kind: 'supervised' }, scratch: { clips: 6 } });
    expect(results.rows[0]?.cells[0]?.value).toBe(half?.figures[0]?.value);
    const after = await services.experimenting.plan(whole, null);
    expect(after.units[0]).toMatchObject({ state: 'done', seconds: 0, bytes: 0 });
    expect(planText('Small', after)).toContain('Everything is done.');
    // For longer it is another one.
    expect((await services.experimenting.plan(of({ amount: 2 }), null)).units[0]?.state).toBe('left');
  });

  it('begins nothing where a folder or an encoder is missing', async () => {
    const services = open(temporaryDirectory());
    onTestFinished(() => services.close());
    const nowhere = unfolded({ ...document('x'), folders: { set: null } });
    await expect(carried(services, nowhere)).rejects.toThrow(/Nobody has said where “set” lies. Say it with `--folder set=DIR`/);
    const unknown = unfolded({ ...document('x'), settings: {}, runs: [{ name: 'Mine', encoder: 'Nobody’s' }] });
    await expect(carried(services, unknown)).rejects.toThrow(/no encoder Nobody’s/);
    const { units } = await services.experimenting.plan(unknown, null);
    expect(units[0]?.problem).toMatch(/no encoder Nobody’s/);
    expect(services.store.runs.list()).toEqual([]);
  });
});
