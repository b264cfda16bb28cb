/** @file A track of the library as people write it: its number, or the path of its file. */
import { resolve } from 'node:path';
import { AppError } from '../../../base/index.ts';
import type { TrackId } from '../../../contract/index.ts';
import type { Store } from '../../../store/index.ts';

/** The track that a number or a path names. @throws AppError NOT_FOUND */
export function findTrack({ tracks }: Pick<Store, 'tracks'>, text: string): TrackId {
  const known = tracks.findByPath(resolve(text));
  if (known !== null) return known.id;
  if (/^[1-9]\d{0,8}$/.test(text)) return tracks.get(Number(text) as TrackId, null).id;
  throw new AppError('NOT_FOUND', `${resolve(text)} is no track of the library. Scan its folder first, or name a track by its number.`);
}
