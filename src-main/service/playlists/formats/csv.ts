/** @file CSV after RFC 4180: a header, commas, lines that end with CR LF. */
import { formatOf } from './format.ts';
import type { ListFormat } from './format.ts';

const header = ['position', 'title', 'artist', 'album', 'genre', 'year', 'duration_seconds', 'format', 'path'];

/** A table for spreadsheets. */
export const csv: ListFormat = formatOf({
  extensions: ['.csv'],
  pieces: function* ({ trackIds, at }) {
    yield lineOf(header);
    let position = 0;
    for (const { title, artist, album, genre, year, durationMs, format, path } of at(trackIds.keys()))
      yield lineOf([
        String(++position),
        ...[title, artist, album, genre].map(text),
        ...[year === null ? '' : String(year), (durationMs / 1000).toFixed(3), text(format), text(path)],
      ]);
  },
  recognises: (content) => content.replace(/^\uFEFF/, '').startsWith(header.join()),
});

function lineOf(cells: readonly string[]): string {
  return `${cells.map(quoted).join()}\r\n`;
}

/** Text that a spreadsheet would carry out as a formula gets an apostrophe before it (OWASP, CSV injection). */
function text(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
