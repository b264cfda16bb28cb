/** @file Numbers the entries of playlists anew in a salvaged database: some may be lost, and a playlist from a backup knows where an earlier list lay. */
import type { Connection } from '../connection.ts';

/** Playlists whose list is not where they say, or not whole. */
const brokenSql = `SELECT id FROM playlists p WHERE end_position - first_position <>
  (SELECT count(*) FROM playlist_tracks WHERE playlist_id = p.id AND position >= first_position AND position < end_position)`;

/** Entries where a playlist says that they are; where there are none, those that were written last. */
const leftSql = `FROM playlist_tracks pt JOIN playlists p ON p.id = pt.playlist_id WHERE p.id = ?
  AND (position >= first_position AND position < end_position OR NOT EXISTS
    (SELECT 1 FROM playlist_tracks o WHERE o.playlist_id = p.id AND o.position >= first_position AND o.position < end_position))`;

/** Puts the entries that are left behind all others, without gaps, and tells the playlists where they are. */
export function closeListGaps(database: Connection): void {
  const columns = database.pragma('table_info(playlists)') as { name: string }[];
  // A database of an earlier version is told where its lists are when it is brought to this one.
  if (!columns.some(({ name }) => name === 'end_position')) return;
  const behind = database
    .prepare<[number], number>('SELECT coalesce(max(position) + 1, 0) FROM playlist_tracks WHERE playlist_id = ?')
    .pluck();
  const copy = database.prepare(`INSERT INTO playlist_tracks (playlist_id, position, track_id)
    SELECT pt.playlist_id, ? + row_number() OVER (ORDER BY position) - 1, track_id ${leftSql}`);
  const tell = database.prepare('UPDATE playlists SET first_position = ?, end_position = ? WHERE id = ?');
  const clear = database.prepare('DELETE FROM playlist_tracks WHERE playlist_id = ? AND position < ?');
  for (const id of database.prepare<[], number>(brokenSql).pluck().all()) {
    const first = behind.get(id) ?? 0;
    tell.run(first, first + copy.run(first, id).changes, id);
    clear.run(id, first);
  }
}
