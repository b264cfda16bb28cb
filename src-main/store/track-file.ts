/** @file What is known of a file when it becomes a track, and how that becomes a row. */
import { basename, extname } from 'node:path';
import type { FolderId } from '../contract/index.ts';
import { fold, libraryKey, sortKey } from './text-keys.ts';

/** A file that was read: where it lies, what is in it, and its tags. Texts that are not known are empty, numbers null. */
export type TrackFile = {
  folderId: FolderId;
  path: string;
  /** Bytes. */
  size: number;
  mtimeMs: number;
  inode?: string | null;
  /** Hash of the audio payload alone: the same after the tags change. */
  audioHash: string;
  container: string;
  codec: string;
  /** As people say it: `MP3`, `FLAC` … */
  format: string;
  sampleRate: number;
  channels: number;
  /** Bits a second. */
  bitRate: number;
  durationMs: number;
  /** Empty: the file's name without its extension is taken. */
  title: string;
  artist: string;
  album: string;
  albumArtist: string;
  year: number | null;
  genre: string;
  discNumber: number | null;
  trackNumber: number | null;
  /** Genre and the file's other tags, as shown beside a segment. */
  labels: string[];
  /** Everything else that the tags say. */
  tags: Record<string, unknown>;
};

/** Columns of `tracks` that a file determines, in the order of {@link trackValues}. */
export const trackColumns = [
  'folder_id',
  'path',
  'size',
  'mtime_ms',
  'inode',
  'audio_hash',
  'container',
  'codec',
  'format',
  'sample_rate',
  'channels',
  'bit_rate',
  'duration_ms',
  'title',
  'is_named_by_file',
  'artist',
  'album',
  'album_artist',
  'year',
  'genre',
  'disc_number',
  'track_number',
  'labels',
  'tags',
  'title_key',
  'artist_key',
  'album_key',
  'genre_key',
  'path_key',
  'library_key',
] as const;

/** A file's values for {@link trackColumns}. */
export function trackValues(file: TrackFile): (string | number | null)[] {
  const title = titleOf(file);
  return [
    file.folderId,
    file.path,
    file.size,
    file.mtimeMs,
    file.inode ?? null,
    file.audioHash,
    file.container,
    file.codec,
    file.format,
    Math.round(file.sampleRate),
    file.channels,
    file.bitRate,
    file.durationMs,
    title,
    file.title.trim() === '' ? 1 : 0,
    file.artist,
    file.album,
    file.albumArtist,
    file.year,
    file.genre,
    file.discNumber,
    file.trackNumber,
    JSON.stringify(file.labels),
    JSON.stringify(file.tags),
    sortKey(title),
    sortKey(file.artist),
    sortKey(file.album),
    sortKey(file.genre),
    sortKey(file.path),
    libraryKey(file),
  ];
}

/** The track's title, else its file's name without the extension. */
export function titleOf(file: Pick<TrackFile, 'title' | 'path'>): string {
  const given = file.title.trim();
  return given === '' ? basename(file.path, extname(file.path)) : given;
}

/** What a search looks through. */
export function searchText(file: Pick<TrackFile, 'title' | 'path' | 'artist' | 'album' | 'genre' | 'year'>): string {
  return fold([titleOf(file), file.artist, file.album, file.genre, file.year ?? '', file.path].join('\n'));
}
