/** @file Files from anywhere as examples: dropped on the window, or chosen. */
import { carriesTracks } from '../../lib/drag.ts';
import { shownName } from '../../lib/format.ts';
import { encoders, route, undo } from '../../state/app.svelte.ts';
import { queryFiles, similarPlace, similarQuery } from '../../state/retrieval.svelte.ts';

/** What the dialog for files offers; systems do not know every format as audio. */
export const audioFiles = 'audio/*,.mp3,.flac,.ogg,.oga,.opus,.m4a,.wav,.aif,.aiff,.wma';

/** Most files that are brought at once. */
const mostFiles = 20;

/** Whether a drag brings files from outside, and not rows of a table. */
export function carriesFiles(dataTransfer: DataTransfer | null): boolean {
  return dataTransfer?.types.includes('Files') === true && !carriesTracks(dataTransfer);
}

/** Brings files one after the other; each becomes an example. Whatever is looked at meanwhile stays. */
export async function bringFiles(files: readonly File[]): Promise<void> {
  const encoder = encoders.current;
  if (encoder === null) return;
  for (const file of files.slice(0, mostFiles)) {
    const brought = await queryFiles.bring(file, encoder.id);
    if (brought === null) return;
    similarQuery.add('like', [
      {
        item: { kind: 'file', fileId: brought.fileId },
        label: shownName(brought.name),
        note: brought.truncated ? 'its beginning' : '',
      },
    ]);
    if (route.view !== 'similar' || similarPlace.page !== 'find')
      undo.say(`“${shownName(brought.name)}” is an example of the query in Similar now.`);
  }
}
