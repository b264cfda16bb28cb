/** @file Asking for a data set's folder: by the native dialog where there is one, Earmark's own where there is none. */
import { api } from '../../client/index.ts';
import { attempt, dialogs, host } from '../../state/app.svelte.ts';
import { evaluateForm } from '../../state/evaluating.svelte.ts';

/** Asks, and looks at what was chosen. */
export async function chooseDataset(): Promise<void> {
  const take = (path: string): void => attempt(evaluateForm.look(path));
  if (host.capabilities?.nativeDialogs !== true) return dialogs.open({ kind: 'chooseDataset', take });
  const path = await api.host.chooseFolder();
  if (path !== null) take(path);
}
