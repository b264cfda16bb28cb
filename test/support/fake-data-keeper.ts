/** @file The library as a whole, as the fake core has it: two backups, a restore and an import that say what the real ones would. */
import { AppError } from '../../src-main/base/index.ts';
import type { Backup, DataState, Handlers } from '../../src-main/contract/index.ts';
import type { FakeWorld } from './fake-world.ts';

const folder = '/home/ida/.local/share/earmark';
const tables = { folders: 1, tracks: 420, tags: 12, tag_marks: 310 };
const report = { bytes: 4_300_000, tables };

/** A backup of some hours ago. */
export function fakeBackup(hours: number, kind: Backup['kind'] = 'regular'): Backup {
  return {
    file: `${folder}/backups/earmark-2026-11-${String(29 - hours).padStart(2, '0')}T10-00-00.db`,
    kind,
    at: Date.now() - hours * 3_600_000,
    bytes: report.bytes,
  };
}

/** Handlers of the subject `data`. @param state how the database stands at first */
export function fakeDataKeeper(world: Pick<FakeWorld, 'emit'>, state: Partial<DataState> = {}): Handlers['data'] {
  let now: DataState = {
    ...{
      state: 'open',
      found: '',
      path: `${folder}/earmark.db`,
      backups: [fakeBackup(3), fakeBackup(27, 'replaced')],
      notice: '',
      failure: '',
      work: null,
    },
    ...state,
  };
  const change = (changes: Partial<DataState>): void => {
    now = { ...now, ...changes };
    world.emit({ type: 'data.changed' });
  };
  const reopened = (): void => {
    change({ state: 'open', found: '' });
    world.emit({ type: 'data.reopened' });
  };
  return {
    state: () => now,
    backUp: () => {
      const made = fakeBackup(0);
      change({ backups: [made, ...now.backups] });
      return { file: made.file, ...report };
    },
    restore: ({ file }) => {
      if (!file.endsWith('.db')) throw new AppError('BAD_INPUT', `${file} is not a database of Earmark.`);
      reopened();
      return { file, ...report, kept: `${folder}/backups/replaced.db` };
    },
    salvage: () => {
      reopened();
      return { file: now.path, ...report, kept: `${folder}/backups/damaged.db`, lost: ['tracks'] };
    },
    dismissNotice: () => change({ notice: '' }),
    exportLibrary: ({ path }) => ({ fileName: 'earmark-library-2026-11-29.json', text: '{}\n', path: path ?? null, bytes: 3 }),
    importLibrary: () => ({ kinds: [{ kind: 'tags', added: 2, known: 1, unplaced: 0 }], unplaced: [], changeId: 1, playlistIds: [] }),
  };
}
