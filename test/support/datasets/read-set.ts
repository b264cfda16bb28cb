/** @file Reads a data set of files in memory, and counts its parts. */
import { datasetNamed, parts } from '../../../src-main/datasets/index.ts';
import type { DatasetReading } from '../../../src-main/datasets/index.ts';
import { memoryFolder } from './memory-folder.ts';

/** Reads files as one data set. */
export function readSet(
  name: string,
  files: Readonly<Record<string, string>>,
  { task = null, split = null }: { task?: string | null; split?: string | null } = {},
): Promise<DatasetReading> {
  return datasetNamed(name).read(memoryFolder(files, 65_521), { task, split });
}

/** Clips for training, validation and testing. */
export const partCounts = ({ clips }: DatasetReading): number[] => parts.map((part) => clips.filter((clip) => clip.part === part).length);

/** What a table says of a clip that it leaves out. */
export const reasons = ({ leftOut }: DatasetReading): [string, string][] => leftOut.map(({ id, why }) => [id, why]);
