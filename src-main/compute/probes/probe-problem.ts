/** @file What a probe learns from and is judged by: segments of clips, how clips are parted, and their answers. */
import { AppError, defined } from '../../base/index.ts';
import { heads } from '../../learn/index.ts';
import type { probes } from '../../learn/index.ts';

/** What clips serve for, as numbers. */
export const probeParts = { train: 0, validation: 1, test: 2 } as const;

/**
 * `rows` `[segments, dimensions]`, the segments of the first clip first; `layers`: of so many a row holds the numbers one behind the other, absent: of one;
 * `counts`: segments of each clip. `answers`: of classes one number a clip, else
 * `[clips, outputs]`. `parts`: what each clip serves for. `wholes`: of each clip the number of what it is judged by (a song), from 0; `groups`: what is resampled
 * together.
 */
export type ProbeProblem = {
  kind: probes.ProbeKind;
  outputs: number;
  dimensions: number;
  layers?: number;
  rows: Float32Array;
  counts: Int32Array;
  answers: Float32Array;
  parts: Uint8Array;
  wholes: Int32Array;
  groups: Int32Array;
};

/** What is asked, and the answers. */
export type ProbeAnswers = Pick<ProbeProblem, 'kind' | 'outputs' | 'answers'>;

/** Answers of a clip. */
function answerWidth({ kind, outputs }: ProbeAnswers): number {
  return kind === 'classes' ? 1 : outputs;
}

/** Where the segments of each clip begin. */
export function firstRows(counts: Int32Array): Int32Array {
  const first = new Int32Array(counts.length);
  for (let clip = 1; clip < counts.length; clip++) first[clip] = (first[clip - 1] as number) + (counts[clip - 1] as number);
  return first;
}

/** Writes a clip's answers as a probe's outputs are: of classes 1 at the clip's own. */
export function writeAnswers(problem: ProbeAnswers, clip: number, into: Float32Array): void {
  const width = answerWidth(problem);
  if (problem.kind !== 'classes') into.set(problem.answers.subarray(clip * width, (clip + 1) * width));
  else into.fill(0)[problem.answers[clip] as number] = 1;
}

/** Clips that serve for something. */
export function clipsOf({ parts }: Pick<ProbeProblem, 'parts'>, part: number): number[] {
  const clips: number[] = [];
  for (let clip = 0; clip < parts.length; clip++) if (parts[clip] === part) clips.push(clip);
  return clips;
}

/** The problem with the mean of each clip's segments as its one row. */
export function meanRows(problem: ProbeProblem): ProbeProblem {
  const { rows, counts, dimensions } = problem;
  const means = new Float32Array(counts.length * dimensions);
  let at = 0;
  for (const [clip, count] of counts.entries())
    for (const end = at + count; at < end; at++)
      for (let column = 0; column < dimensions; column++) {
        const place = clip * dimensions + column;
        means[place] = (means[place] as number) + (rows[at * dimensions + column] as number) / count;
      }
  return { ...problem, rows: means, counts: new Int32Array(counts.length).fill(1) };
}

/** The problem with rows at mean 0 and deviation 1 of those that are learnt from. */
export function standardisedRows(problem: ProbeProblem): ProbeProblem {
  const { rows, counts, dimensions } = problem;
  const first = firstRows(counts);
  const taught = clipsOf(problem, probeParts.train);
  const total = taught.reduce((sum, clip) => sum + (counts[clip] as number), 0);
  const own = new Float32Array(total * dimensions);
  let at = 0;
  for (const clip of taught) {
    const from = (first[clip] as number) * dimensions;
    const part = rows.subarray(from, from + (counts[clip] as number) * dimensions);
    own.set(part, at);
    at += part.length;
  }
  return { ...problem, rows: heads.standardised(rows, heads.standardOf(own, dimensions)) };
}

/** Numbers at mean 0 and deviation 1 of those that are learnt from, so that one rate serves every scale. R² stays what it is. */
export function standardisedAnswers(problem: ProbeProblem): ProbeProblem {
  if (problem.kind !== 'numbers') return problem;
  const { outputs, answers } = problem;
  const taught = clipsOf(problem, probeParts.train);
  const own = Float32Array.from(taught.flatMap((clip) => [...answers.subarray(clip * outputs, (clip + 1) * outputs)]));
  return { ...problem, answers: heads.standardised(answers, heads.standardOf(own, outputs)) };
}

/** @throws AppError BAD_INPUT for what cannot be probed, NOT_FINITE */
export function checkProblem(problem: ProbeProblem): void {
  const { kind, outputs, dimensions, rows, counts, answers, parts, wholes, groups } = problem;
  const clips = counts.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const fits =
    rows.length === total * dimensions &&
    answers.length === clips * answerWidth(problem) &&
    parts.length === clips &&
    wholes.length === clips;
  if (!fits || groups.length !== clips) throw new AppError('INTERNAL', 'The arrays of a probe do not fit each other.');
  const names = ['learnt from', 'validated by', 'judged by'];
  for (const part of Object.values(probeParts))
    if (clipsOf(problem, part).length === 0)
      throw new AppError(
        'BAD_INPUT',
        `No clip of this split is left to be ${defined(names[part], 'a name')}. Check the data set with \`earmark datasets check\`.`,
      );
  if (counts.some((count) => count <= 0)) throw new AppError('INTERNAL', 'A clip without segments came to a probe.');
  if (kind === 'classes' && answers.some((one) => !Number.isInteger(one) || one < 0 || one >= outputs))
    throw new AppError('BAD_INPUT', 'A clip’s class is not among the labels of the data set.');
  if (answers.some((one) => !Number.isFinite(one)))
    throw new AppError('NOT_FINITE', 'A label of the data set is not a number. Check its tables.');
  if (!areFinite(rows))
    throw new AppError('NOT_FINITE', 'The encoder gave something that is not a number for a clip of the data set. Make its index again.');
}

/** A plain loop: there are hundreds of millions of them. */
function areFinite(numbers: Float32Array): boolean {
  for (let at = 0; at < numbers.length; at++) if (!Number.isFinite(numbers[at])) return false;
  return true;
}
