/** @file Files of figures: SVG with its title and settings in sight, and tables as CSV. */
import type { Drawing, FigureMark } from './marks.ts';
import { fileColour } from './palette.ts';

const [titlePx, lettersPx, linePx, marginPx] = [16, 11, 16, 16];
/** About as wide as a letter is on average, so that settings are broken where they end. */
const letterWidthPx = 5.8;

/** What stands over a figure, and below it: how it was made. */
export type FigureWords = { title: string; settings: string };

/** An SVG file that stands by itself: on white, with title and settings. */
export function svgFile({ title, settings }: FigureWords, { width, height, marks }: Drawing): string {
  const lines = broken(settings, Math.floor(width / letterWidthPx));
  const top = marginPx + titlePx + 12;
  const [wide, high] = [width + 2 * marginPx, top + height + 12 + lines.length * linePx + marginPx];
  const words = lines.map(
    (line, at) =>
      `<text x="${marginPx}" y="${top + height + 12 + (at + 1) * linePx - 4}" font-size="${lettersPx}" fill="${fileColour('muted')}">${escaped(line)}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" font-family="sans-serif">`,
    `<title>${escaped(title)}</title><desc>${escaped(settings)}</desc><rect width="${wide}" height="${high}" fill="#ffffff"/>`,
    `<text x="${marginPx}" y="${marginPx + titlePx - 3}" font-size="${titlePx}" fill="${fileColour('text')}">${escaped(title)}</text>`,
    `<g transform="translate(${marginPx} ${top})" font-size="${lettersPx}">`,
    ...marks.map(markText),
    '</g>',
    ...words,
    '</svg>\n',
  ].join('\n');
}

function markText(mark: FigureMark): string {
  const colour = fileColour(mark.colour);
  switch (mark.kind) {
    case 'area':
      return `<path d="${mark.path}" fill="${colour}"${mark.opacity === undefined ? '' : ` fill-opacity="${mark.opacity}"`}/>`;
    case 'line':
      return `<path d="${mark.path}" fill="none" stroke="${colour}" stroke-width="${mark.width}"${mark.dash === undefined ? '' : ` stroke-dasharray="${mark.dash}"`}/>`;
    case 'words': {
      const { x, y } = mark;
      const turn = mark.turned === true ? ` transform="rotate(-90 ${x} ${y})"` : '';
      return `<text x="${x}" y="${y}" text-anchor="${mark.anchor}" fill="${colour}"${turn}>${escaped(mark.text)}</text>`;
    }
  }
}

function broken(text: string, letters: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > letters) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

/** Names of music hold anything; what XML does not allow at all is left out. */
function escaped(text: string): string {
  const allowed = [...text]
    .filter((letter) => letter >= ' ' && letter !== '\uFFFE' && letter !== '\uFFFF' && letter.isWellFormed())
    .join('');
  return allowed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A table: its head first. */
export type FigureTable = readonly (readonly (string | number)[])[];

/** A table as CSV (RFC 4180), title and settings in lines before it that begin with `#`. */
export function csvFile({ title, settings }: FigureWords, rows: FigureTable): string {
  const lines = [title, settings].map((line) => `# ${line.replace(/\s+/g, ' ')}\r\n`);
  return `${lines.join('')}${rows.map((row) => `${row.map(cellText).join()}\r\n`).join('')}`;
}

/** A text that a spreadsheet would carry out as a formula gets an apostrophe before it (OWASP, CSV injection). */
function cellText(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  const plain = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
