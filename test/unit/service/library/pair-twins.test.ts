/** @file Who is who among files of one sound. */
import { describe, expect, it } from 'vitest';
import type { TrackId } from '../../../../src-main/contract/index.ts';
import { commonEnd, pairTwins } from '../../../../src-main/service/library/pair-twins.ts';
import type { Evidence } from '../../../../src-main/service/library/pair-twins.ts';

let number = 0;
function file(path: string, changes: Partial<Evidence> = {}): Evidence & { id: TrackId } {
  const plain = { size: 100, mtimeMs: 1, inode: null, title: 'T', artist: 'A', album: '', discNumber: null, trackNumber: null };
  return { ...plain, path, ...changes, id: ++number as TrackId };
}

/** Paths of the found files with those of the lost. */
function paired(lost: ReturnType<typeof file>[], found: ReturnType<typeof file>[]): Record<string, string> {
  return Object.fromEntries([...pairTwins(lost, found)].map(([now, before]) => [now.path, before.path]));
}

describe('twins', () => {
  it('that moved to another drive are told by the longest common end of their paths', () => {
    const names = ['/old/a/x.mp3', '/old/b/x.mp3', '/old/c/b/x.mp3'];
    const now = names.map((path) => path.replace('/old', '/new/drive'));
    const expected = Object.fromEntries(now.map((path, i) => [path, names[i]]));
    expect(
      paired(
        names.toReversed().map((path) => file(path)),
        now.map((path) => file(path, { mtimeMs: 9 })),
      ),
    ).toEqual(expected);
  });

  it('that were renamed to each other’s names are told by what they are', () => {
    for (const differing of [{ size: 101 }, { inode: '7' }, { album: 'Best of' }, { mtimeMs: 3 }]) {
      const lost = [file('/m/a/1.mp3', { inode: '6' }), file('/m/b/2.mp3', { inode: '5', ...differing })];
      const found = [file('/m/a/2.mp3', { inode: '6' }), file('/m/b/1.mp3', { inode: '5', ...differing })];
      if (!('inode' in differing)) for (const one of [...lost, ...found]) one.inode = null;
      expect(paired(lost, found), JSON.stringify(differing)).toEqual({ '/m/a/2.mp3': '/m/a/1.mp3', '/m/b/1.mp3': '/m/b/2.mp3' });
    }
  });

  it('that nothing tells apart but their folders stay in them, else keep their order', () => {
    const lost = ['/m/b/1.mp3', '/m/a/1.mp3'].map((path) => file(path));
    expect(
      paired(
        lost,
        ['/m/a/9.mp3', '/m/b/8.mp3'].map((path) => file(path)),
      ),
    ).toEqual({ '/m/a/9.mp3': '/m/a/1.mp3', '/m/b/8.mp3': '/m/b/1.mp3' });
    expect(
      paired(
        lost,
        ['/n/y.mp3', '/n/x.mp3'].map((path) => file(path)),
      ),
    ).toEqual({ '/n/x.mp3': '/m/a/1.mp3', '/n/y.mp3': '/m/b/1.mp3' });
  });

  it('of which some are gone for good leave the others to the best candidates', () => {
    const lost = [file('/old/Album/01.mp3')];
    expect(paired(lost, [file('/new/Copies/01.mp3'), file('/new/Album/01.mp3'), file('/new/x.mp3')])).toEqual({
      '/new/Album/01.mp3': '/old/Album/01.mp3',
    });
    expect(paired([file('/old/Copies/01.mp3'), ...lost], [file('/new/Album/01.mp3')])).toEqual({
      '/new/Album/01.mp3': '/old/Album/01.mp3',
    });
  });

  it('are known though they were given other tags', () => {
    const lost = [file('/old/a/x.mp3', { size: 1, album: 'A' }), file('/old/b/x.mp3', { size: 2, album: 'B' })];
    const found = [file('/new/a/x.mp3', { size: 5, album: 'New A' }), file('/new/b/x.mp3', { size: 6, album: 'New B' })];
    expect(paired(lost, found)).toEqual({ '/new/a/x.mp3': '/old/a/x.mp3', '/new/b/x.mp3': '/old/b/x.mp3' });
  });

  it('are paired twenty thousand at a time without looking at every pair', () => {
    const lost = Array.from({ length: 20_000 }, (_, i) => file(`/old/${i % 1000}/${i}.mp3`));
    const found = lost.toReversed().map(({ path }) => file(path.replace('old', 'new')));
    const pairs = pairTwins(lost, found);
    expect(pairs.size).toBe(20_000);
    for (const [now, before] of pairs) expect(now.path.slice(4)).toBe(before.path.slice(4));
  });
});

it('the common end of paths is counted in whole parts, whatever their case and form', () => {
  expect(commonEnd('/a/b/c.mp3', '/x/b/c.mp3')).toBe(2);
  expect(commonEnd('/a/bb/c.mp3', '/a/b/c.mp3')).toBe(1);
  expect(commonEnd('/a/Ä.mp3'.normalize('NFD'), '/b/ä.mp3')).toBe(1);
  expect(commonEnd('/a.mp3', '/b.mp3')).toBe(0);
});
