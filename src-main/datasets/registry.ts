/** @file The data sets that Earmark knows, in the order in which a folder is tried for them. */
import { AppError } from '../base/index.ts';
import type { Dataset, DatasetFolder } from './dataset.ts';
import { billboard } from './billboard/billboard.ts';
import { classFolders } from './class-folders/class-folders.ts';
import { emomusic } from './emomusic/emomusic.ts';
import { fma } from './fma/fma.ts';
import { giantsteps } from './giantsteps/giantsteps.ts';
import { gtzan } from './gtzan/gtzan.ts';
import { magnatagatune } from './magnatagatune/magnatagatune.ts';
import { msd } from './msd/msd.ts';
import { mtgJamendo } from './mtg-jamendo/mtg-jamendo.ts';
import { nsynth } from './nsynth/nsynth.ts';

/** One line a data set. A plain folder is what anything may look like: it comes last. */
export const datasets: readonly Dataset[] = [
  magnatagatune,
  msd,
  mtgJamendo,
  nsynth,
  gtzan,
  fma,
  giantsteps,
  emomusic,
  billboard,
  classFolders,
];

/** @throws AppError BAD_INPUT for a name that none has */
export function datasetNamed(name: string): Dataset {
  const found = datasets.find((dataset) => dataset.name === name);
  if (found !== undefined) return found;
  throw new AppError('BAD_INPUT', `There is no data set “${name}”. Earmark knows ${datasets.map((dataset) => dataset.name).join(', ')}.`);
}

/** The first data set that a folder looks like. @throws AppError BAD_INPUT where it looks like none */
export async function datasetIn(folder: DatasetFolder): Promise<Dataset> {
  for (const dataset of datasets) if (await dataset.isIn(folder)) return dataset;
  throw new AppError(
    'BAD_INPUT',
    `${folder.path} looks like none of the data sets that Earmark knows (${datasets.map(({ title }) => title).join(', ')}). The verb datasets says what the folder of each must hold.`,
  );
}
