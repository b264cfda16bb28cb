/** @file What Evaluate contributes. */
import { route } from '../../state/app.svelte.ts';
import { evaluatePlace } from '../../state/evaluating.svelte.ts';
import type { EvaluateTab } from '../../state/evaluate-place.svelte.ts';
import type { View } from '../view.ts';
import EvaluateDialogs from './EvaluateDialogs.svelte';
import EvaluateView from './EvaluateView.svelte';

export const evaluateView: View = {
  ...{ title: 'Evaluate', icon: 'evaluate', key: 'Mod+9', alsoCalled: 'probe benchmark data set MagnaTagATune scores' },
  page: EvaluateView,
  dialogs: EvaluateDialogs,
  actions: () => [
    {
      id: 'evaluate.experiments',
      label: 'Open experiments',
      group: 'Evaluate',
      keys: [],
      alsoCalled: 'ablation table paper',
      run: () => show('experiments'),
    },
  ],
  openJob: { evaluate: () => () => show('evaluations'), experiment: () => () => show('experiments') },
};

function show(tab: EvaluateTab): void {
  evaluatePlace.show(tab);
  route.go('evaluate');
}
