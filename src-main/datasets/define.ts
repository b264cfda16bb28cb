/** @file What all data sets have in common: a choice that they have, clips that can be used, groups, leaks between parts, and what is missing of a published split. */
import { AppError, countOf, formatCount } from '../base/index.ts';
import type {
  Dataset,
  DatasetClip,
  DatasetFolder,
  DatasetPolicies,
  DatasetReading,
  LeftOut,
  Part,
  PartCounts,
  TaskKind,
} from './dataset.ts';
import { parts } from './dataset.ts';
import { whyRefused } from './clip-path.ts';

/** A clip as a table names it. `artist`, `piece`: null where the files do not tell; `whole`: its own id where left out. */
export type NamedClip = {
  id: string;
  path: string;
  part: Part;
  artist?: string | null;
  piece?: string | null;
  whole?: string;
  answers: readonly number[];
};

/** What a data set's own files say. */
export type SourceReading = {
  labels: readonly string[];
  clips: readonly NamedClip[];
  leftOut: readonly LeftOut[];
  notes: readonly string[];
  policies: Omit<DatasetPolicies, 'groups'>;
  published: PartCounts | null;
  leastSeconds: number | null;
  /** What `artist` and `piece` are here. */
  artistIs?: string;
  pieceIs?: string;
};

/** A data set before what all have in common. */
export type DatasetSource<Task extends string, Split extends string> = {
  name: string;
  title: string;
  about: string;
  holds: string;
  tasks: readonly { name: Task; title: string; kind: TaskKind }[];
  splits: readonly { name: Split; title: string }[];
  isIn(folder: DatasetFolder): Promise<boolean>;
  read(folder: DatasetFolder, choice: { task: Task; split: Split }): Promise<SourceReading>;
};

/** An interval over fewer groups says little (Cameron, Gelbach and Miller 2008, Review of Economics and Statistics 90). */
const leastGroups = 20;

/** Makes a data set of its source. */
export function defineDataset<Task extends string, Split extends string>(source: DatasetSource<Task, Split>): Dataset {
  return {
    name: source.name,
    title: source.title,
    about: source.about,
    holds: source.holds,
    tasks: source.tasks,
    splits: source.splits,
    isIn: (folder) => source.isIn(folder),
    read: async (folder, choice) => {
      const task = chosen(source, { kind: 'task', options: source.tasks, wish: choice.task });
      const split = chosen(source, { kind: 'split', options: source.splits, wish: choice.split });
      const reading = await source.read(folder, { task: task.name, split: split.name });
      const about = { name: task.name, title: task.title, kind: task.kind, labels: reading.labels };
      return finish({ dataset: source.name, task: about, split: split.name, reading });
    },
  };
}

/** A set of audio without a task: known, so that a person is told what it serves for. */
export function defineAudioSet(source: Pick<Dataset, 'name' | 'title' | 'about' | 'holds' | 'isIn'>): Dataset {
  const says = `${source.title} has no task that Earmark knows. It is audio to learn from: add its folder to the library, and pre-train on it.`;
  return { ...source, tasks: [], splits: [], read: () => Promise.reject(new AppError('BAD_INPUT', says)) };
}

type Named<Name extends string> = { name: Name };

/** @throws AppError BAD_INPUT for what the data set has not */
function chosen<Name extends string, Option extends Named<Name>>(
  { title }: { title: string },
  { kind, options, wish }: { kind: 'task' | 'split'; options: readonly Option[]; wish: string | null },
): Option {
  const found = wish === null ? options[0] : options.find(({ name }) => name === wish);
  if (found !== undefined) return found;
  const names = options.map(({ name }) => name).join(', ');
  throw new AppError('BAD_INPUT', `${title} has no ${kind} “${wish}”. It has ${names}.`, { details: { [kind]: wish } });
}

type Unfinished = Pick<DatasetReading, 'dataset' | 'task' | 'split'> & { reading: SourceReading };

function finish({ dataset, task, split, reading }: Unfinished): DatasetReading {
  const leftOut = [...reading.leftOut];
  const usable = usableClips(reading, { kind: task.kind, leftOut });
  const grouping = groupingOf(usable, reading);
  const clips = usable.map((clip) => finishClip(clip, grouping.of));
  const notes = [
    ...subsetNotes(countParts(clips), reading.published),
    ...reading.notes,
    ...leakNotes(usable, { of: ({ artist }) => artist ?? null, one: reading.artistIs ?? 'artist' }),
    ...(grouping.by === 'piece' ? leakNotes(usable, { of: ({ piece }) => piece ?? null, one: reading.pieceIs ?? 'piece' }) : []),
    ...grouping.notes,
    ...labelNotes(clips, task),
  ];
  const policies = { ...reading.policies, groups: grouping.says };
  return {
    ...{ dataset, task, split, clips, leftOut, notes, policies },
    ...{ published: reading.published, leastSeconds: reading.leastSeconds },
  };
}

/** Copies what is kept: a slice would hold the whole text of a table in memory. */
const detached = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

function finishClip(clip: NamedClip, groupOf: (clip: NamedClip) => string | null): DatasetClip {
  const { id, path, part, answers } = clip;
  const group = groupOf(clip);
  return {
    ...{ id: detached(id), path: detached(path), part, answers },
    group: group === null ? null : detached(group),
    whole: detached(clip.whole ?? id),
  };
}

type Checking = { kind: TaskKind; leftOut: LeftOut[] };

/** Clips with a path inside the folder, answers that are numbers, and an id of their own. */
function usableClips({ clips, labels }: SourceReading, { kind, leftOut }: Checking): NamedClip[] {
  const seen = new Map<string, Part>();
  return clips.filter((clip) => {
    const before = seen.get(clip.id);
    const why =
      before === undefined ? (whyRefused(clip.path) ?? whyUnanswered(clip.answers, { kind, labels: labels.length })) : namedTwice(before);
    if (before === undefined) seen.set(clip.id, clip.part);
    if (why !== null) leftOut.push({ id: clip.id, path: clip.path, part: clip.part, why });
    return why === null;
  });
}

const partTitles: Readonly<Record<Part, string>> = { train: 'training', validation: 'validation', test: 'testing' };

const namedTwice = (before: Part): string => `It was named before, for ${partTitles[before]}.`;

function whyUnanswered(answers: readonly number[], { kind, labels }: { kind: TaskKind; labels: number }): string | null {
  const wanted = kind === 'classes' ? 1 : labels;
  if (answers.length !== wanted) return `It has ${countOf(answers.length, 'answer')} in place of ${wanted}.`;
  if (!answers.every(Number.isFinite)) return 'One of its answers is no number.';
  if (kind === 'tags' && !answers.every((answer) => answer === 0 || answer === 1)) return 'One of its answers is neither 0 nor 1.';
  const [place = 0] = answers;
  const isClass = Number.isInteger(place) && place >= 0 && place < labels;
  return kind === 'classes' && !isClass ? 'Its class is none of the labels.' : null;
}

/**
 * A table without some of its clips, because of their files; what is left is said.
 * @param gone rows of clips by their ids
 */
export function withoutClips(reading: DatasetReading, gone: readonly LeftOut[]): DatasetReading {
  if (gone.length === 0) return reading;
  const ids = new Set(gone.map(({ id }) => id));
  const clips = reading.clips.filter(({ id }) => !ids.has(id));
  const [before, after] = [countParts(reading.clips), countParts(clips)];
  const lost = parts.filter((part) => after[part] < before[part]);
  const each = lost.map((part) => `${formatCount(before[part] - after[part])} of ${formatCount(before[part])} for ${partTitles[part]}`);
  const note = `The files of ${countOf(gone.length, 'clip')} are missing or broken, and were left out: ${each.join(', ')}. Figures on the others cannot be compared with published ones.`;
  return { ...reading, clips, leftOut: [...reading.leftOut, ...gone], notes: [note, ...reading.notes] };
}

/** How many clips each part has. */
export function countParts(clips: readonly { part: Part }[]): Record<Part, number> {
  const counts = { train: 0, validation: 0, test: 0 };
  for (const { part } of clips) counts[part]++;
  return counts;
}

function subsetNotes(counts: PartCounts, published: PartCounts | null): string[] {
  if (published === null || parts.every((part) => counts[part] === published[part])) return [];
  const each = parts.map((part) => `${formatCount(counts[part])} of ${formatCount(published[part])} clips for ${partTitles[part]}`);
  const isMore = parts.some((part) => counts[part] > published[part]);
  const what = isMore ? 'Not the published split: other clips' : 'A part of the published split';
  return [`${what}: ${each.join(', ')}. Figures on it cannot be compared with published ones.`];
}

type Grouping = { by: 'artist' | 'piece' | 'none'; of: (clip: NamedClip) => string | null; says: string; notes: string[] };

function groupingOf(clips: readonly NamedClip[], { artistIs = 'artist', pieceIs = 'piece' }: SourceReading): Grouping {
  const ofTest = clips.filter(({ part }) => part === 'test');
  const tested = ofTest.length > 0 ? ofTest : clips;
  const isTold = (of: (clip: NamedClip) => string | null | undefined): boolean =>
    tested.length > 0 && tested.every((clip) => typeof of(clip) === 'string');
  const artists = new Set(tested.map(({ artist }) => artist)).size;
  const hasArtists = isTold(({ artist }) => artist);
  if (isTold(({ piece }) => piece) && (!hasArtists || artists < leastGroups)) {
    const few = `Its clips for testing are of ${countOf(artists, artistIs)} only, too few to resample: what is of one ${pieceIs} is kept together in place of that, so that intervals do not tell of a further ${artistIs}.`;
    return {
      ...{ by: 'piece', of: ({ piece }) => piece ?? null, notes: hasArtists ? [few] : [] },
      says: `Clips of one ${pieceIs} are kept together.`,
    };
  }
  if (hasArtists)
    return { by: 'artist', of: ({ artist }) => artist ?? null, says: `Clips of one ${artistIs} are kept together.`, notes: [] };
  return { by: 'none', of: () => null, says: 'Every clip stands for itself: the files do not tell what belongs together.', notes: [] };
}

function leakNotes(clips: readonly NamedClip[], { of, one }: { of: (clip: NamedClip) => string | null; one: string }): string[] {
  const partsOf = new Map<string, Set<Part>>();
  for (const clip of clips) {
    const group = of(clip);
    if (group === null) continue;
    const known = partsOf.get(group) ?? new Set();
    partsOf.set(group, known.add(clip.part));
  }
  const leaking = [...partsOf.values()].filter(({ size }) => size > 1);
  if (leaking.length === 0) return [];
  const learnt = leaking.filter((found) => found.has('train') && found.has('test')).length;
  const all = `${formatCount(leaking.length)} of ${countOf(partsOf.size, one)} ${leaking.length === 1 ? 'has' : 'have'} clips in several parts`;
  return [`${all}, ${formatCount(learnt)} of them in both training and testing: figures are higher than they would be on a new ${one}.`];
}

/** Labels that no figure can be made of, and clips that nothing applies to. */
function labelNotes(clips: readonly DatasetClip[], { kind, labels }: DatasetReading['task']): string[] {
  if (kind === 'numbers') return [];
  const notes: string[] = [];
  const tested = clips.filter(({ part }) => part === 'test');
  const counts = new Uint32Array(labels.length);
  for (const { answers } of tested)
    if (kind === 'classes') counts[answers[0] as number] = (counts[answers[0] as number] as number) + 1;
    else answers.forEach((answer, at) => (counts[at] = (counts[at] as number) + answer));
  const unseen = labels.filter((_, at) => counts[at] === 0 || (kind === 'tags' && counts[at] === tested.length));
  if (unseen.length > 0 && tested.length > 0 && kind === 'classes')
    notes.push(`No clip for testing is an example of ${countOf(unseen.length, 'label')}: ${shown(unseen)}.`);
  else if (unseen.length > 0 && tested.length > 0)
    notes.push(`No figure can be made of ${countOf(unseen.length, 'label')}, for which all clips for testing are alike: ${shown(unseen)}.`);
  const unlearnt = labels.filter((_, at) => !isLearnt(clips, kind, at));
  if (unlearnt.length > 0)
    notes.push(
      `Nothing can be learnt of ${countOf(unlearnt.length, 'label')}, of which no clip for training is an example: ${shown(unlearnt)}.`,
    );
  const empty = kind === 'tags' ? clips.filter(({ answers }) => answers.every((answer) => answer === 0)).length : 0;
  if (empty > 0) notes.push(`To ${countOf(empty, 'clip')} no label applies; they are kept, as the split has them.`);
  return notes;
}

function isLearnt(clips: readonly DatasetClip[], kind: TaskKind, label: number): boolean {
  return clips.some(({ part, answers }) => part === 'train' && (kind === 'tags' ? answers[label] === 1 : answers[0] === label));
}

const labelsShown = 8;

function shown(labels: readonly string[]): string {
  const more = labels.length - labelsShown;
  return labels.slice(0, labelsShown).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
