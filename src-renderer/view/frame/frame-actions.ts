/** @file What can be done from everywhere. */
import type { Action } from '../../lib/keys.ts';
import { attempt, dialogs, encoders, headerSearch, host, library, libraryPanel, route, settings, undo } from '../../state/app.svelte.ts';
import { dataActions } from '../data/data-actions.ts';
import { chooseWeights } from '../encoders/choose-weights.ts';
import { chooseFolder } from '../library/choose-folder.ts';
import { runActions } from '../pretrain/run-actions.ts';
import { similarActions } from '../similar/similar-actions.ts';
import { tagActions } from '../tags/tag-actions.ts';

/** The frame's actions; call once while the frame is there. */
export function frameActions(): Action[] {
  return [
    ...generalActions(),
    ...libraryActions(),
    ...dataActions(),
    ...encoderActions(),
    ...similarActions(),
    ...tagActions(),
    ...runActions(),
    ...themeActions(),
  ];
}

function generalActions(): Action[] {
  const group = 'Everywhere';
  return [
    {
      id: 'palette.open',
      label: 'Find an action or a track',
      group,
      keys: ['Mod+K'],
      run: () => dialogs.open({ kind: 'palette' }),
      isKeyOnly: true,
    },
    {
      id: 'search.focus',
      label: 'Search',
      group,
      keys: ['Mod+F'],
      run: () => headerSearch.focus(),
      when: () => headerSearch.source !== null,
    },
    {
      id: 'undo.last',
      label: 'Undo',
      group,
      keys: ['Mod+Z'],
      run: () => attempt(undo.undo()),
      when: () => undo.nextLabel !== null,
      isKept: true,
    },
    { id: 'keys.show', label: 'Show the keys', group, keys: ['?'], run: () => dialogs.open({ kind: 'keys' }) },
    { id: 'library.open', label: 'Go to Library', group, keys: ['Mod+1'], run: () => route.go('library') },
    { id: 'listen.open', label: 'Go to Listen', group, keys: ['Mod+2'], run: () => route.go('listen') },
    { id: 'similar.open', label: 'Go to Similar', group, keys: ['Mod+3'], run: () => route.go('similar'), alsoCalled: 'find more like' },
    { id: 'tags.open', label: 'Go to Tags', group, keys: ['Mod+4'], run: () => route.go('tags'), alsoCalled: 'labels suggest' },
    { id: 'pretrain.open', label: 'Go to Pretrain', group, keys: ['Mod+5'], run: () => route.go('pretrain'), alsoCalled: 'train learn' },
    {
      id: 'settings.open',
      label: 'Go to Settings',
      group,
      keys: ['Mod+,'],
      run: () => route.go('settings'),
      alsoCalled: 'preferences options',
    },
  ];
}

function libraryActions(): Action[] {
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

function encoderActions(): Action[] {
  const group = 'Encoder';
  return [
    {
      id: 'encoder.index',
      label: 'Index now',
      group,
      keys: [],
      when: () => encoders.current !== null && !library.isEmpty,
      run: () => {
        const encoder = encoders.current;
        if (encoder !== null) attempt(encoders.index(encoder.id));
      },
    },
    {
      id: 'encoder.layers',
      label: 'Index layers of the encoder, or with another hop',
      group,
      keys: [],
      when: () => encoders.base !== null && !library.isEmpty,
      run: () => {
        if (encoders.base !== null) dialogs.open({ kind: 'index', encoder: encoders.base });
      },
      alsoCalled: 'output pooling mean maximum neurons',
    },
    { id: 'encoder.import', label: 'Import weights', group, keys: [], run: () => attempt(chooseWeights()), alsoCalled: 'checkpoint clmr' },
    {
      id: 'encoder.create',
      label: 'New untrained encoder',
      group,
      keys: [],
      run: () => dialogs.open({ kind: 'newUntrained' }),
      alsoCalled: 'seed random',
    },
  ];
}

function themeActions(): Action[] {
  const themes = [
    ['system', 'Follow the system: light or dark'],
    ['light', 'Use the light theme'],
    ['dark', 'Use the dark theme'],
  ] as const;
  return themes.map(([theme, label]) => ({
    id: `theme.${theme}`,
    label,
    group: 'Everywhere',
    keys: [],
    when: () => settings.current?.theme !== theme && host.capabilities !== null,
    run: () => attempt(settings.set({ theme })),
  }));
}
