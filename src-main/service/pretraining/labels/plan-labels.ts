/** @file From what is known of tracks to what a run does with each: which it learns from, which are held out, and whether that is enough. */
import { AppError, countOf } from '../../../base/index.ts';
import type { pretraining } from '../../../contract/index.ts';
import { heads } from '../../../learn/index.ts';
import type { LabelObjectiveSettings } from '../../../learn/index.ts';
import type { TrainLabels, TrainTrack } from '../../processes/train-messages.ts';
import type { KnownLabels, MissingRow } from './known-labels.ts';

/** What a plan is made from. `groupOf`: tracks of one artist (or album) share a number. `tracks`: those that are chosen. */
export type PlanOptions = {
  known: KnownLabels;
  objective: LabelObjectiveSettings;
  seed: number;
  groupOf: (trackId: number) => number;
  tracks: readonly TrainTrack[];
};

/** What a run learns and is measured on, and what there is to say of it; `missing`: all rows of its table that name no chosen track. */
export type LabelPlan = { labels: TrainLabels; taught: TrainTrack[]; missing: MissingRow[]; overview: pretraining.LabelOverview };

const fewest = 2;
const namesShown = 3;
const rowsShown = 100;

/** Parts the labelled tracks; the same labels, tracks and seed give the same plan. What stands against it is told in the overview. */
export function planLabels(options: PlanOptions): LabelPlan {
  const { known, objective, seed } = options;
  const { names, isExclusive, leftOut, missing } = known;
  const labelled = options.tracks.filter(({ trackId }) => known.answers.has(trackId)).toSorted(bySound);
  const examples = examplesOf(labelled, options);
  const sides = heads.groupedSplit(examples, { share: objective.heldOutPercent / 100, seed });
  const [first, held] = [0, 1].map((side) => labelled.filter((_, row) => sides[row] === side)) as [TrainTrack[], TrainTrack[]];
  const answersOf = ({ trackId }: TrainTrack): number[] => Array.from(known.answers.get(trackId) ?? []);
  const taught = drawn(
    first,
    first.map((track) => answersOf(track).join()),
    { percent: objective.labelPercent, seed },
  );
  // Held-out tracks that are not measured are not learnt from either.
  const measured = measuredOf(held, { answersOf, labels: names.length, objective, seed });
  const group = groupNumbers(labelled, options);
  const told = (tracks: readonly TrainTrack[], role: 'taught' | 'heldOut'): TrainLabels['tracks'] =>
    tracks.map((track) => ({ trackId: track.trackId, answers: answersOf(track), group: group(track), role }));
  const tracks = [...told(taught, 'taught'), ...told(measured, 'heldOut')];
  const overview = {
    ...{ names, isExclusive, leftOut, labelled: labelled.length, taught: taught.length, heldOut: held.length },
    ...{ notFound: missing.length, notFoundRows: missing.slice(0, rowsShown) },
    each: names.map((name, label) => countsOf(tracks, { name, label })),
    problem: problemOf({ known, examples, sides, objective }),
  };
  return { labels: { names, isExclusive, tracks }, taught, missing, overview };
}

/** @throws AppError BAD_INPUT for a plan that nothing could be learnt or measured by */
export function checkPlan({ overview: { problem } }: LabelPlan): void {
  if (problem !== null) throw new AppError('BAD_INPUT', problem);
}

function bySound(a: TrainTrack, b: TrainTrack): number {
  return a.audioHash === b.audioHash ? a.trackId - b.trackId : a.audioHash < b.audioHash ? -1 : 1;
}

function drawn(tracks: readonly TrainTrack[], sets: readonly string[], share: { percent: number; seed: number }): TrainTrack[] {
  return heads.stratifiedShare(sets, share).map((place) => tracks[place] as TrainTrack);
}

type Measuring = { answersOf: (track: TrainTrack) => number[]; labels: number; objective: LabelObjectiveSettings; seed: number };

/** So many held-out tracks as are measured at most, and beyond that one for each answer of a label that none of them has. */
export function measuredOf(held: readonly TrainTrack[], { answersOf, labels, objective, seed }: Measuring): TrainTrack[] {
  const share = { percent: Math.min(100, (100 * objective.measuredTracks) / Math.max(1, held.length)), seed };
  const places = new Set(heads.stratifiedShare(new Array<string>(held.length).fill(''), share));
  const all = held.map(answersOf);
  for (const isIt of [(answer: number) => answer === 1, (answer: number) => answer < 1 && answer > -1])
    for (let label = 0; label < labels; label++) {
      const having = all.flatMap((answers, place) => (isIt(answers[label] ?? -1) ? [place] : []));
      const [first] = having;
      if (first !== undefined && !having.some((place) => places.has(place))) places.add(first);
    }
  return held.filter((_, place) => places.has(place));
}

function examplesOf(labelled: readonly TrainTrack[], options: PlanOptions): heads.FoldExamples {
  const { known } = options;
  const answers = labelled.flatMap(({ trackId }) => Array.from(known.answers.get(trackId) ?? []));
  return {
    labels: known.names.length,
    answers: Uint8Array.from(answers, (answer) => (answer === 1 ? 1 : 0)),
    weights: Float32Array.from(answers, (answer) => Math.min(1, 1 + answer)),
    groups: Int32Array.from(labelled, groupNumbers(labelled, options)),
  };
}

/** Groups by artist or album, of which those that hold the same recording are one. */
function groupNumbers(labelled: readonly TrainTrack[], { groupOf }: PlanOptions): (track: TrainTrack) => number {
  const same = new Map<number, number>();
  const root = (group: number): number => {
    const above = same.get(group);
    return above === undefined ? group : root(above);
  };
  const heard = new Map<string, number>();
  for (const { trackId, audioHash } of labelled) {
    const own = root(groupOf(trackId));
    const other = heard.get(audioHash);
    heard.set(audioHash, own);
    if (other !== undefined && root(other) !== own) same.set(root(other), own);
  }
  return ({ trackId }) => root(groupOf(trackId));
}

function countsOf(
  tracks: TrainLabels['tracks'],
  { name, label }: { name: string; label: number },
): pretraining.LabelOverview['each'][number] {
  const count = (role: string, of: (answer: number) => boolean): number =>
    tracks.filter((track) => track.role === role && of(track.answers[label] ?? -1)).length;
  const isYes = (answer: number): boolean => answer === 1;
  const isNo = (answer: number): boolean => answer < 1 && answer > -1;
  return {
    name,
    yes: count('taught', isYes),
    no: count('taught', isNo),
    heldOutYes: count('heldOut', isYes),
    heldOutNo: count('heldOut', isNo),
  };
}

type Judged = { known: KnownLabels; examples: heads.FoldExamples; sides: Uint8Array; objective: LabelObjectiveSettings };

/** Why nothing could be learnt or measured, as a sentence; null when all is well. */
function problemOf({ known: { names, isExclusive }, examples, sides, objective: { groupBy } }: Judged): string | null {
  const count = sides.length;
  if (count < fewest)
    return `${count === 0 ? 'None of the chosen tracks is' : 'Only one of the chosen tracks is'} labelled. Tag some tracks, or name a table that has labels for them.`;
  if (isExclusive && names.length < 2)
    return `There is one class only (${names.join()}), so there is nothing to tell apart. Choose labels of two or more.`;
  const lacking = heads.lacking(examples, sides);
  const [first] = lacking;
  if (first === undefined) return null;
  const concerned = [...new Set(lacking.map(({ label }) => names[label] ?? ''))];
  const others = concerned.length > 1 ? ` So it is with ${someOf(concerned.slice(1))}.` : '';
  return `${whyLacking(names[first.label] ?? '', first, { examples, groupBy })}${others}`;
}

function whyLacking(
  name: string,
  { label, answer, isHeldOut }: ReturnType<typeof heads.lacking>[number],
  { examples, groupBy }: { examples: heads.FoldExamples; groupBy: 'artist' | 'album' },
): string {
  const what = answer === 1 ? 'fits' : 'does not fit';
  const rows = [...examples.groups.keys()].filter((row) => {
    const place = row * examples.labels + label;
    return (examples.weights[place] ?? 0) > 0 && (examples.answers[place] === 1) === (answer === 1);
  });
  if (rows.length === 0) return `“${name}” has no track that it ${what}, so it cannot be learnt. Label some, or leave it out.`;
  const groups = new Set(rows.map((row) => examples.groups[row])).size;
  const of =
    groups === 1
      ? `all ${countOf(rows.length, 'track')} that it ${what} ${rows.length === 1 ? 'is' : 'are'} of one ${groupBy}`
      : `the ${countOf(rows.length, 'track')} that it ${what} cannot be parted`;
  const side = isHeldOut ? 'held out' : 'learnt from';
  return `“${name}” would have no track that it ${what} among those ${side}: ${of}. Label tracks of another ${groupBy}, or leave it out.`;
}

function someOf(names: readonly string[]): string {
  return `${names
    .slice(0, namesShown)
    .map((name) => `“${name}”`)
    .join(', ')}${names.length > namesShown ? ` and ${names.length - namesShown} more` : ''}`;
}
