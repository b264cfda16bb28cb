/** @file What can be done with the library's folders and files from everywhere. */
import type { Action } from '../../lib/keys.ts';
import { attempt, library, libraryPanel, route } from '../../state/app.svelte.ts';
import { firstStepsActions } from '../first-steps/first-steps-actions.ts';
import { addDemo, chooseFolder } from './choose-folder.ts';

/** The Library's actions that are offered everywhere. */
export function libraryActions(): Action[] {
  const group = 'Library';
  return [
    ...firstStepsActions(),
    { id: 'library.addFolder', label: 'Add a folder', group, keys: [], run: () => attempt(chooseFolder()), alsoCalled: 'import music' },
    {
      ...{ id: 'library.addDemo', label: 'Add the demo library', group, keys: [], alsoCalled: 'try example music' },
      when: () => library.folders !== null && library.demo === undefined,
      run: () => attempt(addDemo()),
    },
    {
      ...{ id: 'library.removeDemo', label: 'Remove the demo library', group, keys: [], alsoCalled: 'example music' },
      when: () => library.demo !== undefined,
      run: () => attempt(library.removeDemo()),
    },
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
