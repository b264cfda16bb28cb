/** @file Whether a track's title came from its tags or, for want of one, from its file's name, which changes when the file is renamed. */
export const titleSource = `
ALTER TABLE tracks ADD COLUMN is_named_by_file INTEGER NOT NULL DEFAULT 0;
`;
