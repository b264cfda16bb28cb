/** @file Where folders lie, so that one that moved is told from one whose drive is not attached. */

/**
 * `mount_point` and `drive_bytes`: the drive that a folder lay on at its last scan, by the folder it is attached at and its size; null until then.
 * `moved_to`: where most of its tracks were found again, to be offered to the person.
 */
export const folderMoves = `
ALTER TABLE folders ADD COLUMN mount_point TEXT;
ALTER TABLE folders ADD COLUMN drive_bytes REAL;
ALTER TABLE folders ADD COLUMN moved_to TEXT;
`;
