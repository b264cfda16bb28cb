/** @file What encoders reached on labelled data sets. */

/**
 * `key`: a hash of the clips, settings and weights; one row each. `document`: figures and settings as JSON; `said`: what the probes said of the clips that they were
 * judged by, and the answers, as safetensors, so that two evaluations can be compared clip by clip.
 */
export const evaluations = `
CREATE TABLE evaluations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  document TEXT NOT NULL,
  said BLOB NOT NULL,
  removed_at INTEGER
) STRICT;
`;
