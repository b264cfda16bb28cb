/** @file What Inspect contributes. */
import type { View } from '../view.ts';
import InspectView from './InspectView.svelte';
import { inspectPlace } from '../../state/inspecting.svelte.ts';
import { route } from '../../state/app.svelte.ts';
import { player } from '../../state/listening.svelte.ts';
import { neuronsCalled } from './open-neuron.ts';
import { inspectPages } from './pages.ts';

export const inspectView: View = {
  ...{ title: 'Inspect', icon: 'neuron', key: 'Mod+8', alsoCalled: 'neurons features what it learned' },
  page: InspectView,
  called: neuronsCalled,
  actions: () => [
    ...inspectPages
      .filter(({ name }) => name !== 'taggram')
      .map(({ name, title }) => ({
        id: `inspect.${name}`,
        label: `Inspect: ${title}`,
        group: 'Inspect',
        keys: [],
        run: () => openPage(name),
      })),
    {
      ...{ id: 'inspect.taggram', label: 'Show tags over what plays', group: 'Inspect', keys: [] },
      when: () => player.now !== null,
      run: () => openPage('taggram'),
    },
  ],
  openJob: {
    concepts: () => () => openPage('concepts'),
  },
};

function openPage(name: string): void {
  inspectPlace.go(name);
  route.go('inspect');
}
