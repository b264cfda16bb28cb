/** @file What Inspect contributes. */
import type { View } from '../view.ts';
import InspectView from './InspectView.svelte';
import { inspectPlace } from '../../state/inspecting.svelte.ts';
import { route } from '../../state/app.svelte.ts';
import { player } from '../../state/listening.svelte.ts';
import { neuronsCalled } from './open-neuron.ts';

export const inspectView: View = {
  ...{ title: 'Inspect', icon: 'neuron', key: 'Mod+8', alsoCalled: 'neurons features what it learned' },
  page: InspectView,
  called: neuronsCalled,
  actions: () => [
    {
      ...{ id: 'inspect.taggram', label: 'Show tags over what plays', group: 'Inspect', keys: [] },
      when: () => player.now !== null,
      run: () => {
        inspectPlace.go('taggram');
        route.go('inspect');
      },
    },
  ],
  openJob: {
    concepts: () => () => {
      inspectPlace.go('concepts');
      route.go('inspect');
    },
  },
};
