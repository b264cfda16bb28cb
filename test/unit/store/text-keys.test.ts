import { describe, expect, it } from 'vitest';
import { fold, libraryKey, searchWords, sortKey } from '../../../src-main/store/text-keys.ts';

const sorted = (texts: readonly string[]): string[] =>
  texts.toSorted((a, b) => Buffer.compare(Buffer.from(sortKey(a)), Buffer.from(sortKey(b))));

describe('folding', () => {
  it('takes away case, accents and compatibility forms', () => {
    expect(fold('ÉTÉ Ångström Straße Øre Łódź ﬁn Ｆull')).toBe('ete angstrom strasse ore lodz fin full');
    expect(fold('İstanbul')).toBe('istanbul');
  });

  it('makes composed and decomposed spellings equal', () => {
    expect(fold('Café')).toBe(fold('Cafe\u0301'));
    expect(fold('ガ')).toBe(fold('カ\u3099'));
  });

  it('keeps scripts whose marks are letters', () => {
    expect(fold('हिन्दी')).toBe('हिन्दी'.normalize('NFKD').normalize('NFC'));
  });

  it('cuts a search into distinct words', () => {
    expect(searchWords('  Blue  BLUE Été ')).toEqual(['blue', 'ete']);
    expect(searchWords(' \t ')).toEqual([]);
  });
});

describe('sort keys', () => {
  it('order numbers by value wherever they stand', () => {
    expect(sorted(['track 10', 'track 9', 'track 009b', 'track 100', 'Track 1'])).toEqual([
      'Track 1',
      'track 9',
      'track 009b',
      'track 10',
      'track 100',
    ]);
    expect(sorted(['99999999999', '100000000000', '2'])).toEqual(['2', '99999999999', '100000000000']);
  });

  it('ignore case and accents', () => {
    expect(sorted(['zebra', 'Émile', 'apple', 'emil'])).toEqual(['apple', 'emil', 'Émile', 'zebra']);
  });

  it('put empty texts last', () => {
    expect(sorted(['', 'zzz', '😀', '日本'])).toEqual(['zzz', '日本', '😀', '']);
  });

  it('order the library by artist, album, disc, number and path', () => {
    const place = { artist: 'A', album: 'B', discNumber: 1, trackNumber: 2, path: '/x' };
    const places = [
      { ...place, artist: '' },
      { ...place, artist: 'a', album: 'B 10' },
      { ...place, album: 'B 9', trackNumber: 11 },
      { ...place, discNumber: 2, trackNumber: 1 },
      { ...place, trackNumber: 10 },
      { ...place, path: '/y' },
      place,
      { ...place, trackNumber: null },
    ];
    const order = places.map((one) => libraryKey(one)).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(order.map((key) => places.findIndex((one) => libraryKey(one) === key))).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  });
});
