/** @file Which recordings are compared: those that share words at one shift. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { CandidateIndex } from '../../../../src-main/service/duplicates/candidates.ts';

const random = seededRandom(1);
const word = (): number => Math.floor(random.uniform() * 2 ** 32);
const wordsOf = (count: number): Uint32Array => Uint32Array.from({ length: count }, word);

async function indexOf(all: readonly Uint32Array[]): Promise<CandidateIndex> {
  const index = new CandidateIndex();
  for (const [i, words] of all.entries()) index.add(i, words);
  await index.build(async () => undefined);
  return index;
}

/** Every bit turned over with a probability. */
function noisy(words: Uint32Array, share: number): Uint32Array {
  return words.map((one) => {
    let flipped = one;
    for (let bit = 0; bit < 32; bit++) if (random.uniform() < share) flipped ^= 1 << bit;
    return flipped >>> 0;
  });
}

describe('candidates', () => {
  it('are recordings that share words, at the shift at which they do', async () => {
    const first = wordsOf(1900);
    const later = Uint32Array.from([...wordsOf(300), ...noisy(first, 0.05)]).subarray(0, 1900);
    const all = [wordsOf(1900), first, wordsOf(1900), later];
    const index = await indexOf(all);
    const [best, ...others] = index.before(3, later);
    expect(best).toMatchObject({ other: 1, shift: 300 });
    expect(others).toEqual([]);
    expect(index.before(1, first)).toEqual([]);
  });

  it('are found among recordings of a few seconds, of which every word is looked at', async () => {
    const short = wordsOf(120);
    const copy = noisy(short, 0.08);
    const index = await indexOf([short, wordsOf(120), copy]);
    expect(index.before(2, copy)).toMatchObject([{ other: 0, shift: 0 }]);
  });

  it('do not come from silence, nor from words that everybody has', async () => {
    const common = wordsOf(50);
    const all = Array.from({ length: 80 }, () => Uint32Array.from([...new Uint32Array(500), ...common, ...wordsOf(500)]));
    const index = await indexOf(all);
    for (const [i, words] of all.entries()) expect(index.before(i, words)).toEqual([]);
  });

  it('are none in an empty library', async () => {
    const index = await indexOf([]);
    expect(index.before(0, wordsOf(100))).toEqual([]);
  });

  it('end when the work is told to', async () => {
    const index = new CandidateIndex();
    index.add(0, wordsOf(1000));
    await expect(index.build(() => Promise.reject(new Error('cancelled')))).rejects.toThrow('cancelled');
  });
});
