/** @file What is told of labels when tracks turn out to be of no use. */
import { describe, expect, it } from 'vitest';
import type { TrainLabels } from '../../../../src-main/service/index.ts';
import { SplitCheck } from '../../../../src-main/worker/train/split-check.ts';

/** Tracks 0 to 5 are learnt from, 6 to 11 held out; classes take turns. */
const labels: TrainLabels = {
  ...{ names: ['a', 'b', 'c'], isExclusive: true },
  tracks: Array.from({ length: 12 }, (_, trackId) => ({
    ...{ trackId, group: trackId, role: trackId < 6 ? ('taught' as const) : ('heldOut' as const) },
    answers: [0, 1, 2].map((one) => (one === trackId % 3 ? 1 : 0)),
  })),
};
const without = (...lost: number[]) => ({ labels, groupBy: 'artist' as const, isUsable: (trackId: number) => !lost.includes(trackId) });

describe('a split that loses tracks', () => {
  it('says nothing while every class has tracks on both sides', () => {
    const check = new SplitCheck();
    expect(check.losses(without())).toEqual([]);
    expect(check.losses(without(0, 7, 11))).toEqual([]);
  });

  it('tells each class that has no track left, on which side, and each once', () => {
    const check = new SplitCheck();
    const [first, ...others] = check.losses(without(0, 3));
    expect(others).toEqual([]);
    expect(first).toBe(
      '“a” has no track to learn from left that it fits, since some cannot be used: what is learnt of it means nothing. Label tracks of another artist that can be played, or leave it out.',
    );
    expect(check.losses(without(0, 3))).toEqual([]);
    expect(check.losses(without(0, 3, 7, 10, 8, 11))).toEqual([
      expect.stringMatching(/^“b”, “c” have no held-out track left that they fit, .*: they cannot be measured\./),
    ]);
  });

  it('tells of labels that are by themselves also where nothing is left that they do not fit', () => {
    const each = { ...without(1, 2, 4, 5), labels: { ...labels, isExclusive: false } };
    expect(() => new SplitCheck().losses(each)).toThrow('do not have both answers of any label, so nothing can be learnt');
    const tracks = labels.tracks.map((track) => ({ ...track, answers: [...track.answers, track.trackId % 2] }));
    const four = { ...each, labels: { names: ['a', 'b', 'c', 'odd'], isExclusive: false, tracks } };
    expect(new SplitCheck().losses(four)).toEqual([
      expect.stringMatching(/^“a” has no track to learn from left that it does not fit, .*: what is learnt of it means nothing/),
      expect.stringMatching(/^“b”, “c” have no track to learn from left that they fit,/),
    ]);
  });

  it('ends a run of which one class alone is left to learn', () => {
    expect(() => new SplitCheck().losses(without(0, 3, 1, 4))).toThrow(/4 of 6 labelled tracks \(tracks to learn from\) cannot be used/);
  });
});
