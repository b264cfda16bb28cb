/** @file Where a playlist's entries lie, so that a new list is written beside the one that is read and takes its place in one step. */

/**
 * A list is the entries at positions `[first_position, end_position)`; others are being written, or were replaced. `is_open`: the playlist is being
 * made; one that is found so at the start was broken off.
 */
export const listSpans = `
ALTER TABLE playlists ADD COLUMN first_position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE playlists ADD COLUMN end_position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE playlists ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0;
UPDATE playlists SET end_position = (SELECT coalesce(max(position) + 1, 0) FROM playlist_tracks WHERE playlist_id = playlists.id);
`;
