import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { symmetricEigenvalues } from '../../../../src-main/worker/train/eigenvalues.ts';
import type { HealthMethod } from '../../../../src-main/worker/train/health.ts';
import { judge, judgeTeaching, measureHealth, tellsApart } from '../../../../src-main/worker/train/health.ts';

const random = seededRandom(3);
const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());

describe('eigenvalues', () => {
  it('of a matrix with known ones are those', () => {
    // A rotation of diag(5, 2, -1) by a Householder reflection.
    const v = [1, 2, 2].map((value) => value / 3);
    const reflect = (i: number, j: number): number => (i === j ? 1 : 0) - 2 * (v[i] ?? 0) * (v[j] ?? 0);
    const matrix = Float64Array.from({ length: 9 }, (_, at) => {
      const [i, j] = [Math.floor(at / 3), at % 3];
      return [5, 2, -1].reduce((sum, value, k) => sum + value * reflect(i, k) * reflect(j, k), 0);
    });
    const values = symmetricEigenvalues(matrix, 3).toSorted((a, b) => b - a);
    [5, 2, -1].forEach((value, index) => expect(values[index]).toBeCloseTo(value, 10));
  });
});

/** Of two views, embeddings of eight values. */
const views: HealthMethod = { encoder: { dimensions: 8 }, parts: [{ content: { kind: 'view', view: 0 } }] };

describe('health', () => {
  const batch = 24;

  it('of random embeddings uses nearly all dimensions, and has not learnt anything yet', () => {
    const { rank, verdict, says, dimensions, positives, negatives } = measureHealth(
      { embeddings: draw(2 * batch * 8), projections: draw(2 * batch * 16) },
      views,
      batch,
    );
    expect(dimensions).toBe(8);
    expect(rank).toBeGreaterThan(6);
    expect(rank).toBeLessThanOrEqual(8);
    expect(verdict).toBe('unlearnt');
    expect(says).toContain('Has not learnt anything yet');
    expect(positives.reduce((sum, count) => sum + count, 0)).toBe(batch);
    expect(negatives.reduce((sum, count) => sum + count, 0)).toBe(batch * (batch - 1));
  });

  it('of embeddings on a line has a rank of one and has collapsed', () => {
    const direction = draw(8);
    const embeddings = Float32Array.from({ length: 2 * batch * 8 }, (_, at) => (1 + Math.floor(at / 8)) * (direction[at % 8] ?? 0));
    const { rank, verdict, says } = measureHealth({ embeddings, projections: draw(2 * batch * 16) }, views, batch);
    expect(rank).toBeCloseTo(1, 3);
    expect(verdict).toBe('collapsed');
    expect(says).toContain('nearly the same embedding');
  });

  it('has collapsed where a teacher makes the same of every moment, and nearly where the same is predicted', () => {
    const watched = { embeddings: draw(2 * batch * 8), projections: draw(2 * batch * 16) };
    const masking: HealthMethod = { encoder: { dimensions: 8 }, parts: [{ content: { kind: 'crop' } }] };
    const verdictOf = (target: number, prediction: number): string =>
      measureHealth({ ...watched, deviations: Float32Array.of(target, prediction) }, masking, batch).verdict;
    expect([verdictOf(0.09, 0.5), verdictOf(0.5, 0.009), verdictOf(0.5, 0.02)]).toEqual(['collapsed', 'collapsing', 'unlearnt']);
    const alike = Float32Array.from(watched.embeddings, (value) => 1000 + value);
    const told = { ...watched, embeddings: alike };
    expect(measureHealth(told, masking, batch).verdict).toBe('collapsed');
    expect(measureHealth({ ...told, deviations: Float32Array.of(0.5, 0.2) }, masking, batch).verdict).toBe('unlearnt');
    expect(judgeTeaching([0.03, 0.5])?.says).toContain('the teacher makes the same of every moment (deviation 0.030');
    expect(judgeTeaching([0.3, 0.001])?.says).toContain('it predicts the same at every moment (deviation 0.0010');
    expect(judgeTeaching()).toBeUndefined();
  });

  it('tells similar views from different tracks', () => {
    const first = draw(batch * 16);
    const projections = Float32Array.from([...first, ...first]);
    const { positive, negative } = measureHealth({ embeddings: draw(2 * batch * 8), projections }, views, batch);
    expect(positive).toBeCloseTo(1, 5);
    expect(Math.abs(negative)).toBeLessThan(0.1);
  });

  it('is never called healthy of noise, whatever the batch', () => {
    for (const tracks of [3, 8, 24, 64]) {
      const told = Array.from({ length: 200 }, () => tellsApart(Float64Array.from(draw(tracks * tracks))));
      // One in five hundred by the test alone; two or more of 200 happen once in twenty times, and the least difference leaves fewer.
      expect(told.filter(Boolean).length).toBeLessThanOrEqual(1);
    }
  });

  it('is not called healthy where views of one track are hardly more alike than others, and is where they are', () => {
    const verdictOf = (own: number): string => {
      const shared = draw(16);
      const track = Array.from({ length: 96 }, () => draw(16));
      const view = (): number[] =>
        track.flatMap((one) => Array.from(draw(16), (noise, i) => 1.2 * (shared[i] ?? 0) + own * (one[i] ?? 0) + noise));
      return measureHealth({ embeddings: draw(2 * 96 * 8), projections: Float32Array.from([...view(), ...view()]) }, views, 96).verdict;
    };
    // As after two steps: 0.59 between views of a track, 0.57 between others.
    expect(verdictOf(0.2)).toBe('unlearnt');
    expect(verdictOf(1.5)).toBe('healthy');
  });

  it('is judged in words', () => {
    expect(judge(0.9, 100, 0.1).verdict).toBe('healthy');
    expect(judge(0.05, 100, 0.1).verdict).toBe('collapsing');
    expect(judge(0.9, 1.2, 0.1).verdict).toBe('collapsed');
  });
});
