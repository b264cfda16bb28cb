/** @file What a figure on a data set has to say of it: which clips with which answers, in which parts, by which rules. */
import { createHash } from 'node:crypto';
import type { DatasetReading, Part } from './dataset.ts';
import { countParts } from './define.ts';

/** Stable: the same table gives the same manifest, byte for byte. */
export type DatasetManifest = {
  earmark: string;
  dataset: string;
  task: string;
  kind: DatasetReading['task']['kind'];
  labels: readonly string[];
  split: string;
  /** Of ids, parts and answers, in the order of ids. */
  sha256: string;
  counts: DatasetReading['published'] & object;
  published: DatasetReading['published'];
  /** Clips of each part that have each label, in the order of labels; null for numbers, which every clip has. */
  labelCounts: Readonly<Record<Part, readonly number[]>> | null;
  /** Clips that the tables name and that were not used, by the reason. */
  leftOut: readonly { why: string; clips: number; ids: readonly string[] }[];
  policies: DatasetReading['policies'];
  notes: readonly string[];
};

const idsShown = 20;

/** @param earmark version of the program */
export function manifestOf(reading: DatasetReading, earmark: string): DatasetManifest {
  const { dataset, task, split, clips, published, policies, notes } = reading;
  return {
    ...{ earmark, dataset, task: task.name, kind: task.kind, labels: task.labels, split },
    sha256: splitHash(reading),
    counts: countParts(clips),
    labelCounts: labelCountsOf(reading),
    ...{ published, leftOut: reasonsOf(reading), policies, notes },
  };
}

function labelCountsOf({ task, clips }: DatasetReading): DatasetManifest['labelCounts'] {
  if (task.kind === 'numbers') return null;
  const none = (): number[] => new Array<number>(task.labels.length).fill(0);
  const counts = { train: none(), validation: none(), test: none() };
  for (const { part, answers } of clips) {
    const places = task.kind === 'classes' ? answers : answers.flatMap((answer, at) => (answer === 1 ? [at] : []));
    for (const at of places) counts[part][at] = (counts[part][at] ?? 0) + 1;
  }
  return counts;
}

/** SHA-256 over `id`, part and answers of each clip, a line each, tabs between, sorted by id; labels in their order are the first line. */
export function splitHash({ clips, task }: Pick<DatasetReading, 'clips' | 'task'>): string {
  const hash = createHash('sha256');
  hash.update(`${task.labels.map((label) => JSON.stringify(label)).join('\t')}\n`);
  for (const { id, part, answers } of clips.toSorted(byId)) hash.update(`${JSON.stringify(id)}\t${part}\t${answers.join('\t')}\n`);
  return hash.digest('hex');
}

/** By code units, which no language of the machine changes. */
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function reasonsOf({ leftOut }: DatasetReading): DatasetManifest['leftOut'] {
  const byReason = new Map<string, string[]>();
  for (const { id, why } of leftOut.toSorted(byId)) {
    const ids = byReason.get(why);
    if (ids === undefined) byReason.set(why, [id]);
    else ids.push(id);
  }
  return [...byReason].map(([why, ids]) => ({ why, clips: ids.length, ids: ids.slice(0, idsShown) }));
}
