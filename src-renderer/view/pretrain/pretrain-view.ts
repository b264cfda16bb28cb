/** @file What Pretrain contributes. */
import { runs } from '../../state/pretraining.svelte.ts';
import type { View } from '../view.ts';
import PretrainDialogs from './PretrainDialogs.svelte';
import PretrainView from './PretrainView.svelte';
import { openRun, runActions } from './run-actions.ts';

export const pretrainView: View = {
  ...{ title: 'Pretrain', icon: 'pretrain', key: 'Mod+5', alsoCalled: 'train learn' },
  page: PretrainView,
  actions: runActions,
  dialogs: PretrainDialogs,
  openJob: {
    pretrain: (job) => {
      const run = runs.list?.find(({ jobId }) => jobId === job.id);
      return run === undefined ? null : () => openRun(run);
    },
  },
};
