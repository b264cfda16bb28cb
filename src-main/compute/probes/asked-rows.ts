/** @file Rows that a probe is asked about: the segments of clips, or, where that says the same, their means. */
import type { probes } from '../../learn/index.ts';
import { firstRows } from './probe-problem.ts';
import type { ProbeProblem } from './probe-problem.ts';

/** Places of rows in `data` `[…, dimensions]`, and the clip of each. */
export type AskedRows = { clips: Int32Array; rows: Int32Array; data: Float32Array };

/** The segments that clips are judged by. */
export function segmentsOf(
  problem: ProbeProblem,
  clips: readonly number[],
  reading: Pick<probes.ProbeReading, 'isLastDropped'>,
): AskedRows {
  const first = firstRows(problem.counts);
  const used = (clip: number): number => {
    const count = problem.counts[clip] as number;
    return reading.isLastDropped && count > 1 ? count - 1 : count;
  };
  const total = clips.reduce((sum, clip) => sum + used(clip), 0);
  const asked: AskedRows = { clips: new Int32Array(total), rows: new Int32Array(total), data: problem.rows };
  let place = 0;
  for (const clip of clips)
    for (let segment = 0; segment < used(clip); segment++, place++) {
      asked.clips[place] = clip;
      asked.rows[place] = (first[clip] as number) + segment;
    }
  return asked;
}

/** One row for each whole, the mean of its segments: what a linear probe says of it is the mean of what it says of them. */
export function meansOf({ dimensions, wholes }: ProbeProblem, { clips, rows, data }: AskedRows): AskedRows {
  const places = new Map<number, number>();
  const firsts: number[] = [];
  for (const clip of clips) {
    const whole = wholes[clip] as number;
    if (places.has(whole)) continue;
    places.set(whole, firsts.length);
    firsts.push(clip);
  }
  const counts = new Int32Array(firsts.length);
  const sums = new Float64Array(firsts.length * dimensions);
  for (const [segment, clip] of clips.entries()) {
    const place = places.get(wholes[clip] as number) as number;
    counts[place] = (counts[place] as number) + 1;
    const [into, from] = [place * dimensions, (rows[segment] as number) * dimensions];
    for (let at = 0; at < dimensions; at++) sums[into + at] = (sums[into + at] as number) + (data[from + at] as number);
  }
  const means = new Float32Array(sums.length);
  for (let at = 0; at < sums.length; at++) means[at] = (sums[at] as number) / (counts[Math.floor(at / dimensions)] as number);
  return { clips: Int32Array.from(firsts), rows: Int32Array.from(firsts.keys()), data: means };
}

/** Puts rows one behind the other. */
export function copyRows(data: Float32Array, rows: Int32Array, { dimensions, into }: { dimensions: number; into: Float32Array }): void {
  for (let place = 0; place < rows.length; place++) {
    const from = (rows[place] as number) * dimensions;
    into.set(data.subarray(from, from + dimensions), place * dimensions);
  }
}
