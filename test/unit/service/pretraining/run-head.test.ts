/** @file The head that a run leaves: of labels as it was learnt, of classes each against the others. */
import { describe, expect, it } from 'vitest';
import { pretraining } from '../../../../src-main/contract/index.ts';
import type { TagId } from '../../../../src-main/contract/index.ts';
import { runHead } from '../../../../src-main/service/pretraining/run-head.ts';

const head = new Map([
  ['fc.weight', { shape: [3, 2], data: Float32Array.of(1, 2, 3, 5, 8, 11) }],
  ['fc.bias', { shape: [3], data: Float32Array.of(0, 3, -6) }],
  ['hidden.weight', { shape: [2, 4], data: new Float32Array(8).fill(7) }],
]);
const runOf = (kind: 'bce' | 'cross-entropy', labels: pretraining.LabelChoice | null): Parameters<typeof runHead>[0] => ({
  name: 'Moods',
  settings: { ...pretraining.recipeDefaults.supervised, objective: pretraining.objectiveDefaults[kind], labels },
});
const table = { from: { kind: 'table', path: '/t.csv', columns: [] }, names: ['a', 'b', 'c'] } as const satisfies pretraining.LabelChoice;

describe('the head of a run', () => {
  it('has the names of its labels, and stands for the tags that they were', () => {
    expect(runHead(runOf('bce', { ...table }), head)).toEqual({ head, title: 'Moods', labels: ['a', 'b', 'c'] });
    const tagIds = [4, 2, 9] as TagId[];
    expect(runHead(runOf('bce', { from: { kind: 'tags', tagIds }, names: ['a', 'b', 'c'] }), head)).toMatchObject({ tagIds });
    expect(runHead(runOf('bce', null), head)).toBeNull();
    expect(runHead(runOf('bce', { ...table, names: ['a'] }), head)).toBeNull();
  });

  it('sets each class against the mean of the others, so that of two the sigmoid is the softmax', () => {
    const three = runHead(runOf('cross-entropy', { ...table }), head)?.head;
    expect(Array.from(three?.get('fc.weight')?.data ?? [])).toEqual([1 - 5.5, 2 - 8, 3 - 4.5, 5 - 6.5, 8 - 2, 11 - 3.5]);
    expect(Array.from(three?.get('fc.bias')?.data ?? [])).toEqual([1.5, 6, -7.5]);
    expect(three?.get('hidden.weight')).toBe(head.get('hidden.weight'));
    const two = new Map([
      ['fc.weight', { shape: [2, 1], data: Float32Array.of(2, 5) }],
      ['fc.bias', { shape: [2], data: Float32Array.of(1, 0) }],
    ]);
    const made = runHead(runOf('cross-entropy', { ...table, names: ['a', 'b'] }), two)?.head;
    expect(Array.from(made?.get('fc.weight')?.data ?? [])).toEqual([-3, 3]);
    expect(Array.from(made?.get('fc.bias')?.data ?? [])).toEqual([1, -1]);
  });
});
