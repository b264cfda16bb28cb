/** @file What Inspect contributes. */
import type { View } from '../view.ts';
import InspectView from './InspectView.svelte';
import { inspectPlace } from '../../state/inspecting.svelte.ts';
import { route } from '../../state/app.svelte.ts';
import { neuronsCalled } from './open-neuron.ts';

export const inspectView: View = {
  ...{ title: 'Inspect', icon: 'neuron', key: 'Mod+8', alsoCalled: 'neurons features what it learned' },
  page: InspectView,
  called: neuronsCalled,
  openJob: {
    concepts: () => () => {
      inspectPlace.go('concepts');
      route.go('inspect');
    },
  },
};
