/** @file Adding music: a folder by the native dialog where there is one, Earmark's own where there is none; or the demo library. */
import type { Folder } from '../../../src-main/contract/index.ts';
import { api } from '../../client/index.ts';
import { dialogs, host, library, route } from '../../state/app.svelte.ts';

/** Asks for a folder and adds it. */
export async function chooseFolder(): Promise<void> {
  if (host.capabilities?.nativeDialogs !== true) return dialogs.open({ kind: 'addFolder' });
  const path = await api.host.chooseFolder();
  if (path === null) return;
  await library.addFolder(path);
  route.go('library');
}

/** Adds the music that comes with Earmark, and shows it. */
export async function addDemo(): Promise<void> {
  await library.addDemo();
  route.go('library');
}

/** Asks where a folder is now that moved, and takes its tracks there. */
export async function chooseNewPlace(folder: Folder): Promise<void> {
  if (host.capabilities?.nativeDialogs !== true) return dialogs.open({ kind: 'moveFolder', folder });
  const path = await api.host.chooseFolder();
  if (path !== null) await library.moveFolder(folder, path);
}
