/** @file 20 000 contract messages that pass validation, and malformed ones beside them, against a real core; and 2 000 mutated connections to `serve`. */
import { fuzzCore } from '../support/fuzz/run.ts';
import type { FuzzResult } from '../support/fuzz/run.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';

/** Other numbers by `EARMARK_FUZZ_SEED` and `EARMARK_FUZZ_COUNT`. */
export async function contractFuzzBench(): Promise<BenchResult> {
  const seed = Number(process.env['EARMARK_FUZZ_SEED'] ?? 1);
  const count = Number(process.env['EARMARK_FUZZ_COUNT'] ?? 20_000);
  let told = 0;
  const tell = (all: readonly string[]): void => {
    for (; told < all.length; told++) process.stderr.write(`${all[told]}\n`);
  };
  const onProgress = (so: FuzzResult): void => {
    process.stderr.write(`${so.sent} messages, ${so.valid} that pass validation, ${so.wrong.length} wrong answers\n`);
    tell(so.wrong);
  };
  const { valid, malformed, results, errors, wrong, procedures } = await fuzzCore({ seed, count, onProgress });
  tell(wrong);
  const slowest = [...procedures].toSorted(([, a], [, b]) => b.slowestMs - a.slowestMs).slice(0, 5);
  const barren = [...procedures].filter(([, one]) => one.results === 0).map(([name]) => name);
  const rows: BenchRow[] = [
    { what: 'messages that pass validation', value: valid, unit: 'messages' },
    { what: 'malformed messages', value: malformed, unit: 'messages' },
    { what: 'procedures', value: procedures.size, unit: 'procedures' },
    { what: 'procedures without any result', value: barren.length, unit: 'procedures', against: barren.join(', ') },
    { what: 'results', value: results, unit: 'answers' },
    ...[...errors].toSorted().map(([code, times]) => ({ what: code, value: times, unit: 'answers' })),
    { what: 'answers that no call may have', value: wrong.length, unit: 'answers' },
    ...slowest.map(([name, { slowestMs }]) => ({ what: `slowest, ${name}`, value: slowestMs / 1000, unit: 's' })),
  ];
  return { name: 'contract-fuzz', rows };
}
