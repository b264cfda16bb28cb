/** @file What Inspect contributes. */
import type { View } from '../view.ts';
import InspectView from './InspectView.svelte';

export const inspectView: View = {
  ...{ title: 'Inspect', icon: 'neuron', key: 'Mod+8', alsoCalled: 'neurons features what it learned' },
  page: InspectView,
};
