import { describe, expect, it } from 'vitest';
import { pretraining } from '../../../src-main/contract/index.ts';
import { chunkOf, createModel, findEncoder, memoryOf, savingMemoryOf, sizeOf, stepMemoryOf } from '../../../src-main/learn/index.ts';

const settings = { ...pretraining.recipeDefaults.clmr, batch: 2048 };

describe('the memory of a step', () => {
  it('counts the outputs of the convolutions that are kept', () => {
    // 19 683 positions of 128 channels, a third of them, a ninth of 256 channels, and so on.
    const expected = 128 * 19_683 + 128 * 6_561 + 256 * (2_187 + 729 + 243 + 81 + 27 + 9) + 512 * (3 + 1);
    expect(findEncoder('sample-cnn', 22_050).keptElements).toBe(expected);
  });

  it('is not limited unless somebody asks', () => {
    expect(chunkOf(settings)).toBeNull();
  });

  it('stays within its limit in large chunks that divide the batch', () => {
    const limited = { ...settings, memoryMegabytes: 8_000 };
    const chunk = chunkOf(limited) ?? 0;
    expect(chunk).toBeGreaterThan(8);
    expect(2048 % chunk).toBe(0);
    expect(memoryOf(limited, chunk)).toBeLessThanOrEqual(8e9);
    expect(memoryOf(limited, 2 * chunk)).toBeGreaterThan(8e9);
  });

  it('leaves room for the graphs of a rest where nothing divides the batch', () => {
    const limited = { ...settings, batch: 2039, memoryMegabytes: 8_000 };
    const chunk = chunkOf(limited) ?? 0;
    expect(memoryOf(limited, chunk + (2039 % chunk))).toBeLessThanOrEqual(8e9);
  });

  it('needs no chunks where the batch fits', () => {
    expect(chunkOf({ ...settings, batch: 16, memoryMegabytes: 8_000 })).toBeNull();
  });

  it('leaves a chunk that was asked for as it is', () => {
    expect(chunkOf({ ...settings, chunk: 64, memoryMegabytes: 4_000 })).toBe(64);
    expect(chunkOf({ ...settings, batch: 32, chunk: 64 })).toBeNull();
  });

  it('has no chunks of a batch that cannot be taken apart, and refuses one beyond the limit', () => {
    const cpc = { ...pretraining.recipeDefaults.cpc, batch: 64 };
    expect(chunkOf(cpc)).toBeNull();
    expect(chunkOf({ ...cpc, chunk: 8 })).toBeNull();
    const megabytes = Math.ceil(memoryOf(cpc, null) / 1e6);
    expect(chunkOf({ ...cpc, memoryMegabytes: megabytes })).toBeNull();
    expect(() => chunkOf({ ...cpc, memoryMegabytes: megabytes - 1 })).toThrow(
      `A batch of 64 needs at least ${megabytes} MB, and the memory limit is ${megabytes - 1} MB`,
    );
  });

  it('holds eight copies of what is learnt, two of a teacher, and what is kept of each clip', () => {
    const { music2vec } = pretraining.recipeDefaults;
    const { method } = createModel(music2vec);
    const count = (isTrained: boolean): number =>
      method.parameters().reduce((sum, own) => (own.isTrained === isTrained ? sum + sizeOf(own.shape) : sum), 0);
    expect(count(false)).toBeGreaterThan(0.7 * count(true));
    const parts = method.parts.reduce((sum, { shape }) => sum + 16 * sizeOf(shape), 0);
    const kept = 2.3 * 16 * method.encoder.keptElements;
    expect(stepMemoryOf(music2vec, null)).toBeCloseTo(550e6 + 4 * (8 * count(true) + 2 * count(false) + 2 * parts + kept), -3);
    expect(stepMemoryOf({ ...music2vec, batch: 8 }, null)).toBeLessThan(2.9e9);
  });

  it.each([
    ['cpc', {}, 8, 1575],
    ['cpc', {}, 16, 2138],
    ['vicmus', { depth: 50 }, 8, 2170],
    ['vicmus', { depth: 18 }, 16, 1520],
    ['myna', {}, 32, 824],
  ] as const)('says of %s %o at a batch of %d about what it was measured to take', (recipe, changes, batch, measuredMegabytes) => {
    const usual = pretraining.recipeDefaults[recipe];
    const settings = { ...usual, batch, encoder: { ...usual.encoder, ...changes } };
    const says = stepMemoryOf(settings, null) / 1e6 / measuredMegabytes;
    expect(says).toBeGreaterThan(0.95);
    expect(says).toBeLessThan(1.25);
  });

  it.each([
    ['clmr', 2],
    ['vicmus', 2],
    ['music2vec', 2],
  ] as const)('holds the copies of a checkpoint of %s while it is saved: as read, and as bytes', (recipe, slots) => {
    const usual = pretraining.recipeDefaults[recipe];
    const { method, optimizer } = createModel(usual);
    expect(optimizer.slots).toHaveLength(slots);
    const numbers = method.parameters().reduce((sum, { shape, isTrained }) => sum + (isTrained ? 1 + slots : 1) * sizeOf(shape), 0);
    expect(savingMemoryOf(usual)).toBe(2 * 4 * numbers);
    expect(memoryOf(usual, null)).toBe(stepMemoryOf(usual, null) + savingMemoryOf(usual));
    const megabytes = Math.ceil(stepMemoryOf(usual, null) / 1e6);
    expect(chunkOf({ ...usual, memoryMegabytes: Math.ceil(memoryOf(usual, null) / 1e6) })).toBeNull();
    // A limit that holds the step alone is none that the run keeps.
    expect(megabytes * 1e6).toBeLessThan(memoryOf(usual, null));
  });

  it('says what a batch needs at least', () => {
    expect(() => chunkOf({ ...settings, memoryMegabytes: 1_000 })).toThrow(
      /A batch of 2048 needs at least \d+ MB, and the memory limit is 1000 MB/,
    );
  });
});
