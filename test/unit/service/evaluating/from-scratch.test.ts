/** @file A contestant that learns from the labels alone: what it learns from, how it is judged, that it goes on, and what is refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isCancelled } from '../../../../src-main/base/index.ts';
import { evaluationWishSchema, pretraining } from '../../../../src-main/contract/index.ts';
import type { Evaluation, EvaluationWish } from '../../../../src-main/contract/index.ts';
import type { DatasetClip } from '../../../../src-main/datasets/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices, EventHub } from '../../../../src-main/service/index.ts';
import type { Services, TrainLabels } from '../../../../src-main/service/index.ts';
import { askedOf } from '../../../../src-main/service/evaluating/asked.ts';
import { planScratch } from '../../../../src-main/service/evaluating/scratch-plan.ts';
import type { ScratchClips } from '../../../../src-main/service/evaluating/scratch-plan.ts';
import { checkScratch, scratchEncoder, scratchName, scratchSettings } from '../../../../src-main/service/evaluating/scratch-settings.ts';
import { makeTaggedSet } from '../../../support/datasets/tagged-set.ts';
import { temporaryDirectory } from '../../../support/store-data.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};

function library(events = new EventHub()): Services {
  const services = createServices({ dataDirectory: temporaryDirectory(), host, entries: sourceEntries, report: () => undefined, events });
  onTestFinished(() => services.close());
  services.encoders.ensureBuiltIn();
  return services;
}

/** Two epochs at the lowest rate. */
function wishOf(folder: string, more: Partial<EvaluationWish> = {}): EvaluationWish {
  const supervised = { unit: 'epochs' as const, amount: 2, sampleRate: 8000 as const };
  return { folder, protocol: 'clmr', encoders: [], baselines: false, supervised, ...more };
}

async function evaluated(services: Services, wish: EvaluationWish): Promise<Evaluation[]> {
  const { result } = await (await services.evaluating.start(wish)).settled;
  const { evaluationIds } = result as { evaluationIds: number[] };
  return evaluationIds.flatMap((id) => services.evaluating.list().find((one) => one.id === id) ?? []);
}

/** What the runs of the data set’s library learnt from and were measured by: folders of files by role. */
function learntFrom(services: Services, folder: string): { name: string; taught: string[]; heldOut: string[] }[] {
  const [name] = readNames(services);
  const own = createServices({
    dataDirectory: join(services.store.paths.dataSets, name ?? ''),
    host,
    entries: sourceEntries,
    report: () => undefined,
  });
  try {
    const paths = new Map<number, string>(own.store.tracks.audio().map(({ trackId, path }) => [trackId, path.slice(folder.length + 1)]));
    return own.store.runs.list().map((run) => {
      const { tracks } = JSON.parse(readFileSync(join(own.store.paths.run(run.id), 'labels.json'), 'utf8')) as TrainLabels;
      const of = (role: 'taught' | 'heldOut'): string[] =>
        tracks.flatMap((track) => (track.role === role ? [paths.get(track.trackId)?.[0] ?? ''] : [])).toSorted();
      return { name: run.name, taught: of('taught'), heldOut: of('heldOut') };
    });
  } finally {
    void own.close();
  }
}

function readNames({ store }: Services): string[] {
  return readdirSync(store.paths.dataSets);
}

describe('what is trained from scratch on labels', () => {
  it('learns from the clips that train alone, is judged by its own head, and is not trained twice', async () => {
    const services = library();
    const folder = makeTaggedSet();
    const wish = wishOf(folder, { seeds: [1, 2] });
    const [found] = await evaluated(services, wish);
    expect(found?.contestant).toMatchObject({
      kind: 'supervised',
      name: 'Supervised from scratch, SampleCNN, 8\u202f000 Hz, at most 2 epochs',
    });
    expect(found).toMatchObject({ seeds: [1, 2], counts: { train: 12, validation: 4, test: 8 }, head: 'linear', protocol: 'clmr' });
    expect(found?.figures.map(({ name }) => name)).toEqual(['averagePrecision', 'rocAuc', 'averagePrecisionByClip', 'rocAucByClip']);
    expect(found?.figures[0]?.each).toHaveLength(2);
    expect(found?.scratch).toMatchObject({ unit: 'epochs', amount: 2, sampleRate: 8000, clips: 12, measured: 4 });
    expect(found?.scratch?.each.map(({ seed, steps, epochs, isExhausted }) => [seed, steps, epochs, isExhausted])).toEqual([
      [1, 2, 2, false],
      [2, 2, 2, false],
    ]);
    expect(found?.chosen).toMatchObject({ batch: 12, learningRate: 3e-4, dropout: 0.5, steps: 2 });
    expect(found?.notes.join(' ')).toMatch(/learnt from 12 labelled clips that train, end to end, seed 1 for 2 epochs/);
    expect(found?.notes.join(' ')).toMatch(/ended by its length.* 200 epochs at most/);
    const runs = learntFrom(services, folder);
    expect(runs).toHaveLength(2);
    for (const { taught, heldOut } of runs) expect([taught.join(''), heldOut.join('')]).toEqual(['0123456789ab', 'cccc']);
    expect(await evaluated(services, wish)).toEqual([found]);
    // Judged by another protocol it is not trained again.
    const [other] = await evaluated(services, { ...wish, protocol: 'clmr-released' });
    expect(other?.id).not.toBe(found?.id);
    expect(other?.scratch).toEqual(found?.scratch);
    expect(learntFrom(services, folder)).toHaveLength(2);
    expect(services.encoders.list()).toHaveLength(1);
  });

  it('learns from the same share of labels as probes do', async () => {
    const services = library();
    const folder = makeTaggedSet();
    const encoders = [{ encoderId: services.encoders.resolve(null).id }];
    const [probe, own] = await evaluated(services, wishOf(folder, { percent: 50, encoders }));
    expect([probe?.contestant.kind, own?.contestant.kind]).toEqual(['encoder', 'supervised']);
    expect(own?.counts).toEqual(probe?.counts);
    expect(own?.scratch?.clips).toBe(own?.counts.train);
    expect(own?.counts.train).toBe(6);
    const ids = [probe, own].flatMap((one) => one?.id ?? []);
    const [difference] = await services.evaluating.compare({ ids, against: probe?.id ?? (0 as never) }, new AbortController().signal);
    expect(difference?.id).toBe(own?.id);
  });

  it('goes on with the run where it was cancelled', async () => {
    const events = new EventHub();
    const services = library(events);
    const folder = makeTaggedSet();
    const wish = wishOf(folder, { supervised: { unit: 'epochs', amount: 12, sampleRate: 8000 } });
    const job = await services.evaluating.start(wish);
    const stop = new AbortController();
    for await (const event of events.subscribe(stop.signal)) {
      if (event.type === 'job.updated' && /trains, [1-9]\d* of 12 steps/.test(event.job.progress.detail)) break;
    }
    await services.jobs.cancel(job.jobId);
    expect(await job.settled.then(() => false, isCancelled)).toBe(true);
    expect(services.evaluating.list()).toEqual([]);
    const [found] = await evaluated(services, wish);
    expect(found?.scratch?.each.map(({ steps }) => steps)).toEqual([12]);
    expect(learntFrom(services, folder)).toHaveLength(1);
  });

  it('is refused in a sentence where there is nothing to learn so', async () => {
    const services = library();
    const folder = makeTaggedSet();
    const start = (more: Partial<EvaluationWish>): Promise<unknown> => services.evaluating.start(wishOf(folder, more));
    await expect(start({ supervised: { unit: 'epochs', amount: 1.5 } })).rejects.toThrow(/Epochs are whole/);
    await expect(start({ supervised: { architecture: 'timbre-net' } })).rejects.toThrow(/choose a family that hears waves/);
    const asked = evaluationWishSchema.parse(wishOf(folder));
    const task = { name: 'emotion', title: 'Valence and arousal', labels: ['valence', 'arousal'] };
    expect(() => checkScratch(asked, { dataset: 'emomusic', task: { ...task, kind: 'numbers' } })).toThrow(
      /^Valence and arousal asks for numbers, and an encoder is trained from scratch on tags or classes alone/,
    );
    expect(() => checkScratch(asked, { dataset: 'own-tags', task: { ...task, kind: 'tags' } })).toThrow(
      /Your own tags are judged fold by fold/,
    );
    expect(() => checkScratch({ ...asked, supervised: null }, { dataset: 'own-tags', task: { ...task, kind: 'numbers' } })).not.toThrow();
    expect(services.activeJobs()).toEqual([]);
  });
});

const clip = (at: number, part: DatasetClip['part'], answers: number[]): DatasetClip => ({
  ...{ id: `${at}`, path: `${at}.wav`, part, answers, group: null, whole: `${at}` },
});
const track = (trackId: number): NonNullable<ScratchClips['tracks'][number]> => ({
  trackId,
  path: `/${trackId}`,
  audioHash: `${trackId}`,
  durationMs: 4000,
});
const task = { name: 'a', title: 'A', kind: 'classes' as const, labels: ['low', 'high'] };
const objective = { ...pretraining.objectiveDefaults['cross-entropy'] };

describe('the plan of a training from scratch', () => {
  const clips = [clip(1, 'train', [0]), clip(2, 'train', [1]), clip(3, 'validation', [1]), clip(4, 'test', [0]), clip(5, 'train', [1])];
  const groups = [0, 1, 2, 3, 4];

  it('never holds a clip that is judged, whatever file it lies in', () => {
    const { labels, taught, measured } = planScratch({ task, clips, groups, tracks: [1, 2, 3, 4, 5].map(track) }, { objective, seed: 1 });
    expect(taught.map(({ trackId }) => trackId)).toEqual([1, 2, 5]);
    expect(measured.map(({ trackId }) => trackId)).toEqual([3]);
    expect(labels.tracks.map(({ trackId, answers, role }) => [trackId, answers, role])).toEqual([
      ...[
        [1, [1, 0], 'taught'],
        [2, [0, 1], 'taught'],
        [5, [0, 1], 'taught'],
      ],
      [3, [0, 1], 'heldOut'],
    ]);
    // Planted: one file is a clip that trains and one that is judged, and another one trains and validates.
    const more = { task, clips: [...clips, clip(6, 'train', [0])], groups: [...groups, 5] };
    const leaking = planScratch({ ...more, tracks: [4, 2, 3, 4, 3, 6].map(track) }, { objective, seed: 1 });
    expect(leaking.taught.map(({ trackId }) => trackId)).toEqual([2, 6]);
    expect(leaking.labels.tracks.filter(({ role }) => role === 'taught').map(({ trackId }) => trackId)).toEqual([2, 6]);
    expect(() => planScratch({ ...more, tracks: [1, 2, 4, 4, 5, 3].map(track) }, { objective, seed: 1 })).toThrow(
      /No clip of this split validates/,
    );
  });

  it('is refused where too few clips are left, or none validates', () => {
    const of = (part: DatasetClip['part'][], tracks: number[]): (() => unknown) => {
      const own = part.map((one, at) => clip(at, one, [at % 2]));
      return () => planScratch({ task, clips: own, groups: part.map((_, at) => at), tracks: tracks.map(track) }, { objective, seed: 1 });
    };
    expect(of(['train', 'validation', 'test'], [1, 2, 3])).toThrow(
      /^1 clip can be learnt from, and a training from scratch needs 2 at least/,
    );
    expect(of(['train', 'train', 'test'], [1, 2, 3])).toThrow(/No clip of this split validates/);
  });

  it('is not made where all that is learnt from is of one class', () => {
    const policies = { emptyLabels: '', labelOrder: '', ties: '', aggregation: '', groups: '' };
    const table = {
      ...{ dataset: 'gtzan', split: 'own', task, leftOut: [], notes: [], published: null, leastSeconds: null, policies },
      clips: [clip(1, 'train', [0]), clip(2, 'train', [0]), clip(3, 'validation', [1]), clip(4, 'test', [1])],
    };
    const runs = { directory: '', dimensions: 1, firstRows: Int32Array.of(0, 1, 2, 3), counts: new Int32Array(4).fill(1) };
    expect(() => askedOf(table, runs, { percent: 100, seed: 1 })).toThrow(/What is learnt from has one class alone/);
    const told = { ...table, clips: [clip(0, 'train', [1]), ...table.clips.slice(1)] };
    expect(askedOf(told, runs, { percent: 100, seed: 1 }).clips.map(({ id }) => id)).toEqual(['0', '2', '3', '4']);
  });
});

describe('the settings of a training from scratch', () => {
  const wish = { unit: 'epochs' as const, amount: 200, architecture: null, sampleRate: null };

  it('take the first encoder’s shape where it can be chosen, what was asked for before that, and else SampleCNN', async () => {
    const services = library();
    const untrained = async (architecture: 'resnet' | 'sample-cnn'): Promise<Parameters<typeof scratchEncoder>[1]> => {
      const { id } = await services.encoders.createUntrained({ architecture, sampleRate: 16_000, seed: 1, name: undefined });
      return services.store.encoders.get(id);
    };
    const [resnet, statistics] = [await untrained('resnet'), services.store.encoders.get(services.encoders.resolve(1 as never).id)];
    expect(scratchEncoder(wish, null)).toEqual({ architecture: 'sample-cnn', sampleRate: 22_050 });
    expect(scratchEncoder(wish, statistics)).toEqual({ architecture: 'sample-cnn', sampleRate: 22_050 });
    expect(scratchEncoder(wish, resnet)).toMatchObject({ architecture: 'resnet', sampleRate: 16_000, depth: 50 });
    expect(scratchEncoder(wish, await untrained('sample-cnn'))).toEqual({ architecture: 'sample-cnn', sampleRate: 16_000 });
    expect(scratchEncoder({ ...wish, architecture: 'sample-cnn' }, resnet)).toEqual({ architecture: 'sample-cnn', sampleRate: 22_050 });
    expect(scratchName(wish, scratchEncoder(wish, null))).toBe('Supervised from scratch, SampleCNN, at most 200 epochs');
    expect(scratchName({ ...wish, unit: 'minutes', amount: 1 }, scratchEncoder(wish, resnet))).toMatch(
      /^Supervised from scratch, ResNet-50, 16\u202f000 Hz, at most 1 minute$/,
    );
  });

  it('are those of the thesis, with one class a clip or many', () => {
    const parts = {
      wish,
      choice: scratchEncoder(wish, null),
      head: 'mlp' as const,
      names: ['low', 'high'],
      folder: '/set',
      clips: 900,
      seed: 3,
    };
    expect(scratchSettings({ ...parts, kind: 'tags' })).toMatchObject({
      ...{ recipe: 'supervised', batch: 48, seed: 3, length: { unit: 'epochs', amount: 200 }, checkpoints: { best: 'held-out' } },
      objective: { kind: 'bce', head: 'mlp', dropout: 0.5, patience: 3, labelPercent: 100 },
      optimizer: { kind: 'adam', learningRate: 3e-4 },
    });
    expect(scratchSettings({ ...parts, kind: 'classes', clips: 7 })).toMatchObject({ batch: 7, objective: { kind: 'cross-entropy' } });
  });
});
