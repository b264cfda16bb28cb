/** @file Reads an experiment’s file, and says what is wrong in it where. */
import { dirname, resolve } from 'node:path';
import { AppError, readRegularFile } from '../../base/index.ts';
import { experimentSchema } from '../../contract/index.ts';
import type { Experiment } from '../../contract/index.ts';

const limit = { mostBytes: 4 * 2 ** 20, advice: 'Choose an experiment’s file.' };

/** Reads a file; folders that it names become whole paths. @throws AppError BAD_INPUT with the place in the file; codes of the file system */
export async function readExperiment(path: string): Promise<Experiment> {
  const bytes = await readRegularFile(path, limit);
  const experiment = parseExperiment(bytes.toString('utf8'), path);
  const folders = Object.entries(experiment.folders).map(([name, own]) => [name, own === null ? null : resolve(dirname(path), own)]);
  return { ...experiment, folders: Object.fromEntries(folders) as Experiment['folders'] };
}

/** Checks the text of a file. @throws AppError BAD_INPUT with the place in the file */
export function parseExperiment(text: string, path: string): Experiment {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AppError(
      'BAD_INPUT',
      `${path} is not JSON: ${cause instanceof Error ? cause.message : ''}. docs/experiment-files.md shows one.`,
      {
        cause,
      },
    );
  }
  const parsed = experimentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const says = parsed.error.issues.slice(0, 5).map((issue) => {
    if (issue.code !== 'unrecognized_keys') return `${placeOf(issue.path)}: ${issue.message}`;
    return issue.keys.map((key) => `${placeOf([...issue.path, key])}: There is no such key.`).join(' ');
  });
  throw new AppError('BAD_INPUT', `${path} is no experiment that can be read. ${says.join(' ')}`, {
    details: { path, places: parsed.error.issues.map((issue) => placeOf(issue.path)) },
  });
}

/** `runs[2].settings` */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((one) => (typeof one === 'number' ? `[${one}]` : `.${String(one)}`)).join('');
  return place === '' ? 'Its beginning' : place.replace(/^\./, '');
}
