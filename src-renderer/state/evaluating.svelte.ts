/** @file The page's evaluations, and how events of the core reach them. */
import { api, connection } from '../client/index.ts';
import { attempt, undo } from './app.svelte.ts';
import { EvaluateFormState } from './evaluate-form.svelte.ts';
import { EvaluatePlace } from './evaluate-place.svelte.ts';
import { EvaluationsState } from './evaluations.svelte.ts';
import { ExperimentsState } from './experiments.svelte.ts';

export const evaluations = new EvaluationsState(api, undo);
export const evaluateForm = new EvaluateFormState(api);
export const experiments = new ExperimentsState(api);
/** Which part of Evaluate is shown. */
export const evaluatePlace = new EvaluatePlace();

connection.on('evaluations.changed', () => attempt(evaluations.load()));
connection.on('evaluations.changed', () => attempt(experiments.refresh()));
