/** @file The encoder that every library begins with, from an empty directory to sorted segments, and in libraries that are older than it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { featureName, firstFeatures } from '../../../../src-main/contract/index.ts';
import type { EncoderId } from '../../../../src-main/contract/index.ts';
import { sourceEntries, startCore } from '../../../../src-main/host/core.ts';
import type { Core } from '../../../../src-main/host/core.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import { openStore } from '../../../../src-main/store/index.ts';
import { smallEncoder, temporaryDirectory } from '../../../support/store-data.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { writeWav } from '../../../support/wav.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
const optionsOf = (dataDirectory: string) => ({ dataDirectory, host, entries: sourceEntries, report: () => undefined });

async function coreOn(directory: string): Promise<Core> {
  const core = await startCore(optionsOf(directory));
  onTestFinished(() => core.close());
  return core;
}

function chosen({ store }: Services): EncoderId | null {
  return store.settings.get().encoderId;
}

describe('a library that is new', () => {
  it('can be listened to after a folder was added, without a choice: what is found is indexed by the encoder that is there', async () => {
    const root = temporaryDirectory();
    const music = join(root, 'music');
    mkdirSync(music);
    for (const [i, seconds] of [9, 13].entries()) writeWav(join(music, `${i}.wav`), { seconds, seed: i + 1 });
    const { services } = await coreOn(join(root, 'data'));
    const [encoder, ...others] = services.encoders.list();
    expect(others).toEqual([]);
    expect(encoder).toMatchObject({ architecture: 'timbre-statistics', source: 'built-in', dimensions: 316, sampleRate: 16_000 });
    expect(chosen(services)).toBe(encoder?.id);
    services.store.settings.set({ device: 'cpu' });
    const { settled } = await services.library.addFolder(music);
    await settled;
    await waitFor(async () => expect(services.encoders.list()[0]?.index).toMatchObject({ tracks: 2, segments: 2 + 3, waiting: 0 }));
    await waitFor(async () => expect(services.activeJobs()).toEqual([]));
    const encoderId = encoder?.id as EncoderId;
    const sort = [{ feature: 0, descending: true }];
    const page = await services.listening.segments({ encoderId, features: [0], sort, search: '', offset: 0, limit: 10 });
    expect(page.rows).toHaveLength(5);
    expect(await services.doctor({ signal: new AbortController().signal })).toContainEqual(
      expect.objectContaining({ name: 'Encoders', ok: true }),
    );
  });

  it('is not indexed by itself where the settings say so', async () => {
    const root = temporaryDirectory();
    const music = join(root, 'music');
    mkdirSync(music);
    writeWav(join(music, 'one.wav'), { seconds: 9, seed: 1 });
    const { services } = await coreOn(join(root, 'data'));
    services.store.settings.set({ indexAfterScan: false });
    await (
      await services.library.addFolder(music)
    ).settled;
    expect(services.jobs.list().map(({ kind }) => kind)).toEqual(['scan']);
  });
});

describe('the built-in encoder', () => {
  it('is made once, and stays out where it was taken out until it is wanted again, with its number', async () => {
    const directory = join(temporaryDirectory(), 'data');
    const first = await startCore(optionsOf(directory));
    const [made] = first.services.encoders.list();
    await first.close();
    const again = await startCore(optionsOf(directory));
    expect(again.services.encoders.list().map(({ id }) => id)).toEqual([made?.id]);
    again.services.encoders.remove(made?.id as EncoderId);
    await again.close();
    const { services } = await coreOn(directory);
    expect([services.encoders.list(), chosen(services)]).toEqual([[], null]);
    expect(() => services.encoders.resolve(null)).toThrow(/--architecture timbre-statistics/);
    expect(services.encoders.bringBuiltIn().id).toBe(made?.id);
    expect([services.encoders.list().length, chosen(services)]).toEqual([1, made?.id]);
  });

  it('comes to an older library beside the encoder that was chosen there, which stays so', async () => {
    const directory = join(temporaryDirectory(), 'data');
    const store = openStore(directory);
    const own = store.encoders.add(smallEncoder(4));
    store.settings.set({ encoderId: own.id });
    store.close();
    const { services } = await coreOn(directory);
    expect(services.encoders.list().map(({ source }) => source)).toEqual([own.source, 'built-in']);
    expect(chosen(services)).toBe(own.id);
  });

  it('leaves the choice to an encoder that is made or brought', async () => {
    const { services } = await coreOn(join(temporaryDirectory(), 'data'));
    const { id } = await services.encoders.createUntrained({ sampleRate: 8000, seed: 1, name: undefined });
    expect(chosen(services)).toBe(id);
  });

  it('is given away and comes back as itself, with the notes on its features', async () => {
    const root = temporaryDirectory();
    const [one, two] = ['one', 'two'].map((name) => {
      const services = createServices(optionsOf(join(root, name)));
      onTestFinished(() => services.close());
      return services;
    }) as [Services, Services];
    const { id } = one.encoders.bringBuiltIn();
    one.listening.setNote({ encoderId: id, feature: 3, text: 'hum' });
    const path = join(root, 'timbre.zip');
    await one.encoders.export({ encoderId: id, path, layout: 'bundle', withHead: false });
    two.encoders.ensureBuiltIn();
    const came = await two.encoders.importWeights(path);
    expect(two.encoders.list().map((encoder) => encoder.id)).toEqual([came.id]);
    expect(came.source).toBe('built-in');
    expect(two.store.notes.list(came.id)).toEqual([{ feature: 3, text: 'hum' }]);
  });
});

describe('its features', () => {
  const names = Array.from({ length: 316 }, (_, feature) => featureName('timbre-statistics', feature));

  it('have names that tell them apart, in the order of the numbers', () => {
    expect(new Set(names).size).toBe(316);
    expect(names).not.toContain('');
    expect([0, 11, 75, 139, 192, 193, 195, 235, 251, 252, 256, 315].map((feature) => names[feature])).toEqual([
      ...['55–100 Hz: how loud', '560–605 Hz: how loud', '560–605 Hz: how much it varies', '560–605 Hz: how fast it changes'],
      ...['all bands: how loud', 'dark rather than bright: how much', 'colour 3: how much', 'colour 3: how fast it changes'],
      ...['colour 19: how fast it changes', 'rhythm at 0.25–0.5 Hz, 55–420 Hz', 'rhythm at 2–3 Hz, 55–420 Hz'],
      'rhythm at 6.5–10 Hz, 5.35–7.81 kHz',
    ]);
  });

  it('that are shown first are named, and differ in what they are about', () => {
    expect(firstFeatures('timbre-statistics').map((feature) => names[feature])).toEqual([
      ...['145–190 Hz: how loud', '4.22–4.43 kHz: how loud', 'all bands: how loud', 'dark rather than bright: how much'],
      ...['all bands: how much it varies', 'rhythm at 2–3 Hz, 55–420 Hz', 'rhythm at 2–3 Hz, 5.35–7.81 kHz'],
    ]);
    expect(firstFeatures('sample-cnn')).toEqual([]);
  });

  it('are named in no other encoder, and not beyond the last', () => {
    expect([featureName('sample-cnn', 0), featureName('constructor', 0), featureName('timbre-statistics', 316)]).toEqual(['', '', '']);
  });
});
