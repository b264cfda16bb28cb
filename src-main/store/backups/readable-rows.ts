/**
 * @file Reads a table around what cannot be read. A walk in the order of its key stops at the first damaged page; one from the other end stops at the
 * last. Between the two, ranges of the key are halved until each is read or known to be lost.
 */
import type { Connection } from '../connection.ts';
import { isDamage } from '../sqlite-errors.ts';

/** A table, what is wanted of it, and the columns that it lies ordered by. */
export type ReadableTable = { table: string; columns: readonly string[]; primaryKey: readonly string[] };

type Value = string | number | bigint | Uint8Array | null;

/** Ranges tried between two damaged places at most; beyond that the remainder counts as lost. */
const mostRanges = 200_000;

/**
 * Hands over every row that can be read; some may come twice.
 * @returns whether the whole table could be read
 */
export function readRows(connection: Connection, about: ReadableTable, take: (row: Value[]) => void): boolean {
  const reader = new RangeReader(connection, about, take);
  const up = reader.walk('ASC', [], null);
  if (up.isWhole) return true;
  const down = reader.walk('DESC', [], null);
  reader.between([], up.last, down.last);
  return false;
}

/** How far numbers are looked for where nothing tells. */
const unknownEnd = 10_000_000;

type Walk = { isWhole: boolean; /** The key of the last row that was read. */ last: Value[] | null };
type Bounds = { low: number; high: number };

class RangeReader {
  readonly #connection: Connection;
  readonly #about: ReadableTable;
  readonly #take: (row: Value[]) => void;
  #ranges = 0;

  constructor(connection: Connection, about: ReadableTable, take: (row: Value[]) => void) {
    this.#connection = connection;
    this.#about = about;
    this.#take = take;
  }

  /** Reads rows whose key begins with `prefix` and whose next part lies within bounds, until the first that cannot be read. */
  walk(direction: 'ASC' | 'DESC', prefix: readonly Value[], bounds: Bounds | null): Walk {
    const { table, columns, primaryKey } = this.#about;
    const keys = primaryKey.map((column) => (column === 'rowid' ? 'rowid' : `"${column}"`));
    const conditions = prefix.map((_, i) => `${keys[i]} = ?`);
    if (bounds !== null) conditions.push(`${keys[prefix.length]} BETWEEN ? AND ?`);
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const order = keys.map((key) => `${key} ${direction}`).join(', ');
    const names = columns.map((column) => `"${column}"`).join(', ');
    let last: Value[] | null = null;
    try {
      const statement = this.#connection
        .prepare<Value[], Value[]>(`SELECT ${keys.join(', ')}, ${names} FROM "${table}" NOT INDEXED ${where} ORDER BY ${order}`)
        .raw();
      for (const row of statement.iterate(...prefix, ...(bounds === null ? [] : [bounds.low, bounds.high]))) {
        last = row.slice(0, keys.length);
        this.#take(row.slice(keys.length));
      }
      return { isWhole: true, last };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { isWhole: false, last };
    }
  }

  /** Reads what lies between the last keys that were read from both ends. Keys that are no whole numbers are not halved. */
  between(prefix: readonly Value[], from: Value[] | null, to: Value[] | null): void {
    const at = prefix.length;
    // Within one value of the key's first part the ends must be known: nothing tells how far to look.
    if (at >= this.#about.primaryKey.length || (at > 0 && (from === null || to === null))) return;
    const low = from === null ? 0 : from[at];
    const high = to === null ? this.#lastNumber() : to[at];
    if (typeof low !== 'number' || typeof high !== 'number' || !Number.isInteger(low) || !Number.isInteger(high)) return;
    this.#range(prefix, { low, high });
  }

  /** Where the end of a table is damaged too, the last number that it gave. */
  #lastNumber(): number {
    try {
      const sql = 'SELECT seq FROM sqlite_sequence WHERE name = ?';
      return this.#connection.prepare<[string], number>(sql).pluck().get(this.#about.table) ?? unknownEnd;
    } catch (error) {
      if (!isDamage(error)) throw error;
      return unknownEnd;
    }
  }

  #range(prefix: readonly Value[], bounds: Bounds): void {
    if (bounds.low > bounds.high || ++this.#ranges > mostRanges) return;
    const up = this.walk('ASC', prefix, bounds);
    if (up.isWhole) return;
    if (bounds.low === bounds.high) {
      const value = [...prefix, bounds.low];
      if (value.length < this.#about.primaryKey.length) this.between(value, up.last, this.walk('DESC', value, null).last);
      return;
    }
    const reached = up.last?.[prefix.length];
    const low = typeof reached === 'number' ? Math.max(bounds.low, reached) : bounds.low;
    const middle = Math.floor((low + bounds.high) / 2);
    this.#range(prefix, { low, high: middle });
    this.#range(prefix, { low: middle + 1, high: bounds.high });
  }
}
