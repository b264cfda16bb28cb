/** @file FMA's `tracks.csv`: two rows of headings, a third one with the name of the first column alone. */
import { AppError } from '../../base/index.ts';
import type { DatasetFolder } from '../dataset.ts';
import { rowsOf } from '../delimited.ts';

/** What Earmark takes of a track. `artist`: its number; `genresAll`: numbers of genres as Python prints a list. */
export type TrackRow = { track: number; split: string; subset: string; artist: string; genreTop: string; genresAll: string };

const columns = {
  split: ['set', 'split'],
  subset: ['set', 'subset'],
  artist: ['artist', 'id'],
  genreTop: ['track', 'genre_top'],
  genresAll: ['track', 'genres_all'],
} as const;

/** @throws AppError BAD_INPUT for a table that is not there, lacks a column or was cut */
export async function* trackRows(folder: DatasetFolder, path: string): AsyncGenerator<TrackRow, void> {
  const pieces = await folder.pieces(path);
  if (pieces === null)
    throw new AppError('BAD_INPUT', `${path} is not there. Bring FMA’s metadata beside the audio.`, { details: { path } });
  const rows = rowsOf(pieces, { delimiter: ',', isQuoted: true });
  const [upper, lower] = [await rows.next(), await rows.next()];
  if (upper.done === true || lower.done === true) throw new AppError('BAD_INPUT', `${path} has not the two rows of headings that FMA has.`);
  const placeOf = placesIn(path, upper.value.cells, lower.value.cells);
  for await (const { line, cells } of rows) {
    if (cells[0] === 'track_id') continue;
    const track = Number(cells[0]);
    if (cells.length !== upper.value.cells.length || !Number.isInteger(track))
      throw new AppError('BAD_INPUT', `Line ${line} of ${path} is no row of a track. The file may have been cut: bring the whole one.`);
    const cell = (name: keyof typeof columns): string => cells[placeOf[name]] ?? '';
    const [split, subset, artist] = [cell('split'), cell('subset'), cell('artist')];
    yield { track, split, subset, artist, genreTop: cell('genreTop'), genresAll: cell('genresAll') };
  }
}

function placesIn(path: string, upper: readonly string[], lower: readonly string[]): Readonly<Record<keyof typeof columns, number>> {
  const place = (name: keyof typeof columns): number => {
    const [group, column] = columns[name];
    const found = upper.findIndex((one, at) => one === group && lower[at] === column);
    if (found < 0) throw new AppError('BAD_INPUT', `${path} has no column (${group}, ${column}).`, { details: { path } });
    return found;
  };
  return {
    split: place('split'),
    subset: place('subset'),
    artist: place('artist'),
    genreTop: place('genreTop'),
    genresAll: place('genresAll'),
  };
}
