/** @file The schema's history: what it is now, and that a version only adds to the one before. */
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrations } from '../../src-main/store/migrations/index.ts';

type Column = { name: string; type: string; notnull: number; dflt_value: string | null; pk: number };

/** Tables with their columns, and indexes, as lines. */
function describeSchema(database: Database.Database): string[] {
  const objects = database
    .prepare<[], { type: string; name: string; tbl_name: string }>(
      `SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name`,
    )
    .all();
  return objects.flatMap(({ type, name, tbl_name: table }) => {
    if (type !== 'table') return [`${type} ${name} on ${table}`];
    const columns = database.pragma(`table_info(${name})`) as Column[];
    return columns.map((column) =>
      `${name}.${column.name} ${column.type}${column.notnull ? ' not null' : ''}${column.pk ? ` key ${column.pk}` : ''} ${column.dflt_value ?? ''}`.trimEnd(),
    );
  });
}

function schemaHistory(): string[][] {
  const database = new Database(':memory:');
  const history = migrations.map(({ sql }) => {
    database.exec(sql);
    return describeSchema(database);
  });
  database.close();
  return history;
}

describe('migrations', () => {
  it('are numbered from 1 without gaps and have names', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1));
    for (const { name } of migrations) expect(name).toMatch(/^[a-z-]+$/);
  });

  it('only add: every table, column and index of a version is in the next', () => {
    const history = schemaHistory();
    for (const [i, lines] of history.entries()) expect(history[i + 1] ?? lines).toEqual(expect.arrayContaining(lines));
  });

  it('give the schema that is written down', async () => {
    const text = schemaHistory().at(-1)?.join('\n');
    await expect(`${text}\n`).toMatchFileSnapshot('../fixtures/store/schema.txt');
  });

  it('make only strict tables', () => {
    const database = new Database(':memory:');
    for (const { sql } of migrations) database.exec(sql);
    const tables = database.pragma('table_list') as { name: string; strict: number; schema: string }[];
    const own = tables.filter(({ name }) => !name.startsWith('sqlite_'));
    expect(own.length).toBeGreaterThan(8);
    expect(own.filter(({ strict }) => strict === 0)).toEqual([]);
    database.close();
  });
});
