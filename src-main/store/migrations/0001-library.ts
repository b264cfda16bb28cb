/** @file Folders, tracks, their search text and waveforms, and files that could not be read. */

/**
 * `*_key` columns hold a text folded for sorting (`text-keys.ts`); `library_key` is the library's own order in one key. Waveforms and search
 * texts have tables of their own, so that walking over tracks does not read them.
 */
export const library = `
CREATE TABLE folders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'unavailable')),
  message TEXT NOT NULL DEFAULT '',
  added_at REAL NOT NULL,
  scanned_at REAL,
  removed_at REAL
) STRICT;

CREATE TABLE tracks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  folder_id INTEGER NOT NULL REFERENCES folders (id),
  path TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  mtime_ms REAL NOT NULL,
  inode TEXT,
  audio_hash TEXT NOT NULL,
  container TEXT NOT NULL,
  codec TEXT NOT NULL,
  format TEXT NOT NULL,
  sample_rate INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  bit_rate REAL NOT NULL,
  duration_ms REAL NOT NULL,
  title TEXT NOT NULL,
  artist TEXT NOT NULL,
  album TEXT NOT NULL,
  album_artist TEXT NOT NULL,
  year INTEGER,
  genre TEXT NOT NULL,
  disc_number INTEGER,
  track_number INTEGER,
  labels TEXT NOT NULL,
  tags TEXT NOT NULL,
  added_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  missing_since REAL,
  title_key TEXT NOT NULL,
  artist_key TEXT NOT NULL,
  album_key TEXT NOT NULL,
  genre_key TEXT NOT NULL,
  path_key TEXT NOT NULL,
  library_key TEXT NOT NULL
) STRICT;
CREATE INDEX tracks_by_hash ON tracks (audio_hash);
CREATE INDEX tracks_by_folder ON tracks (folder_id, path, size, mtime_ms, missing_since);
CREATE INDEX tracks_by_library_key ON tracks (library_key, missing_since, folder_id);
CREATE INDEX tracks_by_title_key ON tracks (title_key);
CREATE INDEX tracks_by_artist_key ON tracks (artist_key);
CREATE INDEX tracks_by_album_key ON tracks (album_key);

CREATE TABLE track_search (
  track_id INTEGER PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE track_peaks (
  track_id INTEGER PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
  peaks_per_second REAL NOT NULL,
  bins BLOB NOT NULL
) STRICT;

CREATE TABLE problems (
  path TEXT NOT NULL,
  during TEXT NOT NULL CHECK (during IN ('scan', 'index')),
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  track_id INTEGER REFERENCES tracks (id) ON DELETE CASCADE,
  at REAL NOT NULL,
  PRIMARY KEY (path, during)
) STRICT;
`;
