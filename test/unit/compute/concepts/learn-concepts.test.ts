import { describe, expect, it } from 'vitest';
import { defined, seededRandom } from '../../../../src-main/base/index.ts';
import { learnConcepts } from '../../../../src-main/compute/index.ts';
import type { ConceptState, LearntConcepts } from '../../../../src-main/compute/index.ts';
import { BatchOrder } from '../../../../src-main/compute/concepts/batch-order.ts';

const [dimensions, causes] = [16, 24];
const settings = { latents: 32, active: 3, steps: 700, learningRate: 0.01, seed: 1 };
const random = seededRandom(7);
const directions = Array.from({ length: causes }, () => unit(Array.from({ length: dimensions }, () => random.normal())));

function unit(vector: number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Each row is the sum of three directions out of many, at different strengths, with a little noise. */
function sparseRows(count: number): Float32Array {
  const rows = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++)
    for (let part = 0; part < 3; part++) {
      const direction = defined(directions[random.below(causes)], 'a direction');
      const strength = 1 + random.uniform();
      for (let at = 0; at < dimensions; at++)
        rows[row * dimensions + at] = (rows[row * dimensions + at] ?? 0) + strength * (direction[at] ?? 0) + 0.01 * random.normal();
    }
  return rows;
}

const all = sparseRows(2500);
const nothing = { passed: async () => undefined, onStep: () => undefined };
const learn = (rows: Float32Array, own: Partial<typeof settings> = {}): Promise<LearntConcepts> =>
  learnConcepts({ rows: rows.slice(), dimensions, settings: { ...settings, ...own } }, nothing);

describe('learning concepts', () => {
  it('finds the directions that rows are made of, and says how much they explain', async () => {
    const { tensors, explained, active, dead } = await learn(all);
    const decoder = defined(tensors.get('decoder.weight'), 'decoder').data;
    const deviation = defined(tensors.get('deviation'), 'deviation').data;
    const found = Array.from({ length: settings.latents }, (_, latent) =>
      unit(Array.from({ length: dimensions }, (__, at) => (decoder[latent * dimensions + at] ?? 0) * (deviation[at] ?? 0))),
    );
    const best = directions.map((own) =>
      Math.max(...found.map((other) => other.reduce((sum, value, at) => sum + value * (own[at] ?? 0), 0))),
    );
    expect(best.filter((cosine) => cosine > 0.9).length).toBeGreaterThan(causes * 0.8);
    expect(explained).toBeGreaterThan(0.85);
    expect(explained).toBeLessThan(1);
    expect(active).toBeGreaterThan(2);
    expect(active).toBeLessThan(4);
    expect(dead).toBeLessThan(8);
  });

  it('gives the same concepts for the same seed, and others for another', async () => {
    const steps = 20;
    const [one, again, other] = [await learn(all, { steps }), await learn(all, { steps }), await learn(all, { steps, seed: 2 })];
    expect(again).toEqual(one);
    expect(other.tensors.get('decoder.weight')).not.toEqual(one.tensors.get('decoder.weight'));
  });

  it('goes on from a saved state to the same end', async () => {
    let saved: ConceptState | undefined;
    const given = { dimensions, settings: { ...settings, steps: 400 } };
    const whole = await learnConcepts({ rows: all.slice(), ...given }, { ...nothing, saved: async (state) => void (saved = state) });
    const from = defined(saved, 'a saved state');
    expect(from.step).toBeLessThan(400);
    const seen: number[] = [];
    const rest = await learnConcepts({ rows: all.slice(), ...given }, { ...nothing, from, onStep: (done) => seen.push(done) });
    expect(seen[0]).toBe(from.step + 1);
    expect(rest).toEqual(whole);
  });

  it('stops where it is told to', async () => {
    let steps = 0;
    const passed = async (): Promise<void> => {
      if (++steps === 5) throw new Error('enough');
    };
    await expect(learnConcepts({ rows: all.slice(), dimensions, settings }, { ...nothing, passed })).rejects.toThrow('enough');
    expect(steps).toBe(5);
  });

  it('refuses one segment, and segments that are all alike, with a sentence', async () => {
    await expect(learn(all.slice(0, dimensions))).rejects.toMatchObject({ code: 'BAD_INPUT', message: /holds 1 segment, .* 64 or more/ });
    await expect(learn(new Float32Array(200 * dimensions).fill(3))).rejects.toMatchObject({ code: 'BAD_INPUT', message: /same numbers/ });
  });

  it('says when a rate is too high to learn with', async () => {
    await expect(
      learn(
        all.map((value) => value * 1e3),
        { learningRate: 1e30, steps: 50 },
      ),
    ).rejects.toMatchObject({ code: 'NOT_FINITE' });
  });

  it('counts what is never active', async () => {
    const { dead, tensors } = await learn(sparseRows(80), { latents: 256, active: 1, steps: 1, learningRate: 1e-6 });
    expect(dead).toBeGreaterThan(0);
    expect(dead).toBeLessThan(256);
    expect(defined(tensors.get('threshold'), 'threshold').data[0]).toBeGreaterThan(0);
  });
});

describe('the order of rows', () => {
  it('takes every row once an epoch, otherwise each time', () => {
    const order = new BatchOrder(12, 4, 1);
    const epochs = [0, 1].map((epoch) => [0, 1, 2].flatMap((step) => [...order.at(epoch * 3 + step)]));
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, row) => row));
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect([...new BatchOrder(12, 4, 1).at(4)]).toEqual([...order.at(4)]);
    expect([...new BatchOrder(12, 4, 2).at(4)]).not.toEqual([...order.at(4)]);
  });
});
