/** @file Texts folded for searching and for sorting: without case and accents, and with numbers in order of size. */

/** Letters that Unicode does not decompose, as people type them without their mark. */
const undecomposed: Record<string, string> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h' };
const undecomposedPattern = /[ßøæœłđðþıħ]/g;
const beyondAscii = /[^\0-\x7f]/;

/** Sorts after every text; stands for an empty one, so that empty cells come last. */
export const blankKey = '\u{10ffff}';

/** Folds case, accents (of Latin, Greek and Cyrillic) and compatibility forms (`ﬁ`, full width) away. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (!beyondAscii.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(undecomposedPattern, (letter) => undecomposed[letter] ?? letter)
    .normalize('NFC')
    .toLowerCase();
}

/** The words that must all occur, folded; none for a blank search. */
export function searchWords(search: string): string[] {
  return [...new Set(fold(search).split(/\s+/))].filter((word) => word !== '');
}

/**
 * A key whose order as bytes is the natural order of texts: folded, runs of digits by value (each is preceded by its length, so `9` comes before
 * `10`), empty last.
 */
export function sortKey(text: string): string {
  const folded = fold(text.trim());
  if (folded === '') return blankKey;
  return folded.replace(/\d+/g, (digits) => {
    const value = digits.replace(/^0+(?=\d)/, '');
    return `${String.fromCharCode(0x30 + Math.min(value.length, 40))}${value}`;
  });
}

/** Where a track stands in the library's own order. */
export type LibraryPlace = { artist: string; album: string; discNumber: number | null; trackNumber: number | null; path: string };

/** One key for the library's order: artist, album, disc, track number, path. */
export function libraryKey(place: LibraryPlace): string {
  const numbers = [place.discNumber, place.trackNumber].map((number) => String(Math.max(0, number ?? 0)).padStart(6, '0'));
  return [sortKey(place.artist), sortKey(place.album), ...numbers, sortKey(place.path)].join('\u0001');
}
