/** @file The data sets that Earmark knows, in the order in which a folder is tried for them. */
import { AppError } from '../base/index.ts';
import type { Dataset, DatasetFolder } from './dataset.ts';
import { magnatagatune } from './magnatagatune/magnatagatune.ts';

/** One line a data set. */
export const datasets: readonly Dataset[] = [magnatagatune];

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
    `${folder.path} looks like none of the data sets that Earmark knows (${datasets.map(({ title }) => title).join(', ')}). Name one, and see what its folder must hold.`,
  );
}
