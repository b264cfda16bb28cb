import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defined, seededRandom } from '../../../../src-main/base/index.ts';
import { openTrainer } from '../../../../src-main/compute/index.ts';
import { pretraining } from '../../../../src-main/contract/index.ts';
import { createMethod, createOptimizer, createSampleCnn } from '../../../../src-main/learn/index.ts';
import type { BatchPart, WeightArrays } from '../../../../src-main/learn/index.ts';
import { CheckpointKeeper } from '../../../../src-main/worker/train/checkpoint-keeper.ts';
import { listCheckpoints, readCheckpoint } from '../../../../src-main/worker/train/checkpoint-files.ts';
import { Control } from '../../../../src-main/worker/train/control.ts';
import { Plan } from '../../../../src-main/worker/train/plan.ts';
import { TrackMemory } from '../../../../src-main/worker/train/track-memory.ts';
import { trainLoop } from '../../../../src-main/worker/train/train-loop.ts';
import type { Batches } from '../../../../src-main/worker/train/train-loop.ts';
import { viewsOf } from '../../../support/views.ts';

const parts: BatchPart[] = [
  { name: 'first', content: { kind: 'view', view: 0 }, shape: [3] },
  { name: 'remembered', content: { kind: 'remembered' }, shape: [2] },
];
const given = { first: Float32Array.of(1, 2, 3), remembered: new Float32Array(4) };

describe('what is remembered of tracks', () => {
  it('is nothing at first, and what was told of a track the last time when it comes again', () => {
    const memory = new TrackMemory(parts);
    expect(memory.recall({ parts: given, trackIds: Int32Array.of(7, 3) })).toEqual(given);
    memory.remember(Int32Array.of(7, 3), { remembered: Float32Array.of(1, 2, 3, 4) });
    memory.remember(Int32Array.of(9, 7), { remembered: Float32Array.of(5, 6, 7, 8) });
    const { first, remembered } = memory.recall({ parts: given, trackIds: Int32Array.of(3, 7, 4, 9) });
    expect(first).toBe(given.first);
    expect([...(remembered ?? [])]).toEqual([3, 4, 7, 8, 0, 0, 5, 6]);
    expect([...given.remembered]).toEqual([0, 0, 0, 0]);
  });

  it('goes into a checkpoint by the tracks’ numbers, and comes back whole', () => {
    const memory = new TrackMemory(parts);
    memory.remember(Int32Array.of(70_000, 3), { remembered: Float32Array.of(1e-7, 2, Math.fround(0.1), 4) });
    const arrays = memory.arrays();
    expect(arrays.get('remembered.tracks')).toEqual({ shape: [2], data: Float32Array.of(3, 70_000) });
    expect(arrays.get('remembered.values')).toEqual({ shape: [2, 2], data: Float32Array.of(Math.fround(0.1), 4, 1e-7, 2) });
    const again = new TrackMemory(parts, arrays);
    expect(again.arrays()).toEqual(arrays);
    expect([...(again.recall({ parts: given, trackIds: Int32Array.of(70_000) })['remembered'] ?? [])]).toEqual([Math.fround(1e-7), 2]);
  });

  it('is refused where it has other numbers than the method', () => {
    const kept: WeightArrays = new Map([
      ['remembered.tracks', { shape: [2], data: Float32Array.of(1, 2) }],
      ['remembered.values', { shape: [2, 1], data: Float32Array.of(1, 2) }],
    ]);
    expect(() => new TrackMemory(parts, kept)).toThrow('remembers 2 numbers of 2 tracks; this run has 2 of each');
  });

  it('is nothing for a method that remembers nothing', () => {
    const memory = new TrackMemory(parts.slice(0, 1));
    expect(memory.recall({ parts: given, trackIds: Int32Array.of(1) })).toBe(given);
    memory.remember(Int32Array.of(1), {});
    expect(memory.arrays().size).toBe(0);
  });
});

const encoder = createSampleCnn({ sampleRate: 8000, strides: [3, 2], channels: [4, 5, 6, 7] });
const { sogclr } = pretraining.objectiveDefaults;
const projector = { kind: 'linear', hidden: [], dimensions: 5, batchNorm: false } as const;
const model = {
  method: createMethod({ encoder, projector, objective: sogclr, outputs: 0 }),
  optimizer: createOptimizer(pretraining.optimizerDefaults.adam),
};
const settings: pretraining.PretrainSettings = { ...pretraining.recipeDefaults.clmr, objective: sogclr, batch: 3 };

/** Six tracks, three at a time, in an order that changes; and one that is added. */
const feed: Batches = {
  batch: (step) => {
    const random = seededRandom(step);
    const waves = Float32Array.from({ length: 6 * encoder.cropSamples }, () => random.normal() * 0.3);
    const trackIds = Int32Array.from([0, 1, 2], (place) => 1 + ((step * 3 + place) % (step < 4 ? 6 : 7)));
    return Promise.resolve({ parts: { ...viewsOf(waves), remembered: new Float32Array(3) }, trackIds, waitedMs: 0 });
  },
};

/** Goes on to a step from the last checkpoint, or begins. @returns what each step was given and what it told */
async function run(directory: string, steps: number): Promise<{ given: Float32Array; told: Float32Array }[]> {
  const seen: { given: Float32Array; told: Float32Array }[] = [];
  const own: typeof settings = { ...settings, length: { unit: 'steps', amount: steps } };
  const last = (await listCheckpoints(directory)).at(-1);
  const from = last === undefined ? undefined : await readCheckpoint(directory, last);
  const weights = from?.weights ?? model.method.initialise(1);
  const state = from === undefined ? {} : { state: from.state };
  const trainer = await openTrainer({ model, device: 'cpu', batch: 3, chunk: null, weights, threads: 1, ...state });
  const replies = (): void => undefined;
  await trainLoop({
    settings: own,
    method: model.method,
    trainer: {
      ...trainer,
      step: async (input) => {
        const result = await trainer.step(input);
        const [given, told] = [input.batch['remembered'], result.remembered['remembered']];
        seen.push({ given: defined(given, 'what is known'), told: defined(told, 'what is told') });
        return result;
      },
    },
    feed,
    plan: new Plan(own, 2),
    keeper: new CheckpointKeeper(directory, own.checkpoints, [], replies),
    control: new Control(),
    start: { stepsDone: from?.step ?? 0, activeSeconds: 0 },
    memory: new TrackMemory(model.method.parts, from?.memory),
    codeVersion: '1',
    reply: replies,
  });
  await trainer.close();
  return seen;
}

describe('a run that remembers', () => {
  it('gives each step what the one before told of its tracks', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'earmark-memory-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const known = new Map<number, number>();
    for (const [step, { given: before, told }] of (await run(directory, 6)).entries()) {
      const { trackIds } = await feed.batch(step);
      for (const [place, trackId] of trackIds.entries()) {
        expect(before[place]).toBe(known.get(trackId) ?? 0);
        known.set(trackId, told[place] ?? NaN);
      }
    }
    expect(known.size).toBe(7);
  });

  it('goes on from a checkpoint bit for bit, with tracks that are new', async () => {
    const [whole, cut] = [await mkdtemp(join(tmpdir(), 'earmark-memory-')), await mkdtemp(join(tmpdir(), 'earmark-memory-'))];
    onTestFinished(() => Promise.all([whole, cut].map((directory) => rm(directory, { recursive: true }))).then(() => undefined));
    await run(whole, 8);
    await run(cut, 3);
    await run(cut, 8);
    const [expected, found] = [await readCheckpoint(whole, 8), await readCheckpoint(cut, 8)];
    expect(found.memory).toEqual(expected.memory);
    expect(found.weights).toEqual(expected.weights);
    expect(found.state).toEqual(expected.state);
    expect([...(expected.memory.get('remembered.tracks')?.data ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect((expected.memory.get('remembered.values')?.data ?? []).every((value) => value > 0)).toBe(true);
    expect([...expected.weights.keys()].every((name) => /^(encoder|projector)\./.test(name))).toBe(true);
  });
});
