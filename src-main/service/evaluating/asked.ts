/** @file A data set's table as what is asked of a probe: parts, answers and groups of the clips that were heard. */
import { createHash } from 'node:crypto';
import { AppError, countOf, defined } from '../../base/index.ts';
import { probeParts } from '../../compute/index.ts';
import { withoutClips } from '../../datasets/index.ts';
import type { DatasetClip, DatasetReading } from '../../datasets/index.ts';
import { heads, metrics } from '../../learn/index.ts';
import type { ProbeAsked, ProbeRows } from '../processes/probe-messages.ts';
import type { ClipRuns } from './dataset-library.ts';

/** A problem for the process that probes, the clips in it in its order, and the table of all that were heard. */
export type AskedProblem = {
  rows: Omit<ProbeRows, 'columns'>;
  asked: ProbeAsked;
  clips: DatasetClip[];
  reading: DatasetReading;
  manifest: string;
};

/** Takes the clips that were heard; the others are told among those left out. @param percent of the labels that is learnt from */
export function askedOf(table: DatasetReading, runs: ClipRuns, { percent, seed }: { percent: number; seed: number }): AskedProblem {
  const isHeard = (at: number): boolean => (runs.counts[at] as number) > 0;
  const gone = table.clips.flatMap(({ id, path, part }, at) =>
    isHeard(at) ? [] : [{ id, path, part, why: 'Its file is missing, cannot be decoded, or is shorter than the encoder’s input.' }],
  );
  const reading = withoutClips(table, gone);
  const heard = [...table.clips.keys()].filter(isHeard);
  const taught = heard.filter((at) => table.clips[at]?.part === 'train');
  const sets = taught.map((at) => (table.task.kind === 'numbers' ? '' : (table.clips[at]?.answers ?? []).join()));
  const kept = percent === 100 ? null : new Set(heads.stratifiedShare(sets, { percent, seed }).map((place) => taught[place]));
  const used = heard.filter((at) => kept === null || table.clips[at]?.part !== 'train' || kept.has(at));
  const clips = used.map((at) => defined(table.clips[at], 'a clip'));
  const { kind, labels } = table.task;
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const asked: ProbeAsked = {
    ...{ kind, outputs: labels.length, keys: keysOf(kind, labels), folds: null },
    answers: Float32Array.from(clips.flatMap(({ answers }) => answers)),
    parts: Uint8Array.from(clips, ({ part }) => probeParts[part]),
    wholes: Int32Array.from(clips, ({ whole }) => numberOf(`whole ${whole}`)),
    groups: Int32Array.from(clips, ({ group, whole }) => numberOf(group === null ? `alone ${whole}` : `group ${group}`)),
  };
  checkLabels(table, asked);
  const take = (of: Int32Array): Int32Array => Int32Array.from(used, (at) => of[at] as number);
  const rows = { directory: runs.directory, dimensions: runs.dimensions, firstRows: take(runs.firstRows), counts: take(runs.counts) };
  return { rows, asked, clips, reading, manifest: manifestHash(reading) };
}

/** SHA-256 over everything of the clips that figures hang on. */
function manifestHash({ dataset, task, split, clips }: DatasetReading): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([dataset, task.name, task.kind, task.labels, split]));
  for (const { id, part, group, whole, answers } of clips) hash.update(JSON.stringify([id, part, group, whole, answers]));
  return hash.digest('hex');
}

/** Whether a task asks for musical keys. */
export function isOfKeys({ task }: Pick<DatasetReading, 'task'>): boolean {
  return keysOf(task.kind, task.labels) !== null;
}

/** Labels that are musical keys, all of them. */
function keysOf(kind: ProbeAsked['kind'], labels: readonly string[]): string[] | null {
  if (kind !== 'classes') return null;
  try {
    for (const label of labels) metrics.readKey(label);
    return [...labels];
  } catch {
    return null;
  }
}

/** @throws AppError BAD_INPUT where nothing can be learnt, since all that is taught has one answer */
function checkLabels({ task }: DatasetReading, { kind, outputs, answers, parts }: ProbeAsked): void {
  const width = kind === 'classes' ? 1 : outputs;
  const isTold = Array.from({ length: width }, (_, column) => {
    const seen = new Set<number>();
    for (const [clip, part] of parts.entries()) if (part === probeParts.train) seen.add(answers[clip * width + column] as number);
    return seen.size > 1;
  });
  if (isTold.some(Boolean)) return;
  const what = kind === 'classes' ? 'one class alone' : `${countOf(task.labels.length, 'label')} that never differ`;
  throw new AppError(
    'BAD_INPUT',
    `What is learnt from has ${what}: nothing can be told apart. Check the data set, or learn from more of it.`,
  );
}
