/** @file How a probe is trained and judged: which segments teach, which evaluation counts, how clips are put together, and which trial is taken. */
import { describe, expect, it } from 'vitest';
import { bestLayers, judgeHead, runFolds, runProtocol, seedFigures } from '../../../../src-main/compute/index.ts';
import type { ProbeProblem } from '../../../../src-main/compute/index.ts';
import { keptUnits } from '../../../../src-main/compute/dropout.ts';
import { fitProbe, orderRandom, taughtOrder } from '../../../../src-main/compute/probes/fit-probe.ts';
import { meanRows, standardisedRows } from '../../../../src-main/compute/probes/probe-problem.ts';
import { seededRandom } from '../../../../src-main/base/index.ts';
import type { probes } from '../../../../src-main/learn/index.ts';

const trial: probes.ProbeTrial = {
  ...{ hidden: null, dropout: 0, isStandardised: false, learningRate: 0.05, schedule: { kind: 'constant' }, batch: 16, mostEpochs: 60 },
  ...{ optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }, evaluatedEvery: null, patience: null },
  watched: 'loss',
};
const reading: probes.ProbeReading = { taughtBy: 'all', judgedBy: 'logits', isLastDropped: false };

/** Clips of two classes, three segments each; what tells them is the first of four numbers. `shift`: of what is tested. */
function problemOf({ clips = 30, segments = 3, shift = 0, noise = 0.5 } = {}): ProbeProblem {
  const random = seededRandom(7);
  const dimensions = 4;
  const answers = Float32Array.from({ length: clips }, (_, clip) => clip % 2);
  const parts = Uint8Array.from({ length: clips }, (_, clip) => Math.floor((3 * clip) / clips));
  const rows = Float32Array.from({ length: clips * segments * dimensions }, (_, at) => {
    const clip = Math.floor(at / dimensions / segments);
    const told = at % dimensions === 0 ? 2 * (answers[clip] as number) - 1 : 0;
    return told + noise * random.normal() + (parts[clip] === 2 ? shift : 0);
  });
  const own = Int32Array.from({ length: clips }, (_, clip) => clip);
  return {
    ...{ kind: 'classes', outputs: 2, dimensions, rows, counts: new Int32Array(clips).fill(segments), answers, parts },
    ...{ wholes: own, groups: own },
  };
}

const accuracy = (problem: ProbeProblem, said: Parameters<typeof seedFigures>[1]): number =>
  seedFigures({ ...problem, keys: null }, said)[0]?.value ?? NaN;

describe('a probe', () => {
  it('learns what tells classes, from what is taught alone', async () => {
    const problem = problemOf();
    const { outputs, evaluations, steps } = await fitProbe({ problem, trial, reading, seed: 1 });
    expect(accuracy(problem, [outputs])).toBe(1);
    expect(outputs.clips).toEqual(Int32Array.from({ length: 10 }, (_, at) => 20 + at));
    expect([evaluations, steps]).toEqual([60, 120]);
    // Taught the other way round it says the other way round, whatever the others are.
    const swapped = { ...problem, answers: problem.answers.map((answer, clip) => (clip < 20 ? 1 - answer : answer)) };
    expect(accuracy(problem, [(await fitProbe({ problem: swapped, trial, reading, seed: 1 })).outputs])).toBe(0);
  });

  it('is the one of its best evaluation: what it learnt after that does not count', async () => {
    const problem = problemOf();
    // What is validated has the other answers: every step makes it worse, so that the first evaluation is the best.
    const crossed = { ...problem, answers: problem.answers.map((answer, clip) => (clip >= 10 && clip < 20 ? 1 - answer : answer)) };
    const long = await fitProbe({ problem: crossed, trial, reading, seed: 1 });
    const short = await fitProbe({ problem: crossed, trial: { ...trial, mostEpochs: 1 }, reading, seed: 1 });
    expect(long.outputs.outputs).toEqual(short.outputs.outputs);
    const patient = await fitProbe({ problem: crossed, trial: { ...trial, patience: 4 }, reading, seed: 1 });
    expect(patient.epochs).toBe(5);
  });

  it('leaves the last segment out where the protocol does, but never the only one', async () => {
    const problem = problemOf();
    const spoilt = { ...problem, rows: problem.rows.slice() };
    for (let clip = 20; clip < 30; clip++)
      spoilt.rows.fill(1e4 * (1 - 2 * (problem.answers[clip] as number)), (clip * 3 + 2) * 4, (clip * 3 + 2) * 4 + 1);
    const judged = async (of: ProbeProblem, isLastDropped: boolean): Promise<number> =>
      accuracy(of, [(await fitProbe({ problem: of, trial, reading: { ...reading, isLastDropped }, seed: 1 })).outputs]);
    expect(await judged(spoilt, true)).toBe(1);
    expect(await judged(spoilt, false)).toBe(0);
    expect(await judged(problemOf({ segments: 1 }), true)).toBe(1);
  });

  it('judges wholes of several clips once', async () => {
    const problem = { ...problemOf(), wholes: Int32Array.from({ length: 30 }, (_, clip) => (clip % 2) + 2 * Math.floor(clip / 10)) };
    const { outputs } = await fitProbe({ problem, trial, reading, seed: 1 });
    expect(outputs.clips).toEqual(Int32Array.of(20, 21));
    const single = await fitProbe({ problem: problemOf(), trial, reading, seed: 1 });
    const mean = [0, 2, 4, 6, 8].reduce((sum, at) => sum + (single.outputs.outputs[2 * at] as number) / 5, 0);
    // Validation differs as well, and with it which evaluation is the best: signs alone are alike.
    expect(Math.sign(outputs.outputs[0] as number)).toBe(Math.sign(mean));
  });

  it('leaves units out while it learns, and none when it is asked', async () => {
    const problem = problemOf();
    const deep = { ...trial, hidden: 32, learningRate: 0.01, mostEpochs: 30 };
    const without = await fitProbe({ problem, trial: deep, reading, seed: 1 });
    const halved = await fitProbe({ problem, trial: { ...deep, dropout: 0.5 }, reading, seed: 1 });
    expect(halved.outputs.outputs).not.toEqual(without.outputs.outputs);
    const size = ({ outputs }: typeof without): number => outputs.outputs.reduce((sum, one) => sum + Math.abs(one), 0);
    // Scaled units keep their sums: what is said stays of one size. Unscaled ones would learn twice the weights.
    expect(size(halved) / size(without)).toBeGreaterThan(0.5);
    expect(size(halved) / size(without)).toBeLessThan(1.35);
    expect(accuracy(problem, [halved.outputs])).toBe(1);
  });
});

describe('dropout', () => {
  it('leaves a share of units out, and scales the others so that sums stay', () => {
    const kept = keptUnits(100_000, 0.2, seededRandom(3));
    expect(kept.filter((one) => one === 0).length / kept.length).toBeCloseTo(0.2, 2);
    expect(kept.reduce((sum, one) => sum + one, 0) / kept.length).toBeCloseTo(1, 2);
    expect([...keptUnits(3, 0, seededRandom(3))]).toEqual([1, 1, 1]);
  });
});

describe('the order of an epoch', () => {
  it('takes one segment of each clip that is taught, any of them, or all', () => {
    const problem = problemOf();
    const random = orderRandom(1);
    const epochs = Array.from({ length: 40 }, () => taughtOrder(problem, { taughtBy: 'random' }, random));
    for (const { clips } of epochs) expect([...clips.toSorted()]).toEqual(Array.from({ length: 10 }, (_, at) => at));
    expect(new Set(epochs.flatMap(({ rows }) => [...rows])).size).toBe(30);
    expect(epochs.every(({ clips, rows }) => rows.every((row, at) => Math.floor(row / 3) === clips[at]))).toBe(true);
    const all = [...taughtOrder(problem, { taughtBy: 'all' }, random).rows];
    expect(all).not.toEqual(all.toSorted((a, b) => a - b));
    expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, at) => at));
  });
});

describe('rows of a problem', () => {
  it('are means of clips where a protocol wants them', () => {
    const { rows, counts } = meanRows({ ...problemOf(), rows: Float32Array.from({ length: 360 }, (_, at) => at) });
    expect([...counts]).toEqual(new Array(30).fill(1));
    expect([...rows.subarray(0, 8)]).toEqual([4, 5, 6, 7, 16, 17, 18, 19]);
  });

  it('are at mean 0 and deviation 1 of what is taught, whatever the others are', () => {
    const problem = problemOf({ shift: 100 });
    const rows = standardisedRows(problem).rows;
    const column = (from: number, end: number): number[] =>
      Array.from({ length: (end - from) * 3 }, (_, at) => rows[(from * 3 + at) * 4] as number);
    const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;
    expect(mean(column(0, 10))).toBeCloseTo(0, 5);
    expect(mean(column(0, 10).map((one) => one * one))).toBeCloseTo(1, 4);
    expect(mean(column(20, 30))).toBe(20);
  });
});

describe('a protocol', () => {
  it('judges the trial that does best on what is validated, for each seed', async () => {
    const problem = problemOf();
    const idle = { ...trial, learningRate: 0, watched: 'score' as const };
    const trials = [idle, { ...trial, watched: 'score' as const }, idle];
    const seeds = await runProtocol(problem, { trials, reading, seeds: [3, 4], isStandardised: false });
    expect(seeds.map(({ seed, trial: chosen, validated }) => [seed, chosen, validated])).toEqual([
      [3, 1, 1],
      [4, 1, 1],
    ]);
  });

  it('standardises statistics, which else would be of any scale', async () => {
    const problem = problemOf();
    const tiny = { ...problem, rows: problem.rows.map((one) => one * 1e-4 + 1) };
    const run = async (isStandardised: boolean): Promise<number> =>
      accuracy(tiny, [(await runProtocol(tiny, { trials: [trial], reading, seeds: [1], isStandardised }))[0]?.outputs ?? (null as never)]);
    expect(await run(true)).toBe(1);
    expect(await run(false)).toBeLessThan(1);
  });

  it.each([
    ['numbers that are none', { rows: new Float32Array(360).fill(NaN) }, /gave something that is not a number/],
    ['labels that are none', { answers: new Float32Array(30).fill(NaN) }, /class is not among the labels/],
    ['nothing to test', { parts: new Uint8Array(30).map((_, at) => at % 2) }, /No clip of this split is left to be judged by/],
  ])('refuses %s', async (_, spoilt, says) => {
    const problem = { ...problemOf(), ...spoilt };
    await expect(runProtocol(problem, { trials: [trial], reading, seeds: [1], isStandardised: false })).rejects.toThrow(says);
  });

  it('judges of several layers the one that does best on what is validated, for each seed', () => {
    const result = (seed: number, validated: number): Parameters<typeof bestLayers>[0][number][number] => ({
      ...{ seed, trial: 0, validated, epochs: 1, steps: 1, shares: null },
      outputs: { clips: Int32Array.of(0), outputs: Float32Array.of(validated) },
    });
    const best = bestLayers([
      [result(1, 0.2), result(2, 0.9)],
      [result(1, 0.6), result(2, 0.1)],
      [result(1, 0.6), result(2, Number.NaN)],
    ]);
    expect(best.map(({ seed, layer, validated }) => [seed, layer, validated])).toEqual([
      [1, 1, 0.6],
      [2, 0, 0.9],
    ]);
  });
});

describe('folds', () => {
  const folds = Uint8Array.from({ length: 30 }, (_, clip) => Math.floor(clip / 2) % 5);
  const wish = { trials: [{ ...trial, watched: 'score' as const }], reading, seeds: [3, 4], isStandardised: false };

  it('judge every clip once, in the order of clips, and tell how far they are', async () => {
    const problem = problemOf({ noise: 0.2 });
    const shares: number[] = [];
    const results = await runFolds(problem, [folds, folds.toReversed()], wish, { onShare: (share) => shares.push(share) });
    expect(results.map(({ seed, validated }) => [seed, validated])).toEqual([
      [3, 1],
      [4, 1],
    ]);
    for (const { outputs } of results) expect(outputs.clips).toEqual(Int32Array.from({ length: 30 }, (_, clip) => clip));
    // The first evaluation without a mistake counts, so that a clip near the border may be on its wrong side.
    expect(accuracy(problem, [results[0]?.outputs ?? { clips: new Int32Array(), outputs: new Float32Array() }])).toBeGreaterThan(0.9);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1, 9);
  });

  it('are those of each seed', async () => {
    const problem = problemOf({ noise: 0.2 });
    const others = Uint8Array.from({ length: 30 }, (_, clip) => Math.floor(clip / 10));
    const [, second] = await runFolds(problem, [folds, others], wish);
    const [alone] = await runFolds(problem, [others], { ...wish, seeds: [4] });
    const [elsewhere] = await runFolds(problem, [folds], { ...wish, seeds: [4] });
    expect(second).toEqual(alone);
    expect(second?.outputs).not.toEqual(elsewhere?.outputs);
  });

  it('learn nothing from what they judge: a clip with a wrong answer stays wrong', async () => {
    const problem = problemOf({ noise: 0.2 });
    // The clips of one fold have the other answers; probes of the other folds say what all others are.
    const crossed = { ...problem, answers: problem.answers.map((answer, clip) => (folds[clip] === 2 ? 1 - answer : answer)) };
    const [result] = await runFolds(crossed, [folds], { ...wish, seeds: [3] });
    const own = result?.outputs.outputs ?? new Float32Array();
    const wrong = [...crossed.answers].filter(
      (answer, clip) => ((own[2 * clip + 1] as number) > (own[2 * clip] as number) ? 1 : 0) !== answer,
    );
    expect(wrong.length).toBeGreaterThanOrEqual(6);
  });
});

describe('a head that was trained with its encoder', () => {
  const head = new Map([
    ['fc.weight', { shape: [2, 4], data: Float32Array.of(1, 0, 0, 0, 0, 2, 0, 0) }],
    ['fc.bias', { shape: [2], data: Float32Array.of(0, 0.5) }],
  ]);
  const problem: ProbeProblem = {
    ...{
      kind: 'tags',
      outputs: 2,
      dimensions: 4,
      rows: Float32Array.of(...[9, 9, 9, 9], ...[1, -1, 0, 0], ...[1, 2, 3, 4], ...[3, 4, 0, 0]),
    },
    ...{ counts: Int32Array.of(1, 1, 2), answers: Float32Array.of(1, 0, 1, 0, 0, 1), parts: Uint8Array.of(0, 1, 2) },
    ...{ wholes: Int32Array.of(0, 1, 2), groups: Int32Array.of(0, 1, 2) },
  };

  it('is judged as it is, by segments put together as a probe’s are', async () => {
    const { outputs, validated } = await judgeHead(problem, { head, reading });
    // Logits of its segments are (1, 4.5) and (3, 8.5).
    expect([...outputs.outputs]).toEqual([2, 6.5]);
    expect([...outputs.clips]).toEqual([2]);
    expect(validated).not.toBeNaN();
    const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
    const shares = await judgeHead(problem, { head, reading: { ...reading, judgedBy: 'probabilities' } });
    expect(shares.outputs.outputs[0]).toBeCloseTo((sigmoid(1) + sigmoid(3)) / 2, 6);
    const first = await judgeHead(problem, { head, reading: { ...reading, isLastDropped: true } });
    expect([...first.outputs.outputs]).toEqual([1, 4.5]);
    const deep = new Map([
      ['hidden.weight', { shape: [1, 4], data: Float32Array.of(2, -1.25, 0, 0) }],
      ['hidden.bias', { shape: [1], data: Float32Array.of(0) }],
      ['fc.weight', { shape: [2, 1], data: Float32Array.of(1, -1) }],
      ['fc.bias', { shape: [2], data: Float32Array.of(0, 0) }],
    ]);
    // The mean row is (2, 3, 1.5, 2), of which the unit makes 0.25; of the rows by themselves it makes 0 and 1.
    const ofMean = await judgeHead(problem, { head: deep, reading: { taughtBy: 'mean', judgedBy: 'mean', isLastDropped: false } });
    expect([...ofMean.outputs.outputs]).toEqual([0.25, -0.25]);
  });

  it('is refused where it gives other numbers than the task has labels', async () => {
    await expect(judgeHead({ ...problem, outputs: 1, answers: Float32Array.of(1, 0, 1) }, { head, reading })).rejects.toThrow(
      /The head gives 2 numbers, and the task has 1 labels/,
    );
  });
});
