/**
 * @file How long it takes to match the fingerprints of 100 000 recordings, two in a hundred of which are copies of others. The fingerprints are drawn:
 * bits turn over from word to word as often as they do in music (26 % were measured, 25 % are drawn), and an eighth of a copy's bits differ, as they
 * do when a copy lies half a hop beside the original and was coded anew. Times are CPU times of one core.
 */
import { fileURLToPath } from 'node:url';
import { comparePrints } from '../../src-main/audio/about.ts';
import type { Fingerprint } from '../../src-main/audio/about.ts';
import { CandidateIndex } from '../../src-main/service/duplicates/candidates.ts';
import type { BenchResult } from './bench-result.ts';

const recordings = 100_000;
const words = 1930;
const tailWords = 638;
/** Of a hundred recordings the last two are copies of the first two. */
const block = 100;
const copies = 2;

/** Runs the bench; takes a few minutes, mostly for drawing. */
export async function duplicatesBench(): Promise<BenchResult> {
  const before = process.memoryUsage().rss;
  let peak = 0;
  const index = new CandidateIndex();
  const adding = timer();
  for (let i = 0; i < recordings; i++) {
    const { head } = drawn(i);
    adding.during(() => index.add(i, head.words));
  }
  const building = timer();
  building.begin();
  await index.build(async () => void (peak = Math.max(peak, process.memoryUsage().rss - before)));
  building.end();
  const [looking, comparing] = [timer(), timer()];
  let [compared, found, wrong, longest] = [0, 0, 0, 0];
  for (let i = 0; i < recordings; i++) {
    const print = drawn(i);
    const candidates = looking.during(() => index.before(i, print.head.words));
    longest = Math.max(longest, candidates.length);
    for (const { other, shift } of candidates) {
      const first = drawn(other);
      compared++;
      if (comparing.during(() => comparePrints(first, print, shift)) === null) continue;
      if (other === originalOf(i)) found++;
      else wrong++;
    }
  }
  peak = Math.max(peak, process.memoryUsage().rss - before);
  const wanted = (recordings / block) * copies;
  return {
    name: 'duplicates',
    rows: [
      { what: 'words into the index', value: adding.seconds(), unit: 's' },
      { what: 'index, sorted', value: building.seconds(), unit: 's' },
      { what: `looking up ${recordings} recordings`, value: looking.seconds(), unit: 's' },
      { what: `comparing ${compared} pairs`, value: comparing.seconds(), unit: 's' },
      { what: 'memory, peak', value: peak / 1e6, unit: 'MB' },
      { what: `copies found, of ${wanted}`, value: found, unit: 'pairs' },
      { what: 'other pairs found', value: wrong, unit: 'pairs' },
      { what: 'candidates of one recording, most', value: longest, unit: 'recordings' },
    ],
  };
}

/** The recording that this one is a copy of; -1 for an original. */
function originalOf(recording: number): number {
  const place = recording % block;
  return place < block - copies ? -1 : recording - (block - copies);
}

/** A recording's fingerprint, the same each time. */
function drawn(recording: number): Fingerprint {
  const original = originalOf(recording);
  const print = original < 0 ? printOf(recording) : printOf(original);
  if (original >= 0) {
    const next = randomWords(recording + 1e6);
    for (const run of [print.head.words, print.tail.words])
      for (let i = 0; i < run.length; i++) run[i] = ((run[i] as number) ^ (next() & next() & next())) >>> 0;
  }
  return print;
}

function printOf(recording: number): Fingerprint {
  const next = randomWords(recording);
  const run = (count: number): Uint32Array => {
    let word = next();
    return Uint32Array.from({ length: count }, () => (word = (word ^ (next() & next())) >>> 0));
  };
  const spectrum = new Float32Array(33);
  const [head, tail] = [run(words), run(tailWords)];
  return {
    head: { startMs: 0, words: head },
    tail: { startMs: 150_000, words: tail },
    middle: new Uint32Array(0),
    spectrum,
    loudnessSpread: 5,
  };
}

/** 32-bit numbers from a seed (xorshift32, Marsaglia 2003). */
function randomWords(seed: number): () => number {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}

/** Adds up CPU time. */
function timer(): { begin(): void; end(): void; during<T>(work: () => T): T; seconds(): number } {
  let [total, started] = [0, process.cpuUsage()];
  const begin = (): void => void (started = process.cpuUsage());
  const end = (): void => {
    const { user, system } = process.cpuUsage(started);
    total += user + system;
  };
  const during = <T>(work: () => T): T => {
    begin();
    const result = work();
    end();
    return result;
  };
  return { begin, end, during, seconds: () => total / 1e6 };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await duplicatesBench(), null, 1));
