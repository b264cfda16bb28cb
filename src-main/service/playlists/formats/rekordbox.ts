/** @file Rekordbox XML (Pioneer DJ, "rekordbox xml format list", 1.0.0): a collection of tracks, and a playlist that names them by number. */
import { fileAddress, formatOf } from './format.ts';
import type { ListFormat, ListSource, ListedTrack } from './format.ts';

/** What Rekordbox reads under File, Import. A file that Rekordbox itself wrote holds a whole collection and is never written over. */
export const rekordbox: ListFormat = formatOf({
  extensions: ['.xml'],
  pieces: function* (list) {
    for (const line of linesOf(list)) yield `${line}\n`;
  },
  recognises: (text) => /<DJ_PLAYLISTS\b[^>]*>\s*<PRODUCT Name="Earmark"/.test(text),
});

function* linesOf(list: ListSource): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>';
  yield '<DJ_PLAYLISTS Version="1.0.0">';
  yield `  ${element('PRODUCT', { Name: 'Earmark', Version: list.version, Company: '' }, true)}`;
  // A track that is in the list twice is in the collection once.
  const places = new Map(list.trackIds.map((id, place) => [id, place]));
  yield `  <COLLECTION Entries="${places.size}">`;
  for (const track of list.at(places.values())) yield `    ${element('TRACK', trackAttributes(track), true)}`;
  yield '  </COLLECTION>';
  yield* playlistLines(list);
  yield '</DJ_PLAYLISTS>';
}

function* playlistLines({ name, trackIds }: ListSource): Generator<string> {
  yield '  <PLAYLISTS>';
  yield `    ${element('NODE', { Type: '0', Name: 'ROOT', Count: '1' }, false)}`;
  // Key type 0: tracks are named by their number in the collection.
  yield `      ${element('NODE', { Name: name, Type: '1', KeyType: '0', Entries: String(trackIds.length) }, false)}`;
  for (const id of trackIds) yield `        <TRACK Key="${id}"/>`;
  yield '      </NODE>';
  yield '    </NODE>';
  yield '  </PLAYLISTS>';
}

function trackAttributes(track: ListedTrack): Record<string, string | null> {
  const { id, title, artist, album, genre, format, durationMs, year, bpm, addedAt, bitRate, sampleRate, path, key } = track;
  return {
    TrackID: String(id),
    Name: title,
    Artist: artist,
    Album: album,
    Genre: genre,
    Kind: `${format} File`,
    TotalTime: String(Math.round(durationMs / 1000)),
    Year: year === null ? null : String(year),
    AverageBpm: bpm === null ? null : bpm.toFixed(2),
    DateAdded: new Date(addedAt).toISOString().slice(0, 10),
    BitRate: String(Math.round(bitRate / 1000)),
    SampleRate: String(sampleRate),
    Location: fileAddress(path, 'localhost'),
    Tonality: key,
  };
}

function element(name: string, attributes: Record<string, string | null>, isEmpty: boolean): string {
  let written = `<${name}`;
  for (const key in attributes) {
    const value = attributes[key];
    if (typeof value === 'string') written += ` ${key}="${escaped(value)}"`;
  }
  return `${written}${isEmpty ? '/' : ''}>`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Letters, digits and signs that mean nothing in XML: a text of these alone is written as it is. */
const plainText = /^[\w \-.,:;/\\()[\]%+!?#*=\u00A1-\u024F]*$/;

/** An attribute's text. Characters that XML 1.0 does not know at all (section 2.2) are left out. */
function escaped(text: string): string {
  if (plainText.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"'\t\n\r]/g, (character) => entities[character] ?? character);
}
