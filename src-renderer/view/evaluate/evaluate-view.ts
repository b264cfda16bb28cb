/** @file What Evaluate contributes. */
import { route } from '../../state/app.svelte.ts';
import type { View } from '../view.ts';
import EvaluateDialogs from './EvaluateDialogs.svelte';
import EvaluatePage from './EvaluatePage.svelte';

export const evaluateView: View = {
  ...{ title: 'Evaluate', icon: 'evaluate', key: 'Mod+9', alsoCalled: 'probe benchmark data set MagnaTagATune scores' },
  page: EvaluatePage,
  dialogs: EvaluateDialogs,
  openJob: { evaluate: () => () => route.go('evaluate') },
};
