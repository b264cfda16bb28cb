/** @file From pairs to groups. */
import { describe, expect, it } from 'vitest';
import type { TrackId } from '../../../../src-main/contract/index.ts';
import { groupKey, groupPairs } from '../../../../src-main/service/duplicates/groups.ts';
import type { GroupSource, RecordingPair } from '../../../../src-main/service/duplicates/groups.ts';

type Told = { relation: string; tracks: number[]; offsets: number[] };

/** Groups of recordings whose tracks are named; the smaller number is the better copy. */
function grouped(recordings: number[][], pairs: RecordingPair[], bitErrors: GroupSource['bitErrors'] = () => null): Told[] {
  const source: GroupSource = {
    recordings: recordings.map((ids) => ({ trackIds: ids as TrackId[] })),
    pairs,
    byQuality: (a, b) => a - b,
    bitErrors,
  };
  return groupPairs(source).map(({ relation, tracks }) => ({
    relation,
    tracks: tracks.map(({ trackId }) => trackId),
    offsets: tracks.map(({ offsetMs }) => offsetMs),
  }));
}

function pair(first: number, second: number, relation: RecordingPair['relation'], offsetMs = 0): RecordingPair {
  return { first, second, relation, offsetMs, bitErrorRate: 0.1 };
}

describe('groups', () => {
  it('hold files with the very same audio, without any comparison', () => {
    expect(grouped([[3, 5], [4]], [])).toEqual([{ relation: 'same', tracks: [3, 5], offsets: [0, 0] }]);
  });

  it('join what hangs together, and place everything against the best copy', () => {
    const pairs = [pair(0, 1, 'same', 3000), pair(1, 2, 'same', -1000)];
    expect(grouped([[30], [20], [10], [40]], pairs)).toEqual([{ relation: 'same', tracks: [10, 20, 30], offsets: [0, 1000, -2000] }]);
  });

  it('keep masterings apart, and name the best copy of each', () => {
    const pairs = [pair(0, 1, 'same'), pair(1, 2, 'master', 500), pair(2, 3, 'same')];
    expect(grouped([[1], [2], [3], [4]], pairs)).toEqual([
      { relation: 'same', tracks: [1, 2], offsets: [0, 0] },
      { relation: 'same', tracks: [3, 4], offsets: [0, 0] },
      { relation: 'master', tracks: [1, 3], offsets: [0, 500] },
    ]);
  });

  it('tell the differing bits against the best copy itself', () => {
    const asked: number[][] = [];
    grouped([[1], [2], [3]], [pair(0, 1, 'same', 100), pair(1, 2, 'same', 50)], (...question) => {
      asked.push(question);
      return 0.05;
    });
    expect(asked).toEqual([
      [0, 1, 100],
      [0, 2, 150],
    ]);
  });

  it('have a key that is theirs while the same tracks are in them', () => {
    const ids = [3, 1, 2] as TrackId[];
    expect(groupKey('same', ids)).toBe(groupKey('same', ids.toSorted()));
    expect(groupKey('same', ids)).not.toBe(groupKey('master', ids));
    expect(groupKey('same', ids)).not.toBe(groupKey('same', ids.slice(1)));
  });
});
