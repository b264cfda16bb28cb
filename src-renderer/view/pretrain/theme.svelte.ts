/** @file The theme that is shown, for what is drawn on canvases. */
import { whileShown } from '../../lib/effects.svelte.ts';

/** Follows the theme: the setting, or the system's where it says so. Call while a component is made. */
export function watchTheme(setting: () => string | undefined): { readonly current: 'light' | 'dark' } {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  let isSystemDark = $state(system.matches);
  whileShown(() => {
    const change = (event: MediaQueryListEvent): void => void (isSystemDark = event.matches);
    system.addEventListener('change', change);
    return () => system.removeEventListener('change', change);
  });
  return {
    get current() {
      const chosen = setting() ?? 'system';
      return chosen === 'system' ? (isSystemDark ? 'dark' : 'light') : chosen === 'dark' ? 'dark' : 'light';
    },
  };
}
