/** @file What Settings contributes: what is done with encoders, with the library's data, and with the looks. */
import { dialogs } from '../../state/app.svelte.ts';
import { dataActions } from '../data/data-actions.ts';
import { encoderActions } from '../encoders/encoder-actions.ts';
import type { View } from '../view.ts';
import SettingsDialogs from './SettingsDialogs.svelte';
import SettingsView from './SettingsView.svelte';
import { themeActions } from './theme-actions.ts';

export const settingsView: View = {
  ...{ title: 'Settings', icon: 'settings', key: 'Mod+,', alsoCalled: 'preferences options' },
  isApart: true,
  page: SettingsView,
  actions: () => [...dataActions(), ...encoderActions(), ...themeActions()],
  dialogs: SettingsDialogs,
  openJob: { fetch: () => () => dialogs.open({ kind: 'published' }) },
};
