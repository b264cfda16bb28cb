/** @file Tags, what they were said of, heads that learnt them, and changes that can be taken back. */

/**
 * `key` is kind and name folded for comparison; two tags that are there never share one. A mark of a whole track has `start_ms` and `end_ms` -1.
 * `before` of the two `…_history` tables is what a change found: nulls where there was nothing. `labels` of a head is JSON.
 */
export const tags = `
CREATE TABLE tags (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  color INTEGER NOT NULL,
  created_at REAL NOT NULL,
  removed_at REAL
) STRICT;
CREATE UNIQUE INDEX tags_by_key ON tags (key) WHERE removed_at IS NULL;

CREATE TABLE tag_marks (
  tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  track_id INTEGER NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  start_ms REAL NOT NULL,
  end_ms REAL NOT NULL,
  answer TEXT NOT NULL CHECK (answer IN ('yes', 'no')),
  source TEXT NOT NULL CHECK (source IN ('person', 'suggestion', 'file', 'folder', 'neuron')),
  at REAL NOT NULL,
  PRIMARY KEY (tag_id, track_id, start_ms, end_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_marks_by_track ON tag_marks (track_id, tag_id, answer);

CREATE TABLE tag_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  at REAL NOT NULL,
  taken_back_at REAL
) STRICT;

CREATE TABLE tag_history (
  change_id INTEGER NOT NULL REFERENCES tag_changes (id) ON DELETE CASCADE,
  tag_id INTEGER NOT NULL,
  kind TEXT,
  name TEXT,
  key TEXT,
  color INTEGER,
  created_at REAL,
  removed_at REAL,
  PRIMARY KEY (change_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag_mark_history (
  change_id INTEGER NOT NULL REFERENCES tag_changes (id) ON DELETE CASCADE,
  tag_id INTEGER NOT NULL,
  track_id INTEGER NOT NULL,
  start_ms REAL NOT NULL,
  end_ms REAL NOT NULL,
  answer TEXT,
  source TEXT,
  at REAL,
  PRIMARY KEY (change_id, tag_id, track_id, start_ms, end_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE heads (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  encoder_id INTEGER NOT NULL REFERENCES encoders (id),
  source TEXT NOT NULL CHECK (source IN ('trained', 'published')),
  name TEXT NOT NULL,
  architecture TEXT NOT NULL,
  settings TEXT NOT NULL,
  grouped_by TEXT,
  examples INTEGER NOT NULL,
  seconds REAL NOT NULL,
  labels TEXT NOT NULL,
  last_change_id INTEGER,
  created_at REAL NOT NULL,
  removed_at REAL
) STRICT;
CREATE INDEX heads_by_encoder ON heads (encoder_id);
`;
