/** @file The person's settings, and how each view was left. */

/** Values are JSON. */
export const settings = `
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE views (
  view TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  updated_at REAL NOT NULL
) STRICT, WITHOUT ROWID;
`;
