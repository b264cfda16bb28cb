/** @file The page's evaluations, and how events of the core reach them. */
import { api, connection } from '../client/index.ts';
import { attempt, undo } from './app.svelte.ts';
import { EvaluateFormState } from './evaluate-form.svelte.ts';
import { EvaluationsState } from './evaluations.svelte.ts';

export const evaluations = new EvaluationsState(api, undo);
export const evaluateForm = new EvaluateFormState(api);

connection.on('evaluations.changed', () => attempt(evaluations.load()));
