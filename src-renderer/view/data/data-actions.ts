/** @file What can be done with the library as a whole. */
import type { LibraryReport } from '../../../src-main/contract/index.ts';
import { api } from '../../client/index.ts';
import type { Action } from '../../lib/keys.ts';
import { attempt, dialogs, keeping, undo } from '../../state/app.svelte.ts';
import { saveFile } from '../../lib/save-file.ts';

/** Makes a backup and says so. */
export async function backUpNow(): Promise<void> {
  await keeping.backUp();
  undo.say('Backed up, and checked.');
}

/** Hands the person all that they made as a file. */
export async function exportLibrary(): Promise<void> {
  const { fileName, text } = await keeping.exportLibrary();
  saveFile(fileName, text, 'application/json');
}

/** Offers to take an import back: its tags and the playlists that it made. */
export function takeBackImport({ changeId, playlistIds }: LibraryReport): void {
  if (changeId === null && playlistIds.length === 0) return;
  undo.did('Library imported', async () => {
    if (changeId !== null) await api.tags.undo({ changeId });
    for (const playlistId of playlistIds) await api.playlists.remove({ playlistId });
  });
}

/** The palette's entries. */
export function dataActions(): Action[] {
  const group = 'Library';
  return [
    { id: 'data.backUp', label: 'Back up now', group, keys: [], run: () => attempt(backUpNow()), alsoCalled: 'save copy' },
    { id: 'data.restore', label: 'Restore a backup…', group, keys: [], run: () => dialogs.open({ kind: 'restoreBackup' }) },
    {
      id: 'data.export',
      label: 'Export all that you made',
      group,
      keys: [],
      run: () => attempt(exportLibrary()),
      alsoCalled: 'json tags notes',
    },
    { id: 'data.import', label: 'Import an exported library…', group, keys: [], run: () => dialogs.open({ kind: 'importLibrary' }) },
  ];
}
