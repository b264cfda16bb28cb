/** @file The formats that playlists leave in. */
import type { PlaylistFormat } from '../../../contract/index.ts';
import { csv } from './csv.ts';
import type { ListFormat } from './format.ts';
import { jspf } from './jspf.ts';
import { m3u8 } from './m3u8.ts';
import { rekordbox } from './rekordbox.ts';

export type { ListDocument, ListedTrack, ListSource } from './format.ts';

/** Every format by its name. */
export const listFormats: Record<PlaylistFormat, ListFormat> = { m3u8, jspf, csv, rekordbox };
