/** @file An M3U8 that Earmark wrote names the same files when it is read, whatever their names. */
import { expect, it } from 'vitest';
import { seededRandom } from '../../../../src-main/base/index.ts';
import type { TrackId } from '../../../../src-main/contract/index.ts';
import { listFormats } from '../../../../src-main/service/playlists/formats/index.ts';
import { decodeList, listEntries } from '../../../../src-main/service/playlists/list-entries.ts';
import { EntryMatcher } from '../../../../src-main/service/playlists/match-entries.ts';

/** What lists and addresses give a meaning to, and what readers take away. */
const odd = [
  ...[
    ' ',
    '\u00a0',
    '\u3000',
    '\ufeff',
    '\t',
    '\n',
    '\r',
    '\u0085',
    '\u2028',
    '#',
    '#EXTINF:1,',
    ':',
    'http://',
    'file:',
    'file:///',
    'C:',
    'a:',
  ],
  ...['%20', '%', '%zz', '\\', '~', '.', '..', '-', '"', "'", '&', '<', 'ä', 'e\u0301', '😀', '\u{10ffe9}', '?', 'x'],
];

it('reads back names made of everything that means something in a list', () => {
  const random = seededRandom(1);
  const pick = (): string => odd[random.below(odd.length)] ?? '';
  const names = new Set([...odd.map((part) => `${part}.mp3`), ...odd.map((part) => `${part}song`), ...odd.map((part) => `song${part}`)]);
  while (names.size < 2000)
    names.add(
      Array.from({ length: 1 + random.below(4) }, pick)
        .join('')
        .replaceAll('/', '_'),
    );
  const usable = [...names].map((name) => name.replaceAll('/', '_')).filter((name) => !/^\.*$/.test(name));
  const paths = [...new Set(usable.flatMap((name) => [`/music/${name}`, `/music/${name} album/${name}`, `/elsewhere/${name}`]))];
  const tracks = paths.map((path, i) => ({ trackId: (i + 1) as TrackId, path, durationMs: 200_000 }));
  const listed = tracks.map(({ trackId, ...track }) => ({
    ...track,
    id: trackId,
    title: track.path,
    artist: '',
    album: '',
    genre: '',
    bpm: null,
    key: null,
  }));
  for (const folder of ['/music', '/music/deep', null]) {
    const text = listFormats.m3u8.write({ name: 'odd', version: '0', tracks: listed as never, folder });
    const { trackIds, notFound } = new EntryMatcher(tracks).match(listEntries(decodeList(Buffer.from(text))), folder);
    expect(notFound).toEqual([]);
    expect(trackIds.map((id) => paths[id - 1])).toEqual(paths);
  }
});
