/** @file Concepts of an index on the disk: learnt as a job, kept as an encoder with an index of its own, and what is refused. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sourceEntries } from '../../../../src-main/host/core.ts';
import { createServices, EventHub } from '../../../../src-main/service/index.ts';
import type { Services } from '../../../../src-main/service/index.ts';
import type { EncoderId, Job, JobId, LearntConcepts, TrackId } from '../../../../src-main/contract/index.ts';
import { similarQuerySchema, trackFilterSchema } from '../../../../src-main/contract/index.ts';
import { readWeightsFile } from '../../../../src-main/compute/index.ts';
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

function* chunksOf(values: Float32Array, size: number): Generator<number[], void> {
  for (let at = 0; at < values.length; at += size) yield [...values.subarray(at, at + size)];
}

function meanOf(rows: readonly (readonly number[])[]): number[] {
  return (rows[0] ?? []).map((_, at) => rows.reduce((sum, row) => sum + (row[at] as number), 0) / rows.length);
}

function cosineOf(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] as number), 0) / (Math.hypot(...a) * Math.hypot(...b));
}

function jobOf(services: Services, jobId: JobId): Job {
  return services.jobs.list().find(({ id }) => id === jobId) as Job;
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

  it('are directions of a query in the space that they were learnt of, and in no other', async () => {
    const { services, encoderId } = library(12);
    const { similar, store, inspecting } = services;
    await inspecting.concepts.learn({ encoderId, ...settings }).settled;
    const concepts = inspecting.concepts.list()[0]?.encoderId as EncoderId;
    const ask = (query: object): Promise<{ rows: { trackId: number; cosine: number }[] }> =>
      similar.find(similarQuerySchema.parse({ encoderId, limit: 12, ...query }));
    const item = { kind: 'concept', encoderId: concepts, concept: 5, strength: 1 };
    const alone = await ask({ like: [item] });
    expect(alone.rows).toHaveLength(12);
    // The decoder's row in the space's own numbers, by its file alone.
    const weights = await readWeightsFile(store.paths.weights(concepts));
    const { dimensions } = store.encoders.get(encoderId);
    const [rows, deviations] = ['decoder.weight', 'deviation'].map((name) => weights.get(name)?.data as Float32Array);
    const direction = Array.from({ length: dimensions }, (_, at) => (rows?.[5 * dimensions + at] as number) * (deviations?.[at] as number));
    // Timbre statistics have units of their own: similar music goes by each number's deviation over the tracks' means.
    const ids = [...store.tracks.inLibraryOrder().ids];
    const raw = ids.map((trackId) => meanOf([...chunksOf(store.index.embeddings(encoderId, trackId as TrackId), dimensions)]));
    const centre = meanOf(raw);
    const scale = centre.map((mean, at) => 1 / Math.sqrt(meanOf(raw.map((row) => [((row[at] as number) - mean) ** 2]))[0] as number));
    const scaled = (row: readonly number[], from: readonly number[]): number[] =>
      row.map((value, at) => (value - (from[at] as number)) * (scale[at] as number));
    const wanted = scaled(
      direction,
      direction.map(() => 0),
    );
    const cosines = new Map(ids.map((trackId, at) => [trackId, cosineOf(scaled(raw[at] ?? [], centre), wanted)]));
    for (const { trackId, cosine } of alone.rows) expect(Math.abs(cosine - (cosines.get(trackId) ?? NaN))).toBeLessThan(1e-4);
    const track = { kind: 'track', trackId: alone.rows[6]?.trackId };
    const nearer = async (strength: number): Promise<number> => {
      const { rows: found } = await ask({ like: [track, ...(strength === 0 ? [] : [{ ...item, strength }])], limit: 3 });
      return found.reduce((sum, { trackId }) => sum + (cosines.get(trackId) ?? NaN), 0);
    };
    expect(await nearer(4)).toBeGreaterThan(await nearer(0));
    await expect(ask({ like: [{ ...item, concept: 24 }] })).rejects.toThrow(/numbered 0 to 23; there is no concept 24/);
    await expect(ask({ like: [{ ...item, encoderId }] })).rejects.toThrow(/is not among the concepts/);
    await expect(ask({ encoderId: concepts, like: [item] })).rejects.toThrow(/were learnt of .*, and the query looks in/);
    await expect(
      similar.path({ encoderId, from: item as never, to: track as never, steps: 3, filter: trackFilterSchema.parse({}), perArtist: null }),
    ).rejects.toThrow(/no place for a path/);
  });

  it('stand still while they are paused, and go on to the end', async () => {
    const { services, encoderId } = library(12);
    const { concepts } = services.inspecting;
    const { jobId, settled } = concepts.learn({ encoderId, ...settings, steps: 4000 });
    await expect.poll(() => jobOf(services, jobId).progress.done).toBeGreaterThan(10);
    services.jobs.pause(jobId);
    expect(jobOf(services, jobId).state).toBe('paused');
    services.jobs.resume(jobId);
    await settled;
    expect(jobOf(services, jobId)).toMatchObject({ state: 'done', progress: { failed: 0 } });
    expect(concepts.list()).toHaveLength(1);
  });

  it('that were cancelled leave nothing but where they were, and go on from there to the same end', async () => {
    const wish = { ...settings, steps: 1500 };
    const { services, encoderId } = library(12);
    const { concepts } = services.inspecting;
    const encoders = services.store.encoders.list().length;
    const { jobId, settled } = concepts.learn({ encoderId, ...wish });
    await expect.poll(() => jobOf(services, jobId).progress.done).toBeGreaterThan(300);
    services.jobs.pause(jobId);
    await services.jobs.cancel(jobId);
    await expect(settled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect([concepts.list(), services.store.encoders.list().length]).toEqual([[], encoders]);
    const seen: number[] = [];
    const events = vi.spyOn(EventHub.prototype, 'emit').mockImplementation((event) => {
      if (event.type === 'job.updated' && event.job.kind === 'concepts' && event.job.progress.unit === 'steps')
        seen.push(event.job.progress.done);
    });
    onTestFinished(() => events.mockRestore());
    await concepts.learn({ encoderId, ...wish }).settled;
    const steps = seen.filter((done) => done > 0);
    expect(steps[0]).toBeGreaterThan(250);
    const whole = library(12);
    await whole.services.inspecting.concepts.learn({ encoderId: whole.encoderId, ...wish }).settled;
    const figures = ({ explained, active, dead }: LearntConcepts): object => ({ explained, active, dead });
    expect(concepts.list().map(figures)).toEqual(whole.services.inspecting.concepts.list().map(figures));
  });

  it('are estimated by some steps on noise, which leave nothing behind', async () => {
    const { services, encoderId } = library(12);
    const { concepts } = services.inspecting;
    const { signal } = new AbortController();
    const [short, long] = [
      await concepts.estimate({ encoderId, ...settings, steps: 10 }, signal),
      await concepts.estimate({ encoderId, ...settings, latents: 2048, active: 64, steps: 100_000 }, signal),
    ];
    expect([short.segments, long.segments]).toEqual([96, 96]);
    expect(short.seconds).toBeGreaterThan(0);
    expect(long.seconds).toBeGreaterThan(short.seconds * 100);
    expect(concepts.list()).toEqual([]);
    await expect(concepts.estimate({ encoderId, ...settings }, AbortSignal.abort())).rejects.toThrow();
  });

  it('are refused where nothing was heard', () => {
    const { services, encoderId } = library(0);
    expect(() => services.inspecting.concepts.learn({ encoderId, ...settings })).toThrow(/has heard no track yet/);
    services.store.encoders.remove(encoderId);
    expect(() => services.inspecting.concepts.learn({ encoderId, ...settings })).toThrow(/was taken out of the library/);
  });
});
