/** @file Importing weights: the native dialog where there is one, Earmark's own where there is none. */
import { api } from '../../client/index.ts';
import { dialogs, encoders, host, undo } from '../../state/app.svelte.ts';

/** Asks for a file of weights and imports it. */
export async function chooseWeights(): Promise<void> {
  if (host.capabilities?.nativeDialogs !== true) return dialogs.open({ kind: 'importWeights' });
  const path = await api.host.chooseWeights();
  if (path === null) return;
  const encoder = await encoders.importWeights(path);
  undo.say(`“${encoder.name}” imported. Index the library to listen with it.`);
}
