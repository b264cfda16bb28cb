/** @file Jobs and how far they came. */

/** `params` and `progress` are JSON. */
export const jobs = `
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  params TEXT NOT NULL,
  progress TEXT NOT NULL,
  message TEXT NOT NULL DEFAULT '',
  started_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  ended_at REAL,
  seen INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state);
`;
