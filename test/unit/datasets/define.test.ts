/** @file What all data sets have in common: which answers can be used, what leaks from training to testing, and cells that hold a number. */
import { describe, expect, it } from 'vitest';
import { defineDataset } from '../../../src-main/datasets/define.ts';
import type { NamedClip } from '../../../src-main/datasets/define.ts';
import type { DatasetReading, TaskKind } from '../../../src-main/datasets/index.ts';
import { numberIn } from '../../../src-main/datasets/number-in.ts';
import { memoryFolder } from '../../support/datasets/memory-folder.ts';
import { reasons } from '../../support/datasets/read-set.ts';

function read(kind: TaskKind, clips: readonly Omit<NamedClip, 'path'>[]): Promise<DatasetReading> {
  const set = defineDataset({
    ...{ name: 'small', title: 'Small', about: '', holds: '' },
    tasks: [{ name: 'task', title: 'Task', kind }],
    splits: [{ name: 'split', title: 'Split' }],
    isIn: () => Promise.resolve(true),
    read: () =>
      Promise.resolve({
        ...{ labels: ['a', 'b'], clips: clips.map((clip) => ({ ...clip, path: `${clip.id}.wav` })), leftOut: [], notes: [] },
        ...{ policies: { emptyLabels: '', labelOrder: '', ties: '', aggregation: '' }, published: null, leastSeconds: null },
      }),
  });
  return set.read(memoryFolder({}), { task: null, split: null });
}

const answered = (answers: readonly number[], at: number): Omit<NamedClip, 'path'> => ({ id: String(at), part: 'train', answers });

describe('answers', () => {
  it('of tags are 0 or 1, as many as there are labels', async () => {
    const reading = await read('tags', [[0, 1], [2, 0], [0.5, 1], [-1, 0], [NaN, 0], [1], [1, 1, 1]].map(answered));
    expect(reading.clips.map(({ id }) => id)).toEqual(['0']);
    const wrong = 'One of its answers is neither 0 nor 1.';
    expect(reasons(reading)).toEqual([
      ...['1', '2', '3'].map((id) => [id, wrong]),
      ['4', 'One of its answers is no number.'],
      ['5', 'It has 1 answer in place of 2.'],
      ['6', 'It has 3 answers in place of 2.'],
    ]);
  });

  it('of classes are the place of a label, and of numbers any that is one', async () => {
    const classes = await read('classes', [[0], [1], [2], [-1], [0.5], [0, 1]].map(answered));
    expect(classes.clips.map(({ id }) => id)).toEqual(['0', '1']);
    expect(reasons(classes).slice(0, 3)).toEqual(['2', '3', '4'].map((id) => [id, 'Its class is none of the labels.']));
    const numbers = await read('numbers', [[-3.5, 1e6], [Infinity, 0], [1]].map(answered));
    expect(numbers.clips.map(({ id }) => id)).toEqual(['0']);
  });
});

describe('artists in several parts', () => {
  const of = (artist: string, ...parts: NamedClip['part'][]): Omit<NamedClip, 'path'>[] =>
    parts.map((part, at) => ({ id: `${artist}${at}`, part, artist, answers: [at % 2] }));

  it('are counted, and those apart that are both learnt from and tested on', async () => {
    const clips = [
      ...of('Ann', 'train', 'test'),
      ...of('Bob', 'train', 'validation'),
      ...of('Cid', 'validation', 'test'),
      ...of('Dan', 'train', 'train'),
    ];
    const { notes } = await read('classes', clips);
    expect(notes).toContain(
      '3 of 4 artists have clips in several parts, 1 of them in both training and testing: figures are higher than they would be on a new artist.',
    );
    expect((await read('classes', of('Dan', 'train', 'train'))).notes.join(' ')).not.toContain('several parts');
  });
});

it('a cell holds a number, or none: empty is not 0', () => {
  expect(['', ' ', '\t', undefined, 'x', '1,5'].map(numberIn)).toEqual(Array.from({ length: 6 }, () => NaN));
  expect(['0', ' 2.5 ', '-1e3'].map(numberIn)).toEqual([0, 2.5, -1000]);
});
