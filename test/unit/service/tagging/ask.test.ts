import { describe, expect, it } from 'vitest';
import { chooseQuestions } from '../../../../src-main/service/tagging/ask.ts';

/** Rows 0 and 1 point the same way, 2 and 3 another; lengths do not matter. */
const vectors = Float32Array.of(1, 0, 5, 0, 0, 1, 0, 2);
const space = { vectors, dimensions: 2 };

describe('questions to ask', () => {
  it('begin with the track that is least sure', () => {
    const candidates = [0.9, 0.52, 0.1].map((probability, row) => ({ row, label: 0, probability }));
    expect(chooseQuestions(candidates, { ...space, count: 1 }).map(({ row }) => row)).toEqual([1]);
  });

  it('are unlike each other: of two that point the same way only one is asked before the others', () => {
    const candidates = [0.5, 0.5, 0.35, 0.3].map((probability, row) => ({ row, label: 0, probability }));
    const [first, second] = chooseQuestions(candidates, { ...space, count: 2 });
    expect([first?.row, second?.row]).toEqual([0, 2]);
  });

  it('may ask about one track for two tags', () => {
    const candidates = [0, 1].map((label) => ({ row: 0, label, probability: 0.5 }));
    expect(chooseQuestions(candidates, { ...space, count: 5 }).map(({ label }) => label)).toEqual([0, 1]);
  });

  it('are no more than there are tracks', () => {
    expect(chooseQuestions([], { ...space, count: 5 })).toEqual([]);
  });
});
