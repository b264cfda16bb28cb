import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import { Picker, RecordingGroups, smallest } from '../../../../src-main/service/similar/rank.ts';
import type { TrackId } from '../../../../src-main/contract/index.ts';

describe('the smallest keys', () => {
  it.each([0, 1, 10, 512, 513, 3000, 5000])('are those that sorting gives, %i of them, ties by position', (count) => {
    const random = seededRandom(count + 1);
    const keys = Float32Array.from({ length: 4000 }, () => (random.uniform() < 0.1 ? Infinity : Math.floor(random.uniform() * 900) / 7));
    const expected = [...keys.keys()]
      .filter((position) => keys[position] !== Infinity)
      .sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b)
      .slice(0, count);
    expect([...smallest(keys, count)]).toEqual(expected);
  });
});

describe('choosing tracks', () => {
  const columns = { artists: Int32Array.of(0, 0, 0, 1, 1, -1, -1), albums: Int32Array.of(0, 0, 1, 2, 2, -1, -1) };
  const all = [0, 1, 2, 3, 4, 5, 6];
  const chosen = (limits: Omit<ConstructorParameters<typeof Picker>[0], 'columns'>): number[] => {
    const picker = new Picker({ columns, ...limits });
    return all.filter((trackId) => picker.take(trackId));
  };

  it('takes so many of an artist and of an album, and counts blank ones each for itself', () => {
    expect(chosen({ groups: null })).toEqual(all);
    expect(chosen({ groups: null, perArtist: 1 })).toEqual([0, 3, 5, 6]);
    expect(chosen({ groups: null, perArtist: 2 })).toEqual([0, 1, 3, 4, 5, 6]);
    expect(chosen({ groups: null, perAlbum: 1 })).toEqual([0, 2, 3, 5, 6]);
    expect(chosen({ groups: null, perArtist: 2, perAlbum: 1 })).toEqual([0, 2, 3, 5, 6]);
  });

  it('takes the first of every recording, and none of one that stands already', () => {
    const groups = new RecordingGroups().get([[6, 1, 4] as TrackId[], [2, 3] as TrackId[]]);
    expect(chosen({ groups })).toEqual([0, 1, 2, 5]);
    const picker = new Picker({ columns, groups });
    picker.block(3);
    expect(picker.take(2)).toBe(false);
    expect(picker.take(3)).toBe(true);
  });
});
