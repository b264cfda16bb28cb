/** @file Which tracks a run learns from, and whether they are enough. */
import { AppError } from '../../base/index.ts';
import { pretraining } from '../../contract/index.ts';
import { chunkOf, createModel } from '../../learn/index.ts';
import type { Store } from '../../store/index.ts';
import { ownTracks } from '../library/demo.ts';
import type { TrainTrack } from '../processes/train-messages.ts';

/** The present tracks of a selection, by number. @throws AppError NOT_FOUND when there are none, saying where to get some */
export function selectTracks(store: Store, selection: pretraining.TrackSelection): TrainTrack[] {
  const tracks = present(store, selection);
  if (tracks.length === 0) throw new AppError('NOT_FOUND', noTracks(store, selection));
  return tracks;
}

/** A step compares tracks with each other: there must be one for every pair of the batch. @throws AppError BAD_INPUT */
export function checkBatch(tracks: number, { batch }: pretraining.PretrainSettings): void {
  if (tracks >= batch) return;
  const way = tracks < 2 ? 'Add more music' : `Choose a batch of at most ${tracks}, or more tracks`;
  throw new AppError(
    'BAD_INPUT',
    `A batch of ${batch} needs ${batch} different tracks, and ${tracks === 1 ? 'only one is' : `only ${tracks} are`} there. ${way}.`,
    { details: { tracks, batch } },
  );
}

/**
 * Parts of a run that do not go together, and a batch beyond the memory limit, are told before it begins.
 * @throws AppError BAD_INPUT, NOT_FOUND for an encoder that does not exist
 */
export function checkParts(settings: pretraining.PretrainSettings): void {
  checkLabelled(settings);
  chunkOf(settings);
  const { batch, chunk } = settings;
  const canBeTakenApart = createModel(settings).method.pieces !== null;
  if (canBeTakenApart || chunk === null || chunk >= batch) return;
  const says = `Negatives are drawn from the whole batch here, so that a batch of ${batch} cannot be computed ${chunk} at a time.`;
  throw new AppError('BAD_INPUT', `${says} Leave the chunk out, or make the batch smaller.`, { details: { batch, chunk } });
}

/** Labels, and what is measured by them, go with objectives over labels. @throws AppError BAD_INPUT */
function checkLabelled({ objective, labels, checkpoints }: pretraining.PretrainSettings): void {
  if (pretraining.learnsLabels(objective)) {
    if (labels !== null && labels.names.length > 0) return;
    throw new AppError('BAD_INPUT', 'Nothing says what is to be learnt. Name tags of your library, or a table with labels.');
  }
  if (labels !== null) throw new AppError('BAD_INPUT', 'This recipe learns without labels. Leave them out, or choose “Supervised”.');
  if (checkpoints.best === 'held-out')
    throw new AppError('BAD_INPUT', 'Nothing is held out without labels. Choose the best checkpoint by its loss or its rank.');
}

function present(store: Store, selection: pretraining.TrackSelection): TrainTrack[] {
  switch (selection.kind) {
    case 'library':
      return ownTracks(store, store.tracks.audio());
    case 'folder':
      return store.tracks.audio({ folderId: selection.folderId });
    case 'tracks':
      return store.tracks.audio({ trackIds: selection.trackIds });
  }
}

function noTracks(store: Store, selection: pretraining.TrackSelection): string {
  switch (selection.kind) {
    case 'library':
      return 'There are no tracks in the library yet. Add a folder with music first.';
    case 'folder':
      return `There are no tracks in ${store.folders.get(selection.folderId).path}. Scan it again, or choose another folder.`;
    case 'tracks':
      return 'None of the chosen tracks is in the library with its file in place. Scan the library, or choose others.';
  }
}
