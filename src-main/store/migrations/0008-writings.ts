/** @file Batches of tags written to files: what each file said before, so that it can be put back. */

/** `wish`, `before` and `after` are JSON; `audio_hash` is that of the file's sound when it was planned. */
export const writings = `
CREATE TABLE writings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  wish TEXT NOT NULL,
  state TEXT NOT NULL,
  job_id INTEGER,
  created_at REAL NOT NULL,
  removed_at REAL
) STRICT;

CREATE TABLE writing_files (
  writing_id INTEGER NOT NULL REFERENCES writings (id) ON DELETE CASCADE,
  track_id INTEGER NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  audio_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  message TEXT NOT NULL DEFAULT '',
  at REAL NOT NULL,
  PRIMARY KEY (writing_id, track_id)
) STRICT, WITHOUT ROWID;
`;
