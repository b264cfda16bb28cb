/** @file MagnaTagATune's tables in their own format, with as many rows in each folder as were published. */
import { tagSets } from '../../../src-main/datasets/index.ts';

const { labels } = tagSets.magnatagatune;
/** Tags that are not among the fifty; the published table has 138 of them. */
const others = ['jazz', 'bass', 'female singer'];
/** Columns as the published table has them: by no order that the fifty have. */
export const columns = [...labels, ...others].toSorted();

/** A row of `annotations_final.csv`. */
export type Annotation = { id: number; path: string; tags: readonly string[] };

/** Clips that are broken, and those that Lee's split leaves out, with the folders that they lie in. */
const special: readonly Annotation[] = [
  { id: 35644, path: '6/norine_braun-now_and_zen-08-gently-117-146.mp3', tags: ['guitar'] },
  { id: 55753, path: '8/jacob_heringman-josquin-19-pater_noster-204-233.mp3', tags: ['guitar'] },
  { id: 57881, path: '9/american_baroque-rameau-25-le_petit_rien-88-117.mp3', tags: ['harpsichord'] },
  { id: 29, path: '0/short-album-01-piece-0-29.mp3', tags: ['rock'] },
  { id: 11268, path: '1/short-album-02-piece-0-29.mp3', tags: ['rock'] },
  { id: 11269, path: '2/short-album-03-piece-0-29.mp3', tags: ['rock'] },
];

/** Rows of a complete table: the published counts of either split, and three broken clips besides. */
export function publishedAnnotations(): Annotation[] {
  const rows = [...special];
  let id = 60_000;
  // Clips of a part: so many with a tag of the fifty, so many with none.
  const add = (folders: string, tagged: number, untagged: number): void => {
    for (let at = 0; at < tagged + untagged; at++) {
      const folder = folders[at % folders.length] as string;
      const tags = at < tagged ? [labels[at % labels.length] as string] : at % 2 === 0 ? ['jazz'] : [];
      rows.push({ id: id++, path: `${folder}/artist_${at % 230}-album-${at % 7}-piece-${29 * (at % 5)}-${29 * (at % 5) + 29}.mp3`, tags });
    }
  };
  add('0123456789ab', 15244, 18706 - 15244 - 3);
  add('c', 1529, 1825 - 1529);
  add('def', 4332, 5329 - 4332);
  return rows;
}

/** The table as text. */
export function annotationTable(rows: readonly Annotation[], names: readonly string[] = columns): string {
  const quoted = (cells: readonly (string | number)[]): string => cells.map((cell) => `"${cell}"`).join('\t');
  const lines = rows.map(({ id, path, tags }) => quoted([id, ...names.map((name) => (tags.includes(name) ? 1 : 0)), path]));
  return `${[quoted(['clip_id', ...names, 'mp3_path']), ...lines].join('\n')}\n`;
}

const infoColumns = 'clip_id track_number title artist album url segmentStart segmentEnd original_url mp3_path'.split(' ');

/** `clip_info_final.csv`, with an artist for each clip. */
export function clipInfoTable(rows: readonly Annotation[], artistOf: (row: Annotation) => string): string {
  const lines = rows.map((row) => [row.id, 1, 'Title', artistOf(row), 'Album', '', 0, 29, '', row.path]);
  return [infoColumns, ...lines].map((cells) => cells.map((cell) => `"${cell}"`).join('\t')).join('\r\n');
}
