/** @file What Duplicates contributes. */
import { route } from '../../state/app.svelte.ts';
import type { View } from '../view.ts';
import DuplicatesPage from './DuplicatesPage.svelte';

export const duplicatesView: View = {
  ...{ title: 'Duplicates', icon: 'copy', key: 'Mod+7', alsoCalled: 'same recording twice' },
  page: DuplicatesPage,
  openJob: { duplicates: () => () => route.go('duplicates') },
};
