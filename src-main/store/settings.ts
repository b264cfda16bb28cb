/** @file The person's settings, and how each view was left. */
import { settingsSchema } from '../contract/index.ts';
import type { Settings } from '../contract/index.ts';
import type { Connection } from './connection.ts';
import { change, rows, values } from './statement.ts';

/** What holds until the person says otherwise. */
export const defaultSettings: Readonly<Settings> = Object.freeze({
  theme: 'system',
  encoderId: null,
  device: 'auto',
  watchFolders: true,
  indexAfterScan: true,
});

/** Reads and writes settings and views' states. */
export class SettingsTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** All settings; a stored value that this version does not understand counts as the default. */
  get(): Settings {
    const settings: Record<string, unknown> = { ...defaultSettings };
    for (const { key, value } of rows<[], { key: string; value: string }>(this.#connection, 'SELECT key, value FROM settings').all()) {
      const parsed = settingsSchema.partial().safeParse({ [key]: JSON.parse(value) as unknown });
      if (parsed.success) Object.assign(settings, parsed.data);
    }
    return settingsSchema.parse(settings);
  }

  /** Changes the given fields and returns them all. */
  set(changes: { [Key in keyof Settings]?: Settings[Key] | undefined }): Settings {
    const sql = 'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';
    for (const [key, value] of Object.entries(changes))
      if (value !== undefined) change(this.#connection, sql).run(key, JSON.stringify(value));
    return this.get();
  }

  /** How a view was left; null when it never was. */
  getView(view: string): unknown {
    const state = values<[string], string>(this.#connection, 'SELECT state FROM views WHERE view = ?').get(view);
    return state === undefined ? null : (JSON.parse(state) as unknown);
  }

  /** Remembers how a view is left. */
  setView(view: string, state: unknown): void {
    const sql = `INSERT INTO views (view, state, updated_at) VALUES (?, ?, ?)
      ON CONFLICT (view) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at`;
    change(this.#connection, sql).run(view, JSON.stringify(state ?? null), Date.now());
  }
}
