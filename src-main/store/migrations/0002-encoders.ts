/** @file Encoders, their indexes of activations, which track lies where in them, and what listeners wrote on features. */

/**
 * An index's rows are numbered 0 to `committed_rows` - 1 over its chunk files; rows that no `index_tracks` names are dead. `minima`, `maxima`
 * (float32) and `sums` (float64) run over the `statistic_rows` rows that were ever appended. At most one index of an encoder is current.
 */
export const encoders = `
CREATE TABLE encoders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  architecture TEXT NOT NULL,
  settings TEXT NOT NULL,
  sample_rate INTEGER NOT NULL,
  crop_samples INTEGER NOT NULL,
  dimensions INTEGER NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('imported', 'untrained', 'trained')),
  origin TEXT NOT NULL,
  weights_sha256 TEXT NOT NULL,
  created_at REAL NOT NULL,
  removed_at REAL
) STRICT;

CREATE TABLE indexes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  encoder_id INTEGER NOT NULL REFERENCES encoders (id),
  hop_samples INTEGER NOT NULL,
  dimensions INTEGER NOT NULL,
  committed_rows INTEGER NOT NULL DEFAULT 0,
  statistic_rows INTEGER NOT NULL DEFAULT 0,
  minima BLOB,
  maxima BLOB,
  sums BLOB,
  created_at REAL NOT NULL
) STRICT;
CREATE UNIQUE INDEX indexes_by_encoder ON indexes (encoder_id);

CREATE TABLE index_tracks (
  index_id INTEGER NOT NULL REFERENCES indexes (id) ON DELETE CASCADE,
  track_id INTEGER NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  first_row INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  audio_hash TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('indexed', 'partial', 'failed')),
  code TEXT NOT NULL DEFAULT '',
  message TEXT NOT NULL DEFAULT '',
  at REAL NOT NULL,
  PRIMARY KEY (index_id, track_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX index_tracks_by_track ON index_tracks (track_id);

CREATE TABLE feature_notes (
  encoder_id INTEGER NOT NULL REFERENCES encoders (id),
  feature INTEGER NOT NULL,
  text TEXT NOT NULL,
  updated_at REAL NOT NULL,
  PRIMARY KEY (encoder_id, feature)
) STRICT, WITHOUT ROWID;
`;
