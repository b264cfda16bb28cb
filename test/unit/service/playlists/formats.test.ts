/** @file Every format that playlists leave in, read again by plain readers of our own, with names that would break a careless writer. */
import { describe, expect, it } from 'vitest';
import type { TrackId } from '../../../../src-main/contract/index.ts';
import { toStoredPath } from '../../../../src-main/base/index.ts';
import { listFormats } from '../../../../src-main/service/playlists/formats/index.ts';
import type { ListDocument, ListedTrack } from '../../../../src-main/service/playlists/formats/index.ts';

const base: ListedTrack = {
  ...{ id: 1 as TrackId, path: '/music/a.mp3', title: 'A', artist: 'B', album: 'C', genre: 'Rock', year: 1999, durationMs: 61_499 },
  ...{ format: 'MP3', sampleRate: 44_100, bitRate: 191_700, addedAt: Date.UTC(2024, 1, 29), bpm: null, key: null },
};
const hostile = `=1+1 "q" 'a' <b> & 100%, ü; 🎷\nnew\tline\u0000\u0007]]>`;

function documentOf(tracks: Partial<ListedTrack>[], changes: Partial<ListDocument> = {}): ListDocument {
  const listed = tracks.map((track, i) => ({ ...base, id: (i + 1) as TrackId, ...track }));
  return { name: 'Rain', tracks: listed, folder: null, version: '1.2.3', ...changes };
}

/** Attributes of every element of a kind, entities resolved. */
function elements(xml: string, name: string): Record<string, string>[] {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  const plain = (text: string): string =>
    text.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, word: string | undefined) =>
      code === undefined ? (named[word ?? ''] ?? '?') : String.fromCodePoint(Number(code)),
    );
  return [...xml.matchAll(new RegExp(`<${name}((?:\\s+\\w+="[^"<]*")*)\\s*/?>`, 'g'))].map(([, attributes = '']) =>
    Object.fromEntries([...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, plain(value)])),
  );
}

/** Rows of RFC 4180. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let [row, cell, isQuoted] = [[] as string[], '', false];
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[i + 1] === '"') cell += text[++i] ?? '';
      else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ',' || character === '\r') {
      row.push(cell);
      cell = '';
    } else if (character === '\n') {
      rows.push(row);
      row = [];
    } else cell += character;
  }
  return rows;
}

describe('M3U8', () => {
  const { write, recognises } = listFormats.m3u8;

  it('names length, artist and title, then the path', () => {
    expect(write(documentOf([{}, { artist: '', path: '/music/b #1.mp3', durationMs: 500 }]))).toBe(
      '#EXTM3U\n#PLAYLIST:Rain\n#EXTINF:61,B - A\n/music/a.mp3\n#EXTINF:1,A\n/music/b #1.mp3\n',
    );
  });

  it('takes the way from the list’s folder where that is shorter', () => {
    const places = (folder: string, path: string): string | undefined => write(documentOf([{ path }], { folder })).split('\n')[3];
    expect(places('/music/lists', '/music/album/a.mp3')).toBe('../album/a.mp3');
    expect(places('/music', '/music/#1.mp3')).toBe('./#1.mp3');
    expect(places('/home/someone/documents/lists', '/m/a.mp3')).toBe('/m/a.mp3');
  });

  it('keeps to one line whatever names hold', () => {
    const text = write(documentOf([{ title: hostile, path: '/music/a\nb.mp3' }], { name: 'two\nlines' }));
    expect(text.split('\n')).toHaveLength(5);
    expect(text).toContain('#PLAYLIST:two lines\n');
    expect(text).toContain('file:///music/a%0Ab.mp3\n');
  });

  it('writes a name that is not UTF-8 as an address, byte by byte', () => {
    const path = toStoredPath(Buffer.from('/music/caf\xe9.mp3', 'latin1'));
    expect(write(documentOf([{ path }]))).toContain('file:///music/caf%E9.mp3\n');
  });

  it('is known by its first line', () => {
    expect(recognises(write(documentOf([])))).toBe(true);
    expect(recognises('\uFEFF#EXTM3U\r\n')).toBe(true);
    expect(recognises('#!/bin/sh')).toBe(false);
  });
});

describe('JSPF', () => {
  const { write, recognises } = listFormats.jspf;

  it('holds addresses and milliseconds', () => {
    const text = write(documentOf([{ path: '/music/ü 100%?#.mp3', title: hostile, artist: '' }]));
    expect(JSON.parse(text)).toEqual({
      playlist: {
        title: 'Rain',
        track: [{ location: ['file:///music/%C3%BC%20100%25%3F%23.mp3'], title: hostile, album: 'C', duration: 61_499 }],
      },
    });
    expect(new URL('file:///music/%C3%BC%20100%25%3F%23.mp3').pathname).toBe('/music/%C3%BC%20100%25%3F%23.mp3');
  });

  it('writes drives as addresses too', () => {
    const { playlist } = JSON.parse(write(documentOf([{ path: 'C:\\Music\\a b.mp3' }]))) as {
      playlist: { track: { location: string[] }[] };
    };
    expect(playlist.track[0]?.location).toEqual(['file:///C:/Music/a%20b.mp3']);
  });

  it('is known by its tracks', () => {
    expect(recognises(write(documentOf([])))).toBe(true);
    for (const other of ['{"playlist":{}}', 'null', '[]', 'text']) expect(recognises(other)).toBe(false);
  });
});

describe('CSV', () => {
  const { write, recognises } = listFormats.csv;

  it('holds a header and a row a track', () => {
    const [header, row] = csvRows(write(documentOf([{ year: null }])));
    expect(header).toEqual(['position', 'title', 'artist', 'album', 'genre', 'year', 'duration_seconds', 'format', 'path']);
    expect(row).toEqual(['1', 'A', 'B', 'C', 'Rock', '', '61.499', 'MP3', '/music/a.mp3']);
  });

  it('keeps quotes, commas and lines, and no formula is carried out', () => {
    const [, row] = csvRows(write(documentOf([{ title: hostile, artist: '@SUM(A1)', album: '-1', genre: '+1' }])));
    expect(row?.slice(1, 5)).toEqual([`'${hostile}`, `'@SUM(A1)`, `'-1`, `'+1`]);
  });

  it('is known by its header', () => {
    expect(recognises(write(documentOf([])))).toBe(true);
    expect(recognises('name,phone\r\n')).toBe(false);
  });
});

describe('Rekordbox XML', () => {
  const { write, recognises } = listFormats.rekordbox;

  it('holds each track once and the list by their numbers', () => {
    const twice = documentOf([{ bpm: 128, key: '8A' }, { path: '/music/b & c.mp3' }], { name: 'R & B' });
    const xml = write({ ...twice, tracks: [...twice.tracks, ...twice.tracks.slice(0, 1)] });
    const tracks = elements(xml, 'TRACK');
    expect(tracks.slice(0, 2)).toMatchObject([
      { TrackID: '1', Name: 'A', Artist: 'B', TotalTime: '61', BitRate: '192', SampleRate: '44100', AverageBpm: '128.00', Tonality: '8A' },
      { TrackID: '2', Location: 'file://localhost/music/b%20%26%20c.mp3', DateAdded: '2024-02-29' },
    ]);
    expect(tracks.slice(2)).toEqual([{ Key: '1' }, { Key: '2' }, { Key: '1' }]);
    expect(elements(xml, 'COLLECTION')).toEqual([{ Entries: '2' }]);
    expect(elements(xml, 'NODE')).toEqual([
      { Type: '0', Name: 'ROOT', Count: '1' },
      { Name: 'R & B', Type: '1', KeyType: '0', Entries: '3' },
    ]);
    expect(elements(xml, 'PRODUCT')).toEqual([{ Name: 'Earmark', Version: '1.2.3', Company: '' }]);
  });

  it('keeps every character that XML has', () => {
    const [track] = elements(write(documentOf([{ title: hostile, artist: 'half \ud83c pair' }])), 'TRACK');
    expect(track?.['Name']).toBe(hostile.replace(/[\u0000\u0007]/g, ''));
    expect(track?.['Artist']).toBe('half \ufffd pair');
  });

  it('is written over when Earmark wrote it, never when it is a person’s collection', () => {
    expect(recognises(write(documentOf([])))).toBe(true);
    expect(recognises('<DJ_PLAYLISTS Version="1.0.0">\n<PRODUCT Name="rekordbox" Version="6.7.7"/>')).toBe(false);
  });
});
