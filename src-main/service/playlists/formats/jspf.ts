/** @file JSPF, the JSON form of XSPF: places as addresses, lengths in milliseconds (XSPF 1, section 4; JSPF as on xiph.org). */
import { fileAddress, formatOf } from './format.ts';
import type { ListFormat } from './format.ts';

/** JSPF. */
export const jspf: ListFormat = formatOf({
  extensions: ['.jspf', '.json'],
  pieces: function* ({ name, trackIds, at }) {
    yield `{\n  "playlist": {\n    "title": ${JSON.stringify(name)},\n    "track": [`;
    let before = '';
    for (const { path, title, artist, album, durationMs } of at(trackIds.keys())) {
      const track = {
        location: [fileAddress(path)],
        title,
        ...(artist === '' ? {} : { creator: artist }),
        ...(album === '' ? {} : { album }),
        duration: Math.round(durationMs),
      };
      yield `${before}\n      ${JSON.stringify(track, null, 2).replaceAll('\n', '\n      ')}`;
      before = ',';
    }
    yield `${before === '' ? '' : '\n    '}]\n  }\n}\n`;
  },
  recognises: (text) => {
    try {
      const document = JSON.parse(text) as { playlist?: { track?: unknown } } | null;
      return Array.isArray(document?.playlist?.track);
    } catch {
      return false;
    }
  },
});
