/** @file Importing weights: a file is chosen in the native dialog where there is one, and what else is to be said of it in Earmark's own. */
import { api } from '../../client/index.ts';
import { dialogs, host } from '../../state/app.svelte.ts';

/** Asks for a file of weights and how to import it. */
export async function chooseWeights(): Promise<void> {
  if (host.capabilities?.nativeDialogs !== true) return dialogs.open({ kind: 'importWeights' });
  const path = await api.host.chooseWeights();
  if (path !== null) dialogs.open({ kind: 'importWeights', path });
}
