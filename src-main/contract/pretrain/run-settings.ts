/** @file Settings of a run itself: how much at a time, how long, and what it leaves. */
import { choice, length, number, optionalWhole, whole } from '../../base/settings.ts';

const own = 'Earmark';
const clmr = 'Spijkervet 2021';

export const runSettings = {
  batch: whole(48, {
    title: 'Batch',
    unit: 'tracks',
    about: 'Tracks that are compared at each step; more negatives, more memory.',
    source: `${clmr}: 48, 96, 456`,
    least: 2,
    most: 8_192,
  }),
  /** Null: all at once. With batch norm this is the group that statistics are taken over. */
  chunk: optionalWhole(null, {
    title: 'Chunk',
    unit: 'tracks',
    about: 'Computes a large batch in pieces, with the same gradients. With batch norm, statistics are taken over a piece.',
    source: own,
    least: 2,
    most: 8_192,
  }),
  memoryMegabytes: optionalWhole(null, {
    title: 'Memory limit',
    unit: 'MB',
    about: 'A batch that needs more is computed in the largest chunks that fit. Counts unless a chunk is given.',
    source: own,
    least: 512,
    most: 10_000_000,
    before: null,
  }),
  /** An epoch takes every track once. Minutes count only while it runs. */
  length: length(
    { unit: 'epochs', amount: 1000 },
    [
      { unit: 'steps', least: 1, most: 100_000_000, isWhole: true },
      { unit: 'epochs', least: 1, most: 1_000_000, isWhole: true },
      { unit: 'minutes', least: 0.05, most: 1_000_000, isWhole: false },
    ],
    {
      title: 'Length',
      about: 'In steps, epochs (every track once) or minutes of training.',
      source: `${clmr}: 1\u202f000, 3\u202f000, 10\u202f000 epochs`,
    },
  ),
  seed: whole(1, {
    title: 'Seed',
    about: 'The same seed draws the same weights, crops and transforms.',
    source: own,
    least: 0,
    most: 0xffffffff,
  }),
  checkpoints: {
    everyMinutes: number(10, {
      title: 'Checkpoint every',
      unit: 'minutes',
      about: 'So much work is lost at most when the power fails.',
      source: own,
      least: 0.05,
      most: 10_000,
    }),
    keep: whole(3, { title: 'Checkpoints kept', about: 'The last so many, and the best.', source: own, least: 1, most: 1_000 }),
    best: choice('loss', ['loss', 'rank', 'held-out'], {
      title: 'Best by',
      about: 'Lowest loss (mean since the last checkpoint), highest rank of the embeddings, or, with labels, what held-out tracks say.',
      source: own,
      words: { loss: 'Lowest loss', rank: 'Highest rank', 'held-out': 'Held-out tracks' },
    }),
  },
  cacheMegabytes: whole(4096, {
    title: 'Decoded audio kept',
    unit: 'MB',
    about: 'Tracks are decoded once and kept on the disk up to this; the rest is decoded where a crop is taken.',
    source: own,
    least: 0,
    most: 10_000_000,
  }),
};
