/**
 * @file What keeps a hundred thousand tracks as quick as a hundred: every column that the table is sorted by has an index, so that its order is read
 * instead of made; what counts and states need of a track lies together; and a change of many marks is made in steps.
 */

/** `is_open`: the change is still under way; one that is found so at the start was broken off, and is taken back. */
export const scale = `
CREATE INDEX tracks_by_genre_key ON tracks (genre_key);
CREATE INDEX tracks_by_path_key ON tracks (path_key);
CREATE INDEX tracks_by_year ON tracks (year);
CREATE INDEX tracks_by_duration ON tracks (duration_ms);
CREATE INDEX tracks_by_format ON tracks (format);
CREATE INDEX tracks_by_added_at ON tracks (added_at);
CREATE INDEX tracks_in_short ON tracks (id, folder_id, missing_since, duration_ms, audio_hash);
CREATE INDEX tracks_missing ON tracks (id) WHERE missing_since IS NOT NULL;
ALTER TABLE tag_changes ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0;
`;
