/** @file Asking for a data set's folder: by the native dialog where there is one, Earmark's own where there is none. */
import { api } from '../../client/index.ts';
import { attempt, dialogs, host } from '../../state/app.svelte.ts';
import { evaluateForm } from '../../state/evaluating.svelte.ts';

/** Asks for a folder. @param take gets it, unless the person gives up */
export async function chooseFolder(take: (path: string) => void): Promise<void> {
  if (host.capabilities?.nativeDialogs !== true) return dialogs.open({ kind: 'chooseDataset', take });
  const path = await api.host.chooseFolder();
  if (path !== null) take(path);
}

/** Asks, and looks at what was chosen. */
export function chooseDataset(): Promise<void> {
  return chooseFolder((path) => attempt(evaluateForm.look(path)));
}
