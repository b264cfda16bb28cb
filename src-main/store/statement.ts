/** @file Statements prepared once for each connection. */
import type { Statement } from 'better-sqlite3';
import type { Connection } from './connection.ts';

const prepared = new WeakMap<Connection, Map<string, Statement>>();

/** A statement whose rows are objects; `sql` must come from a fixed set of texts, since each is kept. */
export function rows<Parameters extends unknown[], Row>(connection: Connection, sql: string): Statement<Parameters, Row> {
  return once(connection, sql, 'rows') as Statement<Parameters, Row>;
}

/** A statement whose rows are the values of its first column. */
export function values<Parameters extends unknown[], Value>(connection: Connection, sql: string): Statement<Parameters, Value> {
  return once(connection, sql, 'values') as Statement<Parameters, Value>;
}

/** A statement whose rows are arrays of their columns. */
export function tuples<Parameters extends unknown[], Tuple extends unknown[]>(
  connection: Connection,
  sql: string,
): Statement<Parameters, Tuple> {
  return once(connection, sql, 'tuples') as Statement<Parameters, Tuple>;
}

/** A statement that returns nothing. */
export function change(connection: Connection, sql: string): Statement<(string | number | null | Uint8Array)[]> {
  return once(connection, sql, 'rows');
}

function once(connection: Connection, sql: string, kind: 'rows' | 'values' | 'tuples'): Statement {
  const known = prepared.get(connection) ?? new Map<string, Statement>();
  prepared.set(connection, known);
  const key = `${kind} ${sql}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const statement: Statement = connection.prepare(sql);
  if (kind === 'values') statement.pluck();
  if (kind === 'tuples') statement.raw();
  known.set(key, statement);
  return statement;
}
