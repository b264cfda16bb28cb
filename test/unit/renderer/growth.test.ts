/** @file When it is offered to learn a library again. */
import { expect, it } from 'vitest';
import { pretraining } from '../../../src-main/contract/index.ts';
import { learntFrom } from '../../../src-renderer/view/encoders/growth.ts';

type Learnt = Parameters<typeof learntFrom>[0][number];
const run = (id: number, recipe: 'library' | 'clmr'): Learnt => ({
  id: id as Learnt['id'],
  settings: pretraining.recipeDefaults[recipe],
  tracks: 70,
});

it('learning a library again is offered where it has at least twice the tracks that the chosen encoder was learnt from', () => {
  const runs = [run(4, 'clmr'), run(3, 'library')];
  const of = (id: number | null, tracks: number): number | null =>
    learntFrom(runs, { run: id === null ? null : { id: id as Learnt['id'], step: 9 } }, tracks);
  expect([of(3, 139), of(3, 140), of(3, 700)]).toEqual([null, 70, 70]);
  // One of a run that is gone, of a paper's recipe, of no run, and none.
  expect([of(5, 700), of(4, 700), of(null, 700), learntFrom(runs, null, 700)]).toEqual([null, null, null, null]);
});
