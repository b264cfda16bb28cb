/** @file A folder laid out as MagnaTagATune, of which pieces and styles are known: what its clips are, and which half of the pieces is taught. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { defined } from '../../src-main/base/index.ts';

const fewestPieces = 5;

/** A clip with its labels; `piece` and `style` are numbers. */
export type Clip = { path: string; piece: number; style: number; isTaught: boolean; tags: boolean[] };

/** Clips, and the names of their tags: those of five pieces or more in both halves. */
export type Labelled = { clips: Clip[]; tags: string[] };

/** Reads the tables of a folder. */
export async function readLabels(folder: string): Promise<Labelled> {
  const [annotations, info] = await Promise.all(
    ['annotations_final.csv', 'clip_info_final.csv'].map((name) => readTable(join(folder, name))),
  );
  const styles = new Map(info?.rows.map((row) => [row['clip_id'], defined(row['artist'], 'an artist')]));
  const names = defined(annotations, 'annotations').header.filter((name) => name !== 'clip_id' && name !== 'mp3_path');
  const [pieces, numbers] = [new Map<string, number>(), new Map<string, number>()];
  const numberOf = (known: Map<string, number>, text: string): number => {
    const number = known.get(text) ?? known.size;
    known.set(text, number);
    return number;
  };
  const clips = defined(annotations, 'annotations').rows.map((row): Clip => {
    const path = join(folder, defined(row['mp3_path'], 'a path'));
    const piece = basename(path).replace(/-\d+-\d+\.mp3$/, '');
    const isTaught = (createHash('sha256').update(piece).digest()[0] ?? 0) % 2 === 0;
    const style = numberOf(numbers, styles.get(row['clip_id']) ?? '');
    return { path, piece: numberOf(pieces, piece), style, isTaught, tags: names.map((name) => row[name] === '1') };
  });
  const isEnough = (tag: number): boolean =>
    [true, false].every((isTaught) => {
      const own = clips.filter((clip) => clip.isTaught === isTaught && clip.tags[tag] === true);
      return new Set(own.map(({ piece }) => piece)).size >= fewestPieces;
    });
  const kept = names.map((_, tag) => tag).filter(isEnough);
  return {
    clips: clips.map((clip) => ({ ...clip, tags: kept.map((tag) => clip.tags[tag] === true) })),
    tags: kept.map((tag) => defined(names[tag], 'a tag')),
  };
}

/** Tab-separated, every cell in double quotes. */
async function readTable(path: string): Promise<{ header: string[]; rows: Record<string, string>[] }> {
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
  const cells = lines.map((line) => line.split('\t').map((cell) => cell.replace(/^"|"$/g, '').replaceAll('""', '"')));
  const [header = [], ...rows] = cells;
  return { header, rows: rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? '']))) };
}
