/** @file How tags are written, how shares are, and what jobs of tagging say of themselves. */
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src-main/contract/index.ts';
import { groupedByKind, isSameTag, readTagName, tagTitle } from '../../../src-renderer/lib/tag-name.ts';
import { formatPercent } from '../../../src-renderer/lib/percent.ts';
import { jobFailures } from '../../../src-renderer/view/frame/job-text.ts';

describe('a tag as it is typed', () => {
  it.each([
    ['rainy', '', 'rainy'],
    ['mood: rainy', 'mood', 'rainy'],
    ['  mood :  very   rainy ', 'mood', 'very rainy'],
    ['a: b: c', 'a', 'b: c'],
    [': rainy', '', ': rainy'],
    ['12:', '', '12:'],
    ['🌧: 夜', '🌧', '夜'],
  ])('reads %j', (typed, kind, name) => {
    expect(readTagName(typed)).toEqual({ kind, name });
  });

  it('is written as it was read', () => {
    for (const typed of ['rainy', 'mood: rainy', 'a: b: c']) expect(tagTitle(readTagName(typed))).toBe(typed);
  });

  it('is the same whatever its case and accents, but not with another kind', () => {
    expect(isSameTag({ kind: 'Mood', name: 'ÉPIC' }, { kind: 'mood', name: 'epic' })).toBe(true);
    expect(isSameTag({ kind: '', name: 'epic' }, { kind: 'mood', name: 'epic' })).toBe(false);
  });

  it('stands with the others of its kind', () => {
    const tags = ['a: 1', 'b', 'a: 2'].map(readTagName);
    expect(groupedByKind(tags).map(({ kind, tags: members }) => [kind, members.length])).toEqual([
      ['a', 2],
      ['', 1],
    ]);
  });
});

describe('a share', () => {
  it('is whole percent, but for what is almost nothing and almost all', () => {
    const written = [0, 0.004, 0.5, 0.806, 0.997, 1, null].map((share) => formatPercent(share));
    expect(written).toEqual(['0\u202f%', '0.4\u202f%', '50\u202f%', '81\u202f%', '99.7\u202f%', '100\u202f%', '–']);
  });
});

describe('what a job could not do', () => {
  const progress = { done: 5, total: 9, unit: 'steps', audioSeconds: 0, rate: 1, secondsLeft: 1, detail: '', failed: 1 };
  const job = { kind: 'pretrain', progress } as unknown as Job;

  it('is told as tracks that a run left out, not as steps', () => {
    expect(jobFailures(job)).toBe('1 track was left out');
    expect(jobFailures({ ...job, progress: { ...progress, failed: 12 } })).toBe('12 tracks were left out');
  });

  it('is told as files that were not written', () => {
    expect(jobFailures({ ...job, kind: 'write', progress: { ...progress, unit: 'files', failed: 2 } })).toBe(
      '2 files could not be written',
    );
  });
});
