/**
 * @file Where the threads of one question meet: each leaves what it found, the last one to come picks the best of all, and then all go on with those.
 * That spares the question a second way through the core's main thread, and its answer is the same however the work was shared.
 */
import { AppError } from '../../base/index.ts';
import { sharedFloats, sharedNumbers } from './runs.ts';
import { TopScores } from './top-scores.ts';

/**
 * What threads share at a meeting. `counts`: how many places each one left, with `places` and `scores`; `rows`: what was picked, and `cosines` and
 * `vectors` of each; `worst`: a score that nothing exceeds that was not picked.
 */
export type Meeting = {
  marks: Int32Array;
  counts: Uint32Array;
  places: Uint32Array;
  scores: Float32Array;
  rows: Uint32Array;
  cosines: Float32Array;
  vectors: Float32Array;
  worst: Float32Array;
};

/** What a thread brings: places with scores, and the row that a place stands for. */
export type Brought = { places: Uint32Array; scores: Float32Array; rowOf: (place: number) => number };

/** Rows that a thread claims at a time. */
export const rowsAtOnce = 16;

/** Longer than any thread is held up by other work. */
const patienceMs = 60_000;

/** In `marks`: threads that came, threads that left theirs, rows that were picked and one more (0 until then), rows that were claimed. */
const [came, left, picked, claimed] = [0, 1, 2, 3] as const;
const failed = -1;

/** Makes a meeting of so many threads, each of which leaves up to `most` places; `dimensions`: 0 where nobody wants the vectors. */
export function makeMeeting(threads: number, most: number, dimensions = 0): Meeting {
  return {
    marks: new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT)),
    counts: sharedNumbers(threads),
    places: sharedNumbers(threads * most),
    scores: sharedFloats(threads * most),
    rows: sharedNumbers(most),
    cosines: sharedFloats(most),
    vectors: sharedFloats(most * dimensions),
    worst: sharedFloats(1),
  };
}

/**
 * Leaves what `find` gives, waits for the others, and returns the rows of the best of all, as many as each may leave, ascending; none when another
 * thread failed.
 * @throws what `find` throws
 */
export function meet(meeting: Meeting, find: () => Brought): Uint32Array {
  const { marks, counts, places, scores, rows } = meeting;
  let brought: Brought;
  try {
    brought = find();
  } catch (error) {
    announce(marks, failed);
    throw error;
  }
  const seat = Atomics.add(marks, came, 1);
  places.set(brought.places, seat * rows.length);
  scores.set(brought.scores, seat * rows.length);
  counts[seat] = brought.places.length;
  if (Atomics.add(marks, left, 1) + 1 === counts.length) {
    const { best, worst } = bestOf(meeting);
    meeting.worst[0] = worst;
    for (const [i, place] of best.entries()) rows[i] = brought.rowOf(place);
    rows.subarray(0, best.length).sort();
    announce(marks, best.length + 1);
  }
  if (Atomics.wait(marks, picked, 0, patienceMs) === 'timed-out')
    throw new AppError('INTERNAL', 'A thread that searches for similar music waited in vain for another. Search again.');
  return rows.subarray(0, pickedRows(meeting));
}

/** What was picked, ascending, and its cosines; after all threads have ended. `worst` as in {@link Meeting}. */
export function outcomeOf(meeting: Meeting): { places: Uint32Array<ArrayBuffer>; scores: Float32Array<ArrayBuffer>; worst: number } {
  const count = pickedRows(meeting);
  const [worst] = meeting.worst as unknown as [number];
  return {
    places: Uint32Array.from(meeting.rows.subarray(0, count)),
    scores: Float32Array.from(meeting.cosines.subarray(0, count)),
    worst,
  };
}

function pickedRows({ marks }: Meeting): number {
  return Math.max(0, Atomics.load(marks, picked) - 1);
}

/** Where the rows begin that this thread is to take next. */
export function nextRows({ marks }: Meeting): number {
  return Atomics.add(marks, claimed, rowsAtOnce);
}

/** Once a thread failed, it stays so. */
function announce(marks: Int32Array, count: number): void {
  Atomics.compareExchange(marks, picked, 0, count);
  Atomics.notify(marks, picked);
}

function bestOf({ counts, places, scores, rows }: Meeting): { best: Uint32Array; worst: number } {
  const top = new TopScores(rows.length);
  for (const [seat, count] of counts.entries())
    for (let i = seat * rows.length; i < seat * rows.length + count; i++) top.add(scores[i] as number, places[i] as number);
  return { best: top.unsorted().places, worst: top.threshold };
}
