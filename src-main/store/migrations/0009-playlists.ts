/** @file Playlists, fingerprints of recordings, and groups of the same recording. */

/** `smart` is JSON. A fingerprint is made from the sound that `audio_hash` names; `relations` is JSON, one row a search for duplicates. */
export const playlists = `
CREATE TABLE playlists (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  smart TEXT,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  removed_at REAL
) STRICT;

CREATE TABLE playlist_tracks (
  playlist_id INTEGER NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  track_id INTEGER NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  PRIMARY KEY (playlist_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE fingerprints (
  track_id INTEGER PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
  audio_hash TEXT NOT NULL,
  version INTEGER NOT NULL,
  words BLOB NOT NULL
) STRICT;

CREATE TABLE duplicate_searches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at REAL NOT NULL,
  groups TEXT NOT NULL
) STRICT;

CREATE TABLE dismissed_duplicates (
  key TEXT PRIMARY KEY,
  at REAL NOT NULL
) STRICT, WITHOUT ROWID;
`;
