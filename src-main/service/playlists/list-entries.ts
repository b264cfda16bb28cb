/** @file What an M3U list names: its lines, and the places they may mean, whoever wrote them. */
import { posix } from 'node:path';
import { toStoredPath } from '../../base/index.ts';

/** A line of a list. `seconds`: the length that the comment before it tells; null without one. */
export type ListEntry = { line: string; seconds: number | null };

/** Text of a list's bytes: UTF-8 with or without its mark, UTF-16 with it, else Windows' Western code page, as old lists have it. */
export function decodeList(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The longest line that is looked up: no file system has longer paths, also with every byte of theirs written as a percent sign and two digits. */
const longestLine = 3 * 4096 + 64;

/** The entries of a list in its order; comments and blank lines are none. */
export function listEntries(text: string): ListEntry[] {
  const entries: ListEntry[] = [];
  let seconds: number | null = null;
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    const length = /^#EXTINF:\s*(\d+(?:\.\d+)?)/.exec(line)?.[1];
    if (length !== undefined) seconds = Number(length);
    if (line === '' || line.startsWith('#')) continue;
    entries.push({ line, seconds: seconds === 0 ? null : seconds });
    seconds = null;
  }
  return entries;
}

/**
 * The paths that a line may mean, likeliest first: as it stands, with its backslashes as slashes, and with its percent signs decoded. None is opened.
 * @param folder where relative paths begin; null when that is not known, and they stay relative
 */
export function pathsOf(line: string, folder: string | null): string[] {
  if (line.length > longestLine) return [];
  const address = /^file:(?:\/\/(?:localhost)?(?=\/))?(.*)$/i.exec(line)?.[1];
  if (address === undefined && /^[a-z][a-z0-9+.-]+:\/\//i.test(line)) return [];
  const plain = address === undefined ? [line] : [];
  const decoded = decodedPercent(address ?? line);
  const written = [...plain, ...plain.map(slashed), ...(decoded === null ? [] : [decoded, slashed(decoded)])];
  return [...new Set(written.map((path) => placed(withoutDriveSlash(path), folder)))];
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** `/C:/Music` of an address is `C:/Music`. */
function withoutDriveSlash(path: string): string {
  return /^\/[A-Za-z]:[\\/]/.test(path) ? path.slice(1) : path;
}

function placed(path: string, folder: string | null): string {
  const isWhole = path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
  if (isWhole || folder === null) return path.startsWith('/') ? posix.normalize(path) : path;
  return posix.normalize(`${slashed(folder)}/${path}`);
}

/** Bytes behind percent signs, which need not be UTF-8; null when there are none. */
function decodedPercent(text: string): string | null {
  if (!/%[0-9a-f]{2}/i.test(text)) return text.includes('%') ? null : text;
  const bytes: number[] = [];
  for (const part of text.split(/(%[0-9a-f]{2})/i))
    bytes.push(...(/^%[0-9a-f]{2}$/i.test(part) ? [Number.parseInt(part.slice(1), 16)] : Buffer.from(part)));
  return toStoredPath(Uint8Array.from(bytes));
}
