/** @file What a neuron's page tells from the audio: how its top segments sound beside others, and the neuron at checkpoints of its run. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EncoderId, Inspection, NeuronDrift, pretraining } from '../../../../src-main/contract/index.ts';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices, EventHub } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { makeRunFolder } from '../../../../src-main/service/pretraining/run-folder.ts';
import { writeCheckpoint } from '../../../../src-main/worker/train/checkpoint-files.ts';
import { makeAudio, tone } from '../../../support/make-audio.ts';
import type { Sound } from '../../../support/make-audio.ts';
import { shortSettings } from '../../../support/pretraining.ts';
import { standInWeights } from '../../../support/seed/course.ts';
import { smallEncoder, temporaryDirectory, trackFile } from '../../../support/store-data.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{
    chooseFolder: async () => null,
    chooseWeights: async () => null,
    reveal: async () => undefined,
  },
};

type Opened = { services: Services; root: string; looks: () => Inspection[] };

function opened(): Opened {
  const root = temporaryDirectory();
  const events = new EventHub();
  const looked: Inspection[] = [];
  const emit = events.emit.bind(events);
  events.emit = (event) => {
    if (event.type === 'inspect.looking' && event.looking !== null) looked.push(event.looking);
    emit(event);
  };
  const services = createServices({
    ...{
      dataDirectory: join(root, 'data'),
      host,
      entries: sourceEntries,
      events,
    },
    report: (error) => console.error(error),
  });
  onTestFinished(() => services.close());
  mkdirSync(join(root, 'music'));
  return { services, root, looks: () => looked };
}

/** Struck tones at 440 Hz. */
const struck: Sound = (seconds) => tone(440, 0.5)(seconds, 0) * Math.exp(-(seconds % 0.5) * 12);
/** A quiet tone at 3 520 Hz that does not change. */
const held: Sound = tone(3520, 0.05);

type Heard = Opened & { encoderId: EncoderId; paths: string[] };

/** Neuron 0 gives 10 on tracks that are struck, and 1 on those that are held. */
function soundLibrary(): Heard {
  const all = opened();
  const { store } = all.services;
  const { id, cropSamples } = store.encoders.add(smallEncoder(2));
  const writer = store.index.writer(store.index.ensure(id, cropSamples).id);
  const paths = Array.from({ length: 8 }, (_, track) => {
    const [name, isStruck] = [`track ${track}`, track < 3];
    const path = join(all.root, 'music', `${name}.flac`);
    makeAudio(path, {
      kind: 'flac',
      seconds: 8.5,
      channels: 1,
      sampleRate: 22_050,
      sound: isStruck ? struck : held,
    });
    const { id: trackId } = store.tracks.upsert(trackFile(store, name, { path }));
    writer.begin(trackId, `hash of ${name}`);
    for (let segment = 0; segment < 3; segment++) writer.append(Float32Array.of(isStruck ? 10 - segment / 10 : 1, segment));
    writer.finish({});
    return path;
  });
  writer.close();
  return { ...all, encoderId: id, paths };
}

describe('the sound of a neuron’s top segments', () => {
  it('is told from the audio, beside that of others, with intervals', async () => {
    const { services, encoderId, looks } = soundLibrary();
    const found = await services.inspecting.sounds.sound({
      encoderId,
      number: 0,
    });
    // A quarter of all 24 segments are top ones, of each track four at most.
    expect([found.top, found.rest, found.left]).toEqual([{ segments: 6, tracks: 3 }, { segments: 18, tracks: 8 }, 0]);
    const { level, attack, decay, bands } = found;
    // Most of the others are held tones of amplitude 0.05, some are struck.
    expect(level.top.mean).toBeGreaterThan(level.rest.mean + 6);
    expect(level.difference.mean).toBeCloseTo(level.top.mean - level.rest.mean, 9);
    expect(level.difference.low).toBeGreaterThan(0);
    expect(attack.difference.low).toBeGreaterThan(0);
    expect(decay.top.mean).toBeGreaterThan(1);
    const strongest = (of: 'top' | 'rest'): number => bands.toSorted((a, b) => b[of].mean - a[of].mean)[0]?.hertz ?? 0;
    expect(strongest('top')).toBeCloseTo(397, 0);
    expect(strongest('rest')).toBeCloseTo(3175, 0);
    expect(looks().at(-1)).toEqual({
      encoderId,
      about: 'sound',
      done: 24,
      total: 24,
    });
  });

  it('leaves out what cannot be read, and says where too little is left', async () => {
    const { services, encoderId, paths } = soundLibrary();
    rmSync(paths[7] as string);
    const found = await services.inspecting.sounds.sound({
      encoderId,
      number: 0,
    });
    expect([found.left, found.rest.tracks]).toEqual([3, 7]);
    for (const path of paths.slice(3, 7)) rmSync(path);
    await expect(services.inspecting.sounds.sound({ encoderId, number: 0 })).rejects.toThrow(
      'There is too little to compare: 6 top segments and 3 others could be read and are not silent, and it takes 4 of each.',
    );
  });

  it('ends when nobody waits for it, and of a neuron that there is not', async () => {
    const { services, encoderId } = soundLibrary();
    const ended = new AbortController();
    ended.abort();
    await expect(services.inspecting.sounds.sound({ encoderId, number: 0 }, { signal: ended.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    await expect(services.inspecting.sounds.sound({ encoderId, number: 2 })).rejects.toThrow('Small has neurons 0 to 1');
  });
});

type Run = Opened & {
  runId: pretraining.RunId;
  encoderId: EncoderId;
  settings: pretraining.PretrainSettings;
};

/** A run with three checkpoints, whose last one is an encoder that has heard four short tracks. */
async function checkpointLibrary(): Promise<Run> {
  const all = opened();
  const { services, root } = all;
  const { store } = services;
  for (let track = 0; track < 4; track++) {
    const path = join(root, 'music', `track ${track}.flac`);
    const sound: Sound = (seconds) => tone(200 * (track + 1), 0.4)(seconds, 0) * Math.cos(seconds * (track + 2)) ** 2;
    makeAudio(path, {
      kind: 'flac',
      seconds: 8,
      channels: 1,
      sampleRate: 8000,
      sound,
    });
  }
  await (
    await services.library.addFolder(join(root, 'music'))
  ).settled;
  const settings = shortSettings();
  const shape = {
    name: 'Short',
    settings,
    selection: { kind: 'library' as const },
    deviceWanted: 'auto',
    tracks: 4,
  };
  const { id: runId } = store.runs.add({
    ...shape,
    codeVersion: 'test',
    continuesRunId: null,
    continuesStep: null,
  });
  makeRunFolder(store.paths, store.runs.get(runId), {
    tracks: [],
    labels: null,
  });
  for (const step of [10, 20, 30]) {
    const measured = { step, loss: 1, rank: 1, activeSeconds: step };
    const bytes = await writeCheckpoint(store.paths.checkpoints(runId), {
      ...{
        ...measured,
        warmupShare: null,
        settings,
        codeVersion: 'test',
        state: new Map(),
        memory: new Map(),
      },
      // The checkpoint of step 20 has the weights of the last one, as in a run that stood still.
      weights: standInWeights(settings, step === 10 ? 1 : 2),
    });
    store.checkpoints.add(runId, { ...measured, bytes, isBest: step === 30 });
  }
  store.runs.update(runId, { state: 'done', step: 30, totalSteps: 30 });
  const encoderId = await services.pretraining.makeEncoder(runId, 30);
  await services.encoders.index({ encoderId, device: 'cpu' }).settled;
  return { ...all, runId, encoderId, settings };
}

/** What an encoder's index has of a neuron on a segment. */
function indexed(
  { store }: Services,
  encoderId: EncoderId,
  number: number,
  { trackId, segment }: { trackId: number; segment: number },
): number {
  return store.index.profile(encoderId, trackId as never, number)[segment] ?? Number.NaN;
}

describe('a neuron at checkpoints of its run', () => {
  it('is heard again at each, compared with now, and told of those that are gone', async () => {
    const { services, runId, encoderId, looks } = await checkpointLibrary();
    const { store, inspecting } = services;
    // Many neurons of drawn weights give one number: the one that differs most between segments is followed.
    const { minima, maxima } = store.index.summary(encoderId);
    const ranges = Array.from(maxima, (most, neuron) => most - (minima[neuron] as number));
    const number = ranges.indexOf(Math.max(...ranges));
    const drift = (follow = {}): Promise<NeuronDrift> => inspecting.drifts.drift({ encoderId, number }, follow);
    const ended = new AbortController();
    ended.abort();
    await expect(drift({ signal: ended.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    const found = await drift();
    expect(found).toMatchObject({ runId, runName: 'Short', gone: [] });
    // Of the twelve segments, a quarter are the top ones; the others are what is correlated.
    expect([found.of, found.segments, found.tracks > 1]).toEqual([3, 9, true]);
    expect(found.steps.map(({ step, isNow }) => [step, isNow])).toEqual([
      [10, false],
      [20, false],
      [30, true],
    ]);
    const [first, second, now] = found.steps;
    for (const same of [second, now]) {
      expect(same?.correlation?.value).toBeCloseTo(1, 6);
      expect([same?.kept, same?.top]).toEqual([found.of, now?.top]);
    }
    expect(first?.correlation?.value ?? 0).toBeLessThan(0.99);
    // What it gives now is what its index holds.
    for (const row of now?.top ?? []) expect(row.activation).toBeCloseTo(indexed(services, encoderId, number, row), 4);
    expect(first?.top.map(({ activation }) => activation)).not.toEqual(now?.top.map(({ activation }) => activation));
    const last = looks().findLast(({ about }) => about === 'drift');
    expect(last?.done).toBe(last?.total);
    rmSync(store.paths.checkpoint(runId, 10));
    // Its own checkpoint gives way to later ones when the run goes on; it came from that run all the same.
    rmSync(store.paths.checkpoint(runId, 30));
    store.checkpoints.delete(runId, 30);
    const less = await drift();
    expect([less.runName, less.gone, less.steps.map(({ step, isNow }) => `${step} ${isNow}`)]).toEqual([
      'Short',
      [10],
      ['20 false', '30 true'],
    ]);
    rmSync(store.paths.checkpoint(runId, 20));
    await expect(drift()).rejects.toMatchObject({ code: 'FILE_GONE' });
  });

  it('is none for an encoder that no run gave', async () => {
    const { services, encoderId } = soundLibrary();
    await expect(services.inspecting.drifts.drift({ encoderId, number: 0 })).rejects.toThrow('did not come from a run of this library');
  });
});
