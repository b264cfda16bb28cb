/** @file Music whose rows are read: some of the library's, or a data set that an evaluation has heard, whose library is opened for as long as it is read. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, tellingEnd } from '../../base/index.ts';
import type { HeardDataSet, MusicSource, TrackId } from '../../contract/index.ts';
import { openStore } from '../../store/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { libraryName } from '../evaluating/dataset-library.ts';
import type { Tools } from '../tools.ts';
import { inspectedSpace } from './inspected.ts';
import type { Inspected } from './inspected.ts';
import { heardPart } from './music-parts.ts';
import type { HeardPart } from './music-parts.ts';

/** Music as a space has heard it: in which library, where the index's files lie, and which of its tracks. */
export type OpenedPart = { store: Store; space: Inspected; directory: string; part: HeardPart; dataSet: string | null };

/** Data sets that evaluations have heard and whose libraries are still there, by name. */
export function heardDataSets({ evaluations, paths }: Pick<Store, 'evaluations' | 'paths'>): HeardDataSet[] {
  const found = new Map<string, HeardDataSet>();
  for (const { dataset, datasetTitle, folder } of evaluations.list()) {
    const name = libraryName(dataset, folder);
    if (!found.has(name) && existsSync(join(paths.dataSets, name))) found.set(name, { name, title: datasetTitle, folder });
  }
  return [...found.values()].sort((a, b) => a.title.localeCompare(b.title) || a.folder.localeCompare(b.folder));
}

/**
 * Opens music, has it used, and closes what was opened.
 * @throws AppError NOT_FOUND for music that is gone, BAD_INPUT where nothing of it was heard, DATA_DIRECTORY_IN_USE while an evaluation works on a data set
 */
export async function withOpened<T>(
  { store }: Pick<Tools, 'store'>,
  { encoder, sources }: { encoder: StoredEncoder; sources: readonly MusicSource[] },
  use: (opened: OpenedPart[]) => Promise<T>,
): Promise<T> {
  const libraries = new Map<string, Store>();
  try {
    const opened: OpenedPart[] = [];
    for (const source of sources) {
      if (source.kind !== 'data-set') {
        const space = await inspectedSpace(store, encoder.id);
        opened.push({
          store,
          space,
          directory: store.paths.index(space.index.id),
          part: heardPart(store, source, space.tracks),
          dataSet: null,
        });
        continue;
      }
      const own = libraries.get(source.name) ?? openDataSet(store, source.name);
      libraries.set(source.name, own);
      const space = await inspectedSpace(own, sameSpace(own, encoder, titleOf(store, source.name)).id);
      const part = { ...heardPart(own, { kind: 'all' }, space.tracks), name: titleOf(store, source.name) };
      opened.push({ store: own, space, directory: own.paths.index(space.index.id), part, dataSet: source.name });
    }
    return await use(opened);
  } finally {
    for (const own of libraries.values()) own.close();
  }
}

/** The file of a track of a data set that an evaluation has heard. @throws AppError NOT_FOUND, DATA_DIRECTORY_IN_USE */
export function fileInDataSet(store: Store, name: string, trackId: TrackId): string {
  const own = openDataSet(store, name);
  try {
    const file = own.tracks.media(trackId);
    if (file === null) throw new AppError('NOT_FOUND', `${titleOf(store, name)} has no such track any more. Make the figure again.`);
    return file.path;
  } finally {
    own.close();
  }
}

function titleOf(store: Store, name: string): string {
  const all = heardDataSets(store);
  const known = all.find((one) => one.name === name);
  if (known === undefined) return name;
  const others = all.filter((one) => one.name !== name).map(({ folder }) => folder);
  return `${known.title} (${tellingEnd(known.folder, others)})`;
}

function openDataSet(store: Store, name: string): Store {
  const directory = join(store.paths.dataSets, name);
  if (!heardDataSets(store).some((one) => one.name === name))
    throw new AppError('NOT_FOUND', `No evaluation has heard a data set ${name}. Evaluate the encoder on it first, or choose other music.`);
  try {
    return openStore(directory);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DATA_DIRECTORY_IN_USE') throw error;
    throw new AppError('DATA_DIRECTORY_IN_USE', `An evaluation works on ${titleOf(store, name)} just now. Try again when it is done.`, {
      cause: error,
    });
  }
}

/** The copy of a space in another library: the same weights, and the same output of them. */
function sameSpace(own: Store, encoder: StoredEncoder, title: string): StoredEncoder {
  const found = own.encoders
    .listWithSpaces()
    .find(
      ({ id, weightsSha256, architecture, dimensions, space }) =>
        weightsSha256 === encoder.weightsSha256 &&
        architecture === encoder.architecture &&
        dimensions === encoder.dimensions &&
        own.index.current(id) !== null &&
        space?.output === encoder.space?.output &&
        space?.pooling === encoder.space?.pooling,
    );
  if (found !== undefined) return found;
  throw new AppError(
    'BAD_INPUT',
    `${encoder.name} has not heard the data set ${title}. Evaluate it there first: an evaluation indexes the data set with what it evaluates.`,
  );
}
