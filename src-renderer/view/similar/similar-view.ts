/** @file What Similar contributes. */
import type { View } from '../view.ts';
import { directionsCalled } from './directions.ts';
import { similarActions, similarEntries } from './similar-actions.ts';
import SimilarView from './SimilarView.svelte';

export const similarView: View = {
  ...{ title: 'Similar', icon: 'similar', key: 'Mod+3', alsoCalled: 'find more like' },
  page: SimilarView,
  actions: similarActions,
  called: directionsCalled,
  rowEntries: ({ examples }) => similarEntries(examples),
};
