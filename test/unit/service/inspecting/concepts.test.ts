/** @file Concepts of an index on the disk: learnt as a job, kept as an encoder with an index of its own, and what is refused. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import type { EncoderId } from '../../../../src-main/contract/index.ts';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { temporaryDirectory, trackFile } from '../../../support/store-data.ts';

const host = {
  ...{ kind: 'serve' as const, version: '0.1.0-test' },
  ...{ chooseFolder: async () => null, chooseWeights: async () => null, reveal: async () => undefined },
};
const settings = { latents: 24, active: 3, steps: 30, learningRate: 0.01, seed: 1 };

function library(tracks: number): { services: Services; encoderId: EncoderId } {
  const services = createServices({ dataDirectory: temporaryDirectory(), host, entries: sourceEntries, report: () => undefined });
  onTestFinished(() => services.close());
  const { store, encoders } = services;
  const { id, cropSamples, dimensions } = store.encoders.get(encoders.bringBuiltIn().id);
  if (tracks === 0) return { services, encoderId: id };
  const writer = store.index.writer(store.index.ensure(id, cropSamples).id);
  const random = seededRandom(3);
  for (let track = 0; track < tracks; track++) {
    const { id: trackId } = store.tracks.upsert(trackFile(store, `track ${track}`));
    writer.begin(trackId, `hash of track ${track}`);
    writer.append(Float32Array.from({ length: 8 * dimensions }, () => random.normal()));
    writer.finish({});
  }
  writer.close();
  return { services, encoderId: id };
}

describe('concepts', () => {
  it('become an encoder with an index, from the rows that they were learnt from', async () => {
    const { services, encoderId } = library(12);
    const { concepts } = services.inspecting;
    await concepts.learn({ encoderId, ...settings }).settled;
    const [learnt] = concepts.list();
    expect(learnt).toMatchObject({ baseId: encoderId, latents: 24, segments: 96 });
    expect(services.store.encoders.get(learnt?.encoderId as EncoderId).index).toMatchObject({ tracks: 12, segments: 96, waiting: 0 });
  });

  it('are refused where nothing was heard', () => {
    const { services, encoderId } = library(0);
    expect(() => services.inspecting.concepts.learn({ encoderId, ...settings })).toThrow(/has heard no track yet/);
    services.store.encoders.remove(encoderId);
    expect(() => services.inspecting.concepts.learn({ encoderId, ...settings })).toThrow(/was taken out of the library/);
  });
});
