/** @file What can be done with the library's folders and files from everywhere. */
import type { Action } from '../../lib/keys.ts';
import { attempt, library, libraryPanel, route } from '../../state/app.svelte.ts';
import { chooseFolder } from './choose-folder.ts';

/** The Library's actions that are offered everywhere. */
export function libraryActions(): Action[] {
  const group = 'Library';
  return [
    { id: 'library.addFolder', label: 'Add a folder', group, keys: [], run: () => attempt(chooseFolder()), alsoCalled: 'import music' },
    {
      id: 'library.scan',
      label: 'Scan all folders again',
      group,
      keys: [],
      run: () => attempt(library.scan()),
      when: () => !library.isEmpty,
    },
    {
      id: 'library.problems',
      label: 'Show files that could not be read',
      group,
      keys: [],
      when: () => library.problems.length > 0,
      run: () => {
        libraryPanel.open('problems');
        route.go('library');
      },
    },
    {
      id: 'library.folders',
      label: 'Show the folders',
      group,
      keys: [],
      when: () => !library.isEmpty,
      run: () => {
        libraryPanel.open('folders');
        route.go('library');
      },
    },
  ];
}
