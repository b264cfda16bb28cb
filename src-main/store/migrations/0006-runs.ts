/** @file Pre-training runs, what was measured at their steps, and the checkpoints that they left. */

/**
 * `settings`, `selection`, `last_point`, `parts` and `health` are JSON. Points are every `point_stride`-th step, and the first; the stride doubles
 * as a run grows. `job_id` and `continues_run_id` name rows that may be gone: both are told to people, neither is needed.
 */
export const runs = `
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  settings TEXT NOT NULL,
  selection TEXT NOT NULL,
  device_wanted TEXT NOT NULL,
  device TEXT,
  device_reason TEXT NOT NULL DEFAULT '',
  tracks INTEGER NOT NULL,
  step INTEGER NOT NULL DEFAULT 0,
  total_steps INTEGER,
  active_seconds REAL NOT NULL DEFAULT 0,
  last_point TEXT,
  point_stride INTEGER NOT NULL DEFAULT 1,
  message TEXT NOT NULL DEFAULT '',
  code_version TEXT NOT NULL,
  continues_run_id INTEGER,
  continues_step INTEGER,
  job_id INTEGER,
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL,
  ended_at REAL,
  removed_at REAL
) STRICT;

CREATE TABLE run_points (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  seconds REAL NOT NULL,
  loss REAL NOT NULL,
  parts TEXT NOT NULL,
  learning_rate REAL NOT NULL,
  gradient_norm REAL NOT NULL,
  clips_per_second REAL NOT NULL,
  steps_per_second REAL NOT NULL,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_health (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  rank REAL NOT NULL,
  deviation_mean REAL NOT NULL,
  positive REAL NOT NULL,
  negative REAL NOT NULL,
  health TEXT NOT NULL,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  saved_at REAL NOT NULL,
  loss REAL NOT NULL,
  rank REAL NOT NULL,
  bytes INTEGER NOT NULL,
  is_best INTEGER NOT NULL,
  active_seconds REAL NOT NULL,
  encoder_id INTEGER REFERENCES encoders (id),
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;
`;
