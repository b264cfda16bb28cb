/** @file When it is offered to learn a library again. */
import { expect, it } from 'vitest';
import { pretraining } from '../../../src-main/contract/index.ts';
import type { EncoderId } from '../../../src-main/contract/index.ts';
import { learntFrom } from '../../../src-renderer/view/encoders/growth.ts';

const checkpoint = (encoderId: number) => ({ encoderId: encoderId as EncoderId }) as never;
const run = (encoderId: number, recipe: 'library' | 'clmr') => ({
  settings: pretraining.recipeDefaults[recipe],
  ...{ tracks: 70, checkpoints: [checkpoint(9), checkpoint(encoderId)] },
});

it('learning a library again is offered where it has at least twice the tracks that the chosen encoder was learnt from', () => {
  const runs = [run(4, 'clmr'), run(3, 'library')];
  const of = (encoderId: number | null, tracks: number) => learntFrom(runs, encoderId as EncoderId | null, tracks);
  expect([of(3, 139), of(3, 140), of(3, 700)]).toEqual([null, 70, 70]);
  // Another encoder, one of a paper's recipe, and none.
  expect([of(5, 700), of(4, 700), of(null, 700)]).toEqual([null, null, null]);
});
