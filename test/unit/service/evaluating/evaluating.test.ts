/** @file Evaluations of a small data set on the disk: what is compared, what is kept, what is left out, how one goes on, and what is refused. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isCancelled } from '../../../../src-main/base/index.ts';
import type { Evaluation, EvaluationWish } from '../../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices, EventHub } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { annotationTable, clipInfoTable } from '../../../support/datasets/magnatagatune-tables.ts';
import type { Annotation } from '../../../support/datasets/magnatagatune-tables.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';
import { writeWav } from '../../../support/wav.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};

/** Clips of low and of high tones in all parts, four artists each; what is high is called a flute. */
const clips: Annotation[] = [...'0123456789abccccddddeeee'].map((folder, at) => ({
  id: 70_000 + at,
  path: `${folder}/artist_${at % 8}-album-01-piece_${at}-0-29.mp3`,
  tags: at % 2 === 0 ? ['flute', 'classical'] : ['rock'],
}));

/** Writes the set. */
function makeSet(): string {
  const folder = join(temporaryDirectory(), 'set');
  for (const [at, { path }] of clips.entries()) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeWav(join(folder, path), { seconds: 4.5, seed: at, hertz: at % 2 === 0 ? [1500, 3000] : [80, 300] });
  }
  writeFileSync(join(folder, 'annotations_final.csv'), annotationTable(clips));
  writeFileSync(
    join(folder, 'clip_info_final.csv'),
    clipInfoTable(clips, ({ path }) => path.slice(2, 10)),
  );
  return folder;
}

function library(events = new EventHub()): Services {
  const services = createServices({ dataDirectory: temporaryDirectory(), host, entries: sourceEntries, report: () => undefined, events });
  onTestFinished(() => services.close());
  services.encoders.ensureBuiltIn();
  return services;
}

function wishOf({ encoders }: Services, folder: string, more: Partial<EvaluationWish> = {}): EvaluationWish {
  return { folder, protocol: 'jukemir', head: 'linear', encoders: [{ encoderId: encoders.resolve(null).id }], ...more };
}

async function evaluated(services: Services, wish: EvaluationWish): Promise<Evaluation[]> {
  const { result } = await (await services.evaluating.start(wish)).settled;
  const { evaluationIds } = result as { evaluationIds: number[] };
  return evaluationIds.flatMap((id) => services.evaluating.list().find((one) => one.id === id) ?? []);
}

describe('an evaluation', () => {
  it('tells what an encoder reaches beside statistics that learnt nothing, and does nothing twice', async () => {
    const services = library();
    const wish = wishOf(services, makeSet(), { protocol: 'clmr', seeds: [1, 2] });
    const found = await evaluated(services, wish);
    expect(found.map(({ contestant }) => [contestant.kind, contestant.dimensions])).toEqual([
      ['encoder', 316],
      ['cepstra', 40],
    ]);
    const [statistics, cepstra] = found;
    expect(statistics).toMatchObject({
      dataset: 'magnatagatune',
      protocol: 'clmr',
      head: 'linear',
      leftOut: 0,
      seeds: [1, 2],
      isStandardised: true,
    });
    expect(statistics?.counts).toEqual({ train: 12, validation: 4, test: 8 });
    expect(statistics?.figures.map(({ name }) => name)).toEqual(['averagePrecision', 'rocAuc', 'averagePrecisionByClip', 'rocAucByClip']);
    expect(statistics?.figures[0]?.each).toHaveLength(2);
    expect(statistics?.labels.filter(({ figure }) => figure !== null).map(({ name, examples }) => [name, examples])).toEqual([
      ['classical', 4],
      ['rock', 4],
      ['flute', 4],
    ]);
    const [difference] = await services.evaluating.compare(
      { ids: found.map(({ id }) => id), against: cepstra?.id ?? (0 as never) },
      new AbortController().signal,
    );
    expect(difference).toMatchObject({ id: statistics?.id, against: cepstra?.id, name: 'averagePrecision' });
    expect(difference?.difference.value).toBeCloseTo((statistics?.figures[0]?.value ?? NaN) - (cepstra?.figures[0]?.value ?? NaN), 12);
    const again = await evaluated(services, wish);
    expect(again).toEqual(found);
    expect(services.store.tracks.summary().tracks).toBe(0);
  });

  it('says which clips could not be used, and compares nothing across other clips', async () => {
    const own = makeSet();
    const services = library();
    const wish = { ...wishOf(services, own), baselines: false, protocol: 'marble-v2' as const, head: null };
    const [whole] = await evaluated(services, wish);
    rmSync(join(own, clips.at(-1)?.path ?? ''));
    const [part] = await evaluated(services, wish);
    expect(whole).toMatchObject({ leftOut: 0, counts: { test: 8 } });
    expect(part).toMatchObject({ leftOut: 1, counts: { test: 7 } });
    expect(part?.notes.join(' ')).toMatch(/missing or broken, and were left out/);
    expect(part?.manifest).not.toBe(whole?.manifest);
    const ids = [whole, part].flatMap((one) => one?.id ?? []);
    const differences = await services.evaluating.compare({ ids, against: whole?.id ?? (0 as never) }, new AbortController().signal);
    expect(differences).toEqual([]);
  });

  it('leaves out who takes in more at a time than clips are long, and says so', async () => {
    const services = library();
    // The clips have 4.5 s, and this takes 50 000 samples at 8 kHz.
    const { encoders } = wishOf(services, '');
    const { id } = await services.encoders.createUntrained({ architecture: 'vit', sampleRate: 8000, seed: 1, name: undefined });
    const wish = wishOf(services, makeSet(), { protocol: 'clmr', encoders: [{ encoderId: id }, ...encoders] });
    const { result, message } = await (await services.evaluating.start(wish)).settled;
    const left = expect.stringMatching(
      /heard none of the 12 clips for training\. It takes 6\.25 s at a time, and clips that are shorter/,
    ) as unknown;
    expect(result).toMatchObject({ unheard: [left] });
    expect(message).toEqual(left);
    expect(services.evaluating.list().map(({ contestant }) => contestant.kind)).toEqual(['cepstra', 'encoder']);
    const alone = services.evaluating.start({ ...wish, encoders: [{ encoderId: id }], baselines: false });
    await expect(alone.then(({ settled }) => settled)).rejects.toMatchObject({ code: 'BAD_INPUT', message: left });
  });

  it('goes on with what is left where it was cancelled, and can be removed and brought back', async () => {
    const events = new EventHub();
    const services = library(events);
    const wish = wishOf(services, makeSet(), { protocol: 'clmr' });
    const stop = new AbortController();
    const job = await services.evaluating.start(wish);
    for await (const event of events.subscribe(stop.signal)) if (event.type === 'evaluations.changed') break;
    await services.jobs.cancel(job.jobId);
    const kept = await job.settled.then(
      () => [],
      (error: unknown) => (isCancelled(error) ? services.evaluating.list() : []),
    );
    expect(kept.map(({ contestant }) => contestant.kind)).toEqual(['encoder']);
    const found = await evaluated(services, wish);
    expect(found.map(({ id }) => id)).toContain(kept[0]?.id);
    expect(services.evaluating.list()).toHaveLength(2);
    services.evaluating.setRemoved([found[0]?.id ?? (0 as never)], true);
    expect(services.evaluating.list()).toHaveLength(1);
    services.evaluating.setRemoved([found[0]?.id ?? (0 as never)], false);
    expect(services.evaluating.list()).toHaveLength(2);
  });

  it('knows a folder by its whole path, however it was named', async () => {
    const services = library();
    const folder = makeSet();
    const named = `${relative(process.cwd(), folder)}/`;
    const [found] = await evaluated(services, wishOf(services, named, { protocol: 'clmr', baselines: false }));
    expect(found?.folder).toBe(folder);
    const [again] = await evaluated(services, wishOf(services, folder, { protocol: 'clmr', baselines: false }));
    expect(again?.id).toBe(found?.id);
    expect(readdirSync(services.store.paths.dataSets)).toHaveLength(1);
  });

  it('probes every layer and judges the best, or a sum of layers with what each counts', async () => {
    const services = library();
    const { id } = await services.encoders.createUntrained({ sampleRate: 22_050, seed: 1, name: undefined });
    const wish = wishOf(services, makeSet(), { protocol: 'marble-v2', head: null, baselines: false, encoders: [{ encoderId: id }] });
    const [every] = await evaluated(services, { ...wish, layers: 'every' });
    const outputs = every?.layers?.each.map(({ output }) => output) ?? [];
    expect(every?.layers?.use).toBe('every');
    expect(outputs).toEqual(services.encoders.outputs(id).map(({ name }) => name));
    const validated = every?.layers?.each.map((one) => one.validated ?? -1) ?? [];
    expect(validated[outputs.indexOf(every?.contestant.output ?? '')]).toBe(Math.max(...validated));
    const [sum] = await evaluated(services, { ...wish, layers: 'sum' });
    expect(sum?.contestant).toMatchObject({ output: 'sum', dimensions: 256 });
    const shares = sum?.layers?.each.map(({ share }) => share ?? NaN) ?? [];
    expect(shares.length).toBeGreaterThan(3);
    expect(shares.reduce((total, one) => total + one, 0)).toBeCloseTo(1, 6);
    const [one] = await evaluated(services, wish);
    expect(one?.layers).toBeNull();
    expect(new Set([every, sum, one].map((own) => own?.id)).size).toBe(3);
    await expect(services.evaluating.start({ ...wish, protocol: 'clmr', layers: 'sum' })).rejects.toThrow(/probes one layer/);
    const named = [{ encoderId: id, output: 'block-1' }];
    await expect(services.evaluating.start({ ...wish, encoders: named, layers: 'every' })).rejects.toThrow(/one or the other/);
  });

  it('is of the person’s own tags too: every tagged track is judged once, and nothing is added to the library', async () => {
    const services = library();
    const folder = makeSet();
    expect(services.evaluating.ownTags()).toBeNull();
    await (
      await services.library.addFolder(folder)
    ).settled;
    const { store } = services;
    const [flute, rock] = ['flute', 'rock'].map((name) => store.tags.create({ kind: '', name, isTyped: true }).tag.id);
    for (const { trackId, path } of store.tracks.audio()) {
      const clip = clips.find((one) => path.endsWith(one.path));
      const tagId = clip?.tags.includes('flute') === true ? flute : rock;
      await services.handlers.tags.mark(
        { tagIds: [tagId ?? (0 as never)], targets: [{ trackId }], answer: 'yes' },
        new AbortController().signal,
      );
    }
    const check = services.evaluating.ownTags();
    expect(check?.manifest).toMatchObject({ dataset: 'own-tags', labels: ['flute', 'rock'], counts: { train: 24 } });
    const wish = { ...wishOf(services, 'library', { dataset: 'own-tags', protocol: 'marble-v2', head: null, seeds: [1, 2] }) };
    await expect(services.evaluating.start({ ...wish, percent: 10 }).then(({ settled }) => settled)).rejects.toThrow(/as a whole/);
    await expect((await services.evaluating.start(wish)).settled).rejects.toThrow(/has not heard your music yet/);
    await services.encoders.index({ encoderId: services.encoders.resolve(null).id }).settled;
    const found = await evaluated(services, wish);
    expect(found.map(({ contestant }) => contestant.kind)).toEqual(['encoder', 'cepstra']);
    expect(found[0]).toMatchObject({ dataset: 'own-tags', counts: { test: 24 }, seeds: [1, 2], folder: 'library' });
    expect(found[0]?.figures[0]?.value).toBeGreaterThan(0.9);
    expect(found[0]?.figures[0]?.low).not.toBeNull();
    expect(services.encoders.list()).toHaveLength(1);
    expect(existsSync(store.paths.dataSets)).toBe(false);
    const differences = await services.evaluating.compare(
      { ids: found.map(({ id }) => id), against: found[1]?.id ?? (0 as never) },
      new AbortController().signal,
    );
    expect(differences).toHaveLength(1);
  });

  it('is refused in a sentence where a protocol, task, head, encoder or folder does not fit', async () => {
    const services = library();
    const folder = makeSet();
    const start = (more: Partial<EvaluationWish>): Promise<unknown> => services.evaluating.start(wishOf(services, folder, more));
    await expect(start({ protocol: 'vicmus', head: 'mlp' })).rejects.toThrow(/has no mlp head/);
    await expect(start({ task: 'pitch' })).rejects.toThrow(/has no task “pitch”/);
    await expect(start({ split: 'mine' })).rejects.toThrow(/has no split “mine”/);
    await expect(start({ folder: join(folder, 'gone') })).rejects.toThrow(/There is no folder/);
    await expect(start({ folder: join(folder, '0') })).rejects.toThrow(/looks like none of the data sets/);
    await expect(start({ encoders: [{ encoderId: 99 }] })).rejects.toThrow(/no encoder 99/);
    await expect(start({ encoders: [], baselines: false })).rejects.toThrow(/nothing to evaluate/);
    expect(services.evaluating.list()).toEqual([]);
    expect(services.activeJobs()).toEqual([]);
  });
});
