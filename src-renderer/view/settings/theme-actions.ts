/** @file Light and dark from everywhere. */
import type { Action } from '../../lib/keys.ts';
import { attempt, host, settings } from '../../state/app.svelte.ts';

/** The palette's entries. */
export function themeActions(): Action[] {
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
