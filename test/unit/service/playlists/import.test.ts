/** @file Lists that other programs wrote: their text, their paths, and the tracks that these mean. */
import { describe, expect, it } from 'vitest';
import { toStoredPath } from '../../../../src-main/base/index.ts';
import type { TrackId } from '../../../../src-main/contract/index.ts';
import { decodeList, listEntries, pathsOf } from '../../../../src-main/service/playlists/list-entries.ts';
import { EntryMatcher } from '../../../../src-main/service/playlists/match-entries.ts';

/** A matcher over paths; track 1 is the first. */
function matcherOf(...paths: string[]): (list: string, folder?: string | null) => { trackIds: number[]; notFound: string[] } {
  const matcher = new EntryMatcher(paths.map((path, i) => ({ trackId: (i + 1) as TrackId, path, durationMs: 60_000 })));
  return (list, folder = null) => matcher.match(listEntries(list), folder);
}

describe('a list’s text', () => {
  it('is UTF-8, UTF-16 with its mark, or Windows’ Western code page', () => {
    expect(decodeList(Buffer.from('Füße 🎷'))).toBe('Füße 🎷');
    expect(decodeList(Buffer.from('\uFEFFFüße', 'utf8'))).toBe('Füße');
    expect(decodeList(Buffer.from('\uFEFFFüße', 'utf16le'))).toBe('Füße');
    expect(decodeList(Buffer.from('Füße', 'latin1'))).toBe('Füße');
    expect(decodeList(Uint8Array.of(0x93, 0x94, 0x80))).toBe('“”€');
  });

  it('has an entry a line, whatever the ends of lines, and lengths where they are told', () => {
    const text =
      '\uFEFF#EXTM3U\r\n#EXTINF:61,A - B\r\na.mp3\r\n\r\n# a remark\rb.mp3\n#EXTINF:-1,Radio\nhttp://radio.example/x\n#EXTINF:0,\n  c.mp3  ';
    expect(listEntries(text)).toEqual([
      { line: 'a.mp3', seconds: 61 },
      { line: 'b.mp3', seconds: null },
      { line: 'http://radio.example/x', seconds: null },
      { line: 'c.mp3', seconds: null },
    ]);
  });
});

describe('a line', () => {
  it('is taken as it stands before it is taken as encoded', () => {
    expect(pathsOf('/music/100%25.mp3', null)).toEqual(['/music/100%25.mp3', '/music/100%.mp3']);
    expect(pathsOf('/music/100%.mp3', null)).toEqual(['/music/100%.mp3']);
  });

  it('is relative to the list’s folder', () => {
    expect(pathsOf('../a/./b.mp3', '/music/lists')).toEqual(['/music/a/b.mp3']);
    expect(pathsOf('..\\a\\b.mp3', '/music/lists')).toContain('/music/a/b.mp3');
    expect(pathsOf('b.mp3', 'C:\\Music')).toContain('C:/Music/b.mp3');
  });

  it('may be an address, also of a name that is not UTF-8', () => {
    expect(pathsOf('file:///music/%C3%BC%20a.mp3', '/elsewhere')).toEqual(['/music/ü a.mp3']);
    expect(pathsOf('file://localhost/C:/Music/a.mp3', null)).toEqual(['C:/Music/a.mp3']);
    expect(pathsOf('file:///music/caf%E9.mp3', null)).toEqual([toStoredPath(Buffer.from('/music/caf\xe9.mp3', 'latin1'))]);
  });

  it('that names another host is no path', () => {
    expect(pathsOf('https://radio.example/a.mp3', '/music')).toEqual([]);
  });
});

describe('matching', () => {
  it('finds the very path first', () => {
    const match = matcherOf('/music/a/1.mp3', '/music/b/1.mp3');
    expect(match('/music/b/1.mp3\n1.mp3', '/music/a')).toEqual({ trackIds: [2, 1], notFound: [] });
  });

  it('finds a file that another machine keeps elsewhere, by as much of the end of its path as tells it apart', () => {
    const match = matcherOf(
      '/home/me/Music/Artist/One/01 Intro.mp3',
      '/home/me/Music/Artist/Two/01 Intro.mp3',
      '/home/me/Music/x/Solo.flac',
    );
    expect(match('D:\\Musik\\ARTIST\\two\\01 intro.MP3')).toEqual({ trackIds: [2], notFound: [] });
    expect(match('/mnt/usb/solo.FLAC').trackIds).toEqual([3]);
    expect(match('E:\\01 Intro.mp3')).toEqual({ trackIds: [], notFound: ['E:\\01 Intro.mp3'] });
  });

  it('finds names in the other normal form of Unicode', () => {
    expect(matcherOf('/music/Bj\u00f6rk/Jo\u0301ga.mp3')('Bjo\u0308rk/J\u00f3ga.mp3').trackIds).toEqual([1]);
  });

  it('does not take a file of the same name alone for one of another length', () => {
    const match = matcherOf('/music/a/Intro.mp3');
    expect(match('#EXTINF:200,x\n/elsewhere/Intro.mp3').trackIds).toEqual([]);
    expect(match('#EXTINF:61,x\n/elsewhere/Intro.mp3').trackIds).toEqual([1]);
    expect(match('#EXTINF:200,x\n/elsewhere/a/Intro.mp3').trackIds).toEqual([1]);
  });

  it('keeps the list’s order and repetitions, and names what it did not find', () => {
    const match = matcherOf('/m/a.mp3', '/m/b.mp3');
    expect(match('b.mp3\na.mp3\nb.mp3\nc.mp3\n../../etc/passwd', '/m')).toEqual({
      trackIds: [2, 1, 2],
      notFound: ['c.mp3', '../../etc/passwd'],
    });
  });
});
