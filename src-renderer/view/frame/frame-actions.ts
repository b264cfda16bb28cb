/** @file What can be done from everywhere: what belongs to no view, the way to each view, and what each contributes. */
import type { Action } from '../../lib/keys.ts';
import { attempt, dialogs, headerSearch, route, undo } from '../../state/app.svelte.ts';
import { orderedViews } from '../views.ts';

/** The frame's actions; call once while the frame is there. */
export function frameActions(): Action[] {
  return [...generalActions(), ...orderedViews.flatMap(({ actions }) => actions?.() ?? [])];
}

function goTo({ name, title, key, alsoCalled }: (typeof orderedViews)[number]): Action {
  const known = alsoCalled === undefined ? {} : { alsoCalled };
  return { id: `${name}.open`, label: `Go to ${title}`, group: 'Everywhere', keys: [key], run: () => route.go(name), ...known };
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
    ...orderedViews.map(goTo),
  ];
}
