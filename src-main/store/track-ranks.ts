/** @file Where tracks stand in the order of a column, read from the column's index as numbers, some thousand at a step. */
import type { EncoderId } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { values } from './statement.ts';
import { blankKey } from './text-keys.ts';
import { stateJoinSql, stateRankSql } from './track-state.ts';

/** A column's dense ranks by track id; tracks without a value (empty, unknown) have the last rank when `hasBlank`. */
export type Ranks = { byId: Int32Array; count: number; hasBlank: boolean };

/** Tracks that are read in one step. */
export const tracksOfStep = 4000;

/** Which statement of {@link walkSql}. */
type Walk = 'first' | 'within' | 'after' | 'unknown';

/**
 * Reads a column's index from a place on, `select` of each track: from its first value, within a value behind a track, behind a value, and the tracks
 * that have none.
 */
export function walkSql(column: string, select: string, walk: Walk): string {
  const where = {
    first: `${column} IS NOT NULL`,
    within: `${column} = ? AND id > ?`,
    after: `${column} > ?`,
    unknown: `${column} IS NULL AND id > ?`,
  };
  const order = walk === 'within' || walk === 'unknown' ? 'id' : `${column}, id`;
  return `SELECT ${select} FROM tracks WHERE ${where[walk]} ORDER BY ${order} LIMIT ${tracksOfStep}`;
}

/** How many of the tracks that a walk reads in one step share each value. */
export function sizesSql(column: string, walk: 'first' | 'after'): string {
  return `SELECT count(*) FROM (${walkSql(column, column, walk)}) GROUP BY ${column}`;
}

/** One number a track: its id and the rank of its state. */
export const stateOrderSql = `SELECT t.id * 8 + (${stateRankSql}) FROM tracks t INDEXED BY tracks_in_short ${stateJoinSql}
  WHERE t.id > ? AND t.id <= ?`;
const stateStep = 8;

/** Numbers of tracks that come one after the other in a column's order; the first of them may share their value with those before. */
type Stretch = { ids: number[]; sizes: number[]; goesOn: boolean };

/** Ranks by a column. */
export function* columnRanks(connection: Connection, column: string): Generator<void, Ranks> {
  const byId = new Int32Array(highestId(connection) + 1);
  let rank = -1;
  for (const { ids, sizes, goesOn } of stretches(connection, column)) {
    let at = 0;
    for (const [group, size] of sizes.entries()) {
      if (group > 0 || !goesOn) rank++;
      for (const end = at + size; at < end; at++) byId[ids[at] as number] = rank;
    }
    yield;
  }
  const last = values<[], string | number | null>(connection, `SELECT max(${column}) FROM tracks`).get();
  const unknown = yield* unknownTracks(connection, column, (id) => (byId[id] = rank + 1));
  return { byId, count: rank + 1 + (unknown > 0 ? 1 : 0), hasBlank: unknown > 0 || last === blankKey };
}

/** Ranks by state, as it is with an encoder. */
export function* stateRanks(connection: Connection, encoderId: EncoderId | null): Generator<void, Ranks> {
  const byId = new Int32Array(highestId(connection) + 1);
  const read = values<[number | null, number, number], number>(connection, stateOrderSql);
  for (let first = 0; first < byId.length; first += tracksOfStep) {
    for (const track of read.all(encoderId, first, first + tracksOfStep)) byId[Math.floor(track / stateStep)] = track % stateStep;
    yield;
  }
  return { byId, count: 5, hasBlank: false };
}

/** The greatest number of a track; 0 without tracks. */
export function highestId(connection: Connection): number {
  return values<[], number | null>(connection, 'SELECT max(id) FROM tracks').get() ?? 0;
}

/** Walks over the tracks that have a value. Where a stretch ends within a value, the next one begins with the others that have it. */
function* stretches(connection: Connection, column: string): Generator<Stretch, void> {
  const valueOf = values<[number], string | number>(connection, `SELECT ${column} FROM tracks WHERE id = ?`);
  const within = values<[string | number, number], number>(connection, walkSql(column, 'id', 'within'));
  let ids = values<[], number>(connection, walkSql(column, 'id', 'first')).all();
  let sizes = values<[], number>(connection, sizesSql(column, 'first')).all();
  while (ids.length > 0) {
    yield { ids, sizes, goesOn: false };
    const value = valueOf.get(ids.at(-1) as number) as string | number;
    for (let more = within.all(value, ids.at(-1) as number); more.length > 0; more = within.all(value, more.at(-1) as number))
      yield { ids: more, sizes: [more.length], goesOn: true };
    ids = values<[string | number], number>(connection, walkSql(column, 'id', 'after')).all(value);
    sizes = values<[string | number], number>(connection, sizesSql(column, 'after')).all(value);
  }
}

function* unknownTracks(connection: Connection, column: string, take: (id: number) => void): Generator<void, number> {
  const read = values<[number], number>(connection, walkSql(column, 'id', 'unknown'));
  let count = 0;
  for (let ids = read.all(0); ids.length > 0; ids = read.all(ids.at(-1) as number)) {
    ids.forEach(take);
    count += ids.length;
    yield;
  }
  return count;
}
