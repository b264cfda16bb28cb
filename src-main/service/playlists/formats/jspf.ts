/** @file JSPF, the JSON form of XSPF: places as addresses, lengths in milliseconds (XSPF 1, section 4; JSPF as on xiph.org). */
import { fileAddress } from './format.ts';
import type { ListFormat } from './format.ts';

/** JSPF. */
export const jspf: ListFormat = {
  extensions: ['.jspf', '.json'],
  write: ({ name, tracks }) => {
    const track = tracks.map(({ path, title, artist, album, durationMs }) => ({
      location: [fileAddress(path)],
      title,
      ...(artist === '' ? {} : { creator: artist }),
      ...(album === '' ? {} : { album }),
      duration: Math.round(durationMs),
    }));
    return `${JSON.stringify({ playlist: { title: name, track } }, null, 2)}\n`;
  },
  recognises: (text) => {
    try {
      const document = JSON.parse(text) as { playlist?: { track?: unknown } } | null;
      return Array.isArray(document?.playlist?.track);
    } catch {
      return false;
    }
  },
};
