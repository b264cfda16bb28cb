/** @file Where a track stands with an encoder's index, in SQL: `t` is the track, `it` its row of `index_tracks`, if any. */

/** One of the contract's states. A row for other audio than the file's of now does not count. */
export const stateSql = `CASE WHEN t.missing_since IS NOT NULL THEN 'missing'
  WHEN it.audio_hash IS NOT t.audio_hash THEN 'waiting' ELSE it.outcome END`;

/** Joins `it` for the encoder whose id is bound. */
export const stateJoinSql = `LEFT JOIN indexes i ON i.encoder_id = ? LEFT JOIN index_tracks it ON it.index_id = i.id AND it.track_id = t.id`;

/** States as numbers 0 to 4, in the order in which a person follows a track. */
export const stateRankSql = `CASE (${stateSql}) WHEN 'waiting' THEN 0 WHEN 'indexed' THEN 1 WHEN 'partial' THEN 2 WHEN 'failed' THEN 3 ELSE 4 END`;
