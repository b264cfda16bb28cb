/** @file CSV after RFC 4180: a header, commas, lines that end with CR LF. */
import type { ListFormat } from './format.ts';

const header = ['position', 'title', 'artist', 'album', 'genre', 'year', 'duration_seconds', 'format', 'path'];

/** A table for spreadsheets. */
export const csv: ListFormat = {
  extensions: ['.csv'],
  write: ({ tracks }) => {
    const rows = tracks.map(({ title, artist, album, genre, year, durationMs, format, path }, i) => [
      String(i + 1),
      ...[title, artist, album, genre].map(text),
      ...[year === null ? '' : String(year), (durationMs / 1000).toFixed(3), text(format), text(path)],
    ]);
    return [header, ...rows].map((row) => `${row.map(quoted).join()}\r\n`).join('');
  },
  recognises: (content) => content.replace(/^\uFEFF/, '').startsWith(header.join()),
};

/** Text that a spreadsheet would carry out as a formula gets an apostrophe before it (OWASP, CSV injection). */
function text(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
