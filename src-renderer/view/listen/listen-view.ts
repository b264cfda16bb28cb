/** @file What Listen contributes. */
import type { View } from '../view.ts';
import ListenView from './ListenView.svelte';

export const listenView: View = { title: 'Listen', icon: 'listen', key: 'Mod+2', page: ListenView };
