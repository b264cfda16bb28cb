/**
 * @file Which code page 8-bit texts of an ID3 tag are in. The standard says Latin-1; what lies in collections is Windows' Western page, UTF-8 of
 * programs that did not look, and Cyrillic and Japanese of people whose systems were set so. Nothing in the tag tells; the bytes do, nearly always.
 */

/** Names as `TextDecoder` has them. */
export type CodePage = 'windows-1252' | 'utf-8' | 'shift_jis' | 'windows-1251';

/**
 * The code page in which all texts of a tag make sense. Western where nothing else is sure.
 * @param texts the bytes of each text; together, since a short one alone tells little
 */
export function codePageOf(texts: readonly Uint8Array[]): CodePage {
  const bytes = Buffer.concat(texts.flatMap((text) => [text, Buffer.from('\n')]));
  if (!bytes.some((byte) => byte >= 0x80)) return 'windows-1252';
  if (decodedBy('utf-8', bytes) !== null) return 'utf-8';
  if (isJapanese(decodedBy('shift_jis', bytes))) return 'shift_jis';
  return isCyrillic(bytes) ? 'windows-1251' : 'windows-1252';
}

/** A text of a code page; bytes that have no meaning there become the replacement character. */
export function textOf(bytes: Uint8Array, page: CodePage): string {
  return new TextDecoder(page).decode(bytes);
}

function decodedBy(page: CodePage, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(page, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const wide = /[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff60]/;
const twoWide = new RegExp(`${wide.source}{2}`);

/**
 * Two wide characters in a row, and none that Japanese has not: Western text in this page is cut by bytes that make no pair, single characters (a
 * quotation mark with its letter), or half-width kana and private ones (accented letters).
 */
function isJapanese(text: string | null): boolean {
  if (text === null || !twoWide.test(text)) return false;
  return [...text].every((character) => character < '\u007f' || wide.test(character));
}

/** Letters of the Cyrillic page above ASCII. */
const cyrillic = '[\\u0400-\\u045f\\u0490\\u0491]';
const cyrillicWord = new RegExp(`(?<![A-Za-z\\u0400-\\u04ff])${cyrillic}{3,}(?![A-Za-z\\u0400-\\u04ff])`);
const mixedWord = new RegExp(`[A-Za-z]${cyrillic}|${cyrillic}[A-Za-z]`);

/** A whole word above ASCII: in Western text accented letters stand among plain ones. */
function isCyrillic(bytes: Uint8Array): boolean {
  const text = textOf(bytes, 'windows-1251');
  return cyrillicWord.test(text) && !mixedWord.test(text);
}
