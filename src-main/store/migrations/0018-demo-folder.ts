/** @file Which folder is the demo library, so that it is known again after an update put Earmark, and the demo with it, at another path. */

/** `is_demo`: 1 for the folder that comes with Earmark; one at most. */
export const demoFolder = `
ALTER TABLE folders ADD COLUMN is_demo INTEGER NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1));
`;
