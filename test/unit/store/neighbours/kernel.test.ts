import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { hasRelaxed, makeKernel, makeMemory, pieceRows, rowBytesOf } from '../../../../src-main/store/neighbours/kernel.ts';
import { codeQuery, codeRow } from '../../../../src-main/store/neighbours/quantise.ts';
import { codeAlong } from '../../../../src-main/store/neighbours/scan-tasks.ts';
import { codeColumns, groupRows, leadFloats } from '../../../../src-main/store/neighbours/space.ts';
import { TopScores } from '../../../../src-main/store/neighbours/top-scores.ts';
import { assembledBytes, bytesPath } from '../../../support/assemble.ts';
import { plainCosine } from '../../../support/neighbour-data.ts';

/** Bytes before the rows: room for a query, weights and a mean of up to 2048 features. */
const rowsAt = 3 * 8192;
const outAt = 1 << 20;

/** A memory with random rows, and the plain numbers in it. */
function randomRows(seed: number, rows: number, dimensions: number) {
  const memory = makeMemory(2 << 20);
  const rowBytes = rowBytesOf(dimensions);
  const random = seededRandom(seed);
  const floats = new Float32Array(memory.buffer);
  const vector = (at: number): Float32Array => {
    const place = floats.subarray(at / 4, at / 4 + dimensions);
    for (let i = 0; i < dimensions; i++) place[i] = random.normal();
    return place;
  };
  const query = vector(0);
  const matrix = Array.from({ length: rows }, (_, row) => vector(rowsAt + row * rowBytes));
  return { memory, floats, rowBytes, query, matrix, out: floats.subarray(outAt / 4, outAt / 4 + rows), random };
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const sizes = [1, 3, 16, 17, 64, 100, 512];

describe('the kernel', () => {
  it('is what its text says', async () => {
    expect(readFileSync(bytesPath, 'utf8')).toBe(await assembledBytes());
  });

  it.each(sizes)('multiplies rows of %i features as plain loops do', (dimensions) => {
    const { memory, rowBytes, query, matrix, out } = randomRows(dimensions, 37, dimensions);
    makeKernel(memory).dots(0, rowsAt, rowBytes, 37, outAt);
    for (const [row, values] of matrix.entries()) expect(out[row]).toBeCloseTo(dot(query, values), 4);
  });

  it.each(sizes)('weighs rows of %i features as plain loops do, and gives 0 where nothing has a weight', (dimensions) => {
    const { memory, floats, rowBytes, query, matrix, out, random } = randomRows(dimensions, 20, dimensions);
    const weights = Float32Array.from({ length: dimensions }, (_, i) => (i % 3 === 1 ? 0 : 2 * random.uniform()));
    const wanted = matrix.map((row) => plainCosine(query, row, weights));
    const length = Math.sqrt(query.reduce((sum, value, i) => sum + (weights[i] as number) * value * value, 0));
    query.forEach((value, i) => (query[i] = (value * (weights[i] as number)) / length));
    floats.set(weights, 2048);
    const kernel = makeKernel(memory);
    kernel.weightedDots(0, 8192, rowsAt, rowBytes, 20, outAt);
    for (const [row, cosine] of wanted.entries()) expect(out[row]).toBeCloseTo(cosine, 5);
    floats.fill(0, 2048, 2048 + rowBytes / 4);
    kernel.weightedDots(0, 8192, rowsAt, rowBytes, 20, outAt);
    expect([...out]).toEqual(Array(20).fill(0));
  });

  it('centres rows and brings them to length 1; what has no length or is no number becomes zeros', () => {
    const { memory, floats, rowBytes, query: mean, matrix } = randomRows(7, 6, 19);
    (matrix[1] as Float32Array).set(mean);
    (matrix[2] as Float32Array)[4] = Number.NaN;
    (matrix[3] as Float32Array)[18] = Infinity;
    const before = matrix.map((row) => row.slice());
    makeKernel(memory).centre(rowsAt, rowBytes, 6, 0);
    for (const [row, values] of matrix.entries()) {
      const difference = (before[row] as Float32Array).map((value, i) => value - (mean[i] as number));
      const length = Math.sqrt(dot(difference, difference));
      for (const [i, value] of values.entries())
        if (row >= 1 && row <= 3) expect(value).toBe(0);
        else expect(value).toBeCloseTo((difference[i] as number) / length, 5);
    }
    expect(floats[rowsAt / 4 + 19]).toBe(0);
  });

  it('names the scores that reach a threshold, in order, and none that is no number', () => {
    const { memory, floats } = randomRows(1, 1, 1);
    const random = seededRandom(3);
    const scores = floats.subarray(0, pieceRows);
    for (let i = 0; i < pieceRows; i++) scores[i] = i % 50 === 3 ? Number.NaN : Math.round(10 * random.normal()) / 10;
    const kernel = makeKernel(memory);
    for (const threshold of [-Infinity, -1, 0.5, 2.5, 99]) {
      const found = kernel.reaching(0, pieceRows, threshold, outAt);
      const wanted = Array.from(scores.keys()).filter((i) => (scores[i] as number) >= Math.fround(threshold));
      expect([...new Uint32Array(memory.buffer, outAt, found)]).toEqual(wanted);
    }
  });
});

describe('codes', () => {
  const width = 192;
  const rows = 299;

  /** Coded random rows, and the scores that each kind of instruction gives. */
  function scored(usesRelaxed: boolean): { query: Float32Array; matrix: Float32Array[]; scores: Float32Array } {
    const random = seededRandom(11);
    const vector = (): Float32Array => Float32Array.from({ length: leadFloats + width }, (_, i) => random.normal() / (1 + i));
    const [query, matrix] = [vector(), Array.from({ length: rows }, vector)];
    const memory = makeMemory(2 << 20);
    const floats = new Float32Array(memory.buffer);
    const groups = outAt + 4 * pieceRows;
    const coded = codeAlong(query);
    new Uint8Array(memory.buffer, 0, width).set(coded.codes);
    floats.set(coded.lead, 256);
    for (const [row, values] of matrix.entries()) {
      const codes = new Int8Array(memory.buffer, rowsAt + row * width, width);
      const { scale, offset } = codeRow(values.subarray(leadFloats), codes);
      for (const [column, value] of [scale, offset, ...values.subarray(0, leadFloats)].entries())
        floats[groups / 4 + (row - (row % groupRows)) * codeColumns + column * groupRows + (row % groupRows)] = value;
    }
    makeKernel(memory, { usesRelaxed }).codeScores(0, 1024, coded.scale, rowsAt, width, rows, groups, outAt);
    return { query, matrix, scores: floats.subarray(outAt / 4, outAt / 4 + rows) };
  }

  it('give the products of the vectors to a few thousandths of their lengths', () => {
    const { query, matrix, scores } = scored(false);
    for (const [row, values] of matrix.entries()) {
      const lengths = Math.sqrt(dot(query, query) * dot(values, values));
      expect(Math.abs((scores[row] as number) - dot(query, values)) / lengths).toBeLessThan(0.004);
    }
  });

  it.runIf(hasRelaxed)('give the very same scores with the machine’s better instructions', () => {
    expect([...scored(true).scores]).toEqual([...scored(false).scores]);
  });

  it('use the whole range, and stand zeros and what is no number', () => {
    const codes = new Int8Array(4);
    expect(codeRow(Float32Array.of(-2, 1, 0, 2), codes)).toMatchObject({ scale: Math.fround(2) / 127 });
    expect([...codes]).toEqual([-127, 64, 0, 127]);
    for (const bad of [0, Number.NaN, Infinity]) expect(codeRow(new Float32Array(4).fill(bad), codes)).toEqual({ scale: 0, offset: 0 });
    expect([...codeQuery(Float32Array.of(-1, 0, 0.5, 1)).codes]).toEqual([1, 64, 96, 127]);
    expect([...codeQuery(new Float32Array(3)).codes]).toEqual([64, 64, 64]);
  });
});

describe('the best scores', () => {
  it('are those of a sort, ties by place, whatever order they come in', () => {
    const random = seededRandom(5);
    const scores = Float32Array.from({ length: 500 }, () => random.below(40) / 8);
    const wanted = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
    for (const most of [0, 1, 7, 100, 900]) {
      const top = new TopScores(most);
      for (const place of [...scores.keys()].sort(() => random.uniform() - 0.5)) {
        if ((scores[place] as number) >= top.threshold) top.add(scores[place] as number, place);
      }
      const { places, scores: found } = top.sorted();
      expect([...places]).toEqual(wanted.slice(0, most));
      expect([...found]).toEqual(wanted.slice(0, most).map((place) => scores[place]));
      expect([...top.unsorted().places].sort((a, b) => a - b)).toEqual(wanted.slice(0, most).sort((a, b) => a - b));
    }
  });
});
