/** @file The page's one set of states of Pretrain, and how events of the core reach them. */
import { api, connection } from '../client/index.ts';
import { attempt, reportError, undo } from './app.svelte.ts';
import { CurvesState } from './curves.svelte.ts';
import { EstimateState } from './estimate.svelte.ts';
import { LabelsState } from './labels.svelte.ts';
import { ViewPairState } from './view-pair.svelte.ts';
import { PretrainForm } from './pretrain-form.svelte.ts';
import { PretrainPlace } from './pretrain-place.svelte.ts';
import { RunsState } from './runs.svelte.ts';

export const runs = new RunsState(api, undo);
export const curves = new CurvesState(api, reportError);
export const estimate = new EstimateState(api);
export const viewPair = new ViewPairState(api);
export const form = new PretrainForm();
form.chooseTime('minute');
export const labels = new LabelsState(api);
export const place = new PretrainPlace();

connection.on('run.updated', ({ runId, run }) => runs.update(runId, run));
connection.on('run.stepped', (event) => {
  runs.step(event);
  curves.step(event);
});
connection.onState((state) => {
  if (state !== 'open') return;
  attempt(runs.load());
  curves.refresh();
});
if (connection.state === 'open') attempt(runs.load());
