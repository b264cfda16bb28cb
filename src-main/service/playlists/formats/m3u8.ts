/** @file M3U8: paths, one a line, in UTF-8, with length and name in a comment before each. */
import { isAbsolute, relative, sep } from 'node:path';
import { toSystemPath } from '../../../base/index.ts';
import { fileAddress, formatOf, oneLine } from './format.ts';
import type { ListFormat, ListedTrack } from './format.ts';

/** Extended M3U. Paths are relative to the list where that is shorter, else absolute. */
export const m3u8: ListFormat = formatOf({
  extensions: ['.m3u8', '.m3u'],
  pieces: function* ({ name, trackIds, at, folder }) {
    yield `#EXTM3U\n#PLAYLIST:${oneLine(name)}\n`;
    for (const track of at(trackIds.keys()))
      yield `#EXTINF:${Math.round(track.durationMs / 1000)},${nameOf(track)}\n${placeOf(track.path, folder)}\n`;
  },
  recognises: (text) => /^\uFEFF?#EXTM3U/.test(text),
});

function nameOf({ artist, title }: ListedTrack): string {
  return oneLine(artist === '' ? title : `${artist} - ${title}`);
}

/** How a line names a file. A path that a line cannot hold, or that would be read as a comment, is written as an address. */
function placeOf(path: string, folder: string | null): string {
  if (typeof toSystemPath(path) !== 'string' || /[\p{Cc}\u2028\u2029]/u.test(path) || path !== path.trim()) return fileAddress(path);
  if (folder === null) return path;
  const short = relative(folder, path);
  if (isAbsolute(short) || short.length >= path.length) return path;
  // A comment, an address, a network path, or blanks (a byte-order mark is one) that a reader takes away.
  return /^[#\\]|^[^/\\]*:/.test(short) || short !== short.trim() ? `.${sep}${short}` : short;
}
