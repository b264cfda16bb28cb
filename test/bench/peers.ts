/** @file Rows that set Earmark's vector search beside sqlite-vec and usearch, which get the same vectors and the same questions in the same run. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './bench-result.ts';
import type { PeerAnswer, PeerOrder } from './vector-peer.ts';

/** What was measured of one program. */
export type Measured = { name: string; buildSeconds: number; memoryBytes: number; diskBytes: number; times: number[]; recall: number };

const peers: { program: PeerOrder['program']; name: string }[] = [
  { program: 'sqlite-vec', name: 'sqlite-vec, float32' },
  { program: 'usearch', name: 'usearch, HNSW, float16, one thread a question' },
];

/**
 * Measures the other programs.
 * @param truth rows of the exact answers, one list a query; the recall is the share of them that a program finds
 */
export function measurePeers(
  order: Omit<PeerOrder, 'program' | 'indexPath'>,
  truth: readonly (readonly number[])[],
): (Measured | string)[] {
  return peers.map(({ program, name }) => {
    const directory = mkdtempSync(join(tmpdir(), `earmark-${program}-`));
    try {
      const script = fileURLToPath(new URL('vector-peer.ts', import.meta.url));
      const input = `${JSON.stringify({ ...order, program, indexPath: join(directory, 'index') } satisfies PeerOrder)}\n`;
      const run = spawnSync(process.execPath, [script], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
      if (run.status !== 0) return `${name} not measured: ${(run.stderr ?? String(run.error)).trim().split('\n').at(-1)}`;
      const answer = JSON.parse(run.stdout) as PeerAnswer;
      return { name, ...answer, recall: recallOf(truth, answer.answers) };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}

/** Share of what is wanted that was found, 0 to 1. */
export function recallOf<T>(wanted: readonly (readonly T[])[], found: readonly (readonly T[])[]): number {
  const hits = wanted.map((list, i) => list.filter((one) => found[i]?.includes(one)).length);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  return sum(hits) / sum(wanted.map((list) => list.length));
}

/** The rows of programs side by side, the first one Earmark's. */
export function sideBySide(what: string, programs: readonly (Measured | string)[]): BenchRow[] {
  return programs.flatMap((one): BenchRow[] => {
    if (typeof one === 'string') return [{ what, value: Number.NaN, unit: '', against: one }];
    const { name } = one;
    return [
      { what: `${what}, ${name}: build`, value: one.buildSeconds, unit: 's' },
      { what: `${what}, ${name}: memory`, value: one.memoryBytes / 1e6, unit: 'MB' },
      { what: `${what}, ${name}: disk`, value: one.diskBytes / 1e6, unit: 'MB' },
      { what: `${what}, ${name}: median of a question, in its own process`, value: quantile(one.times, 0.5), unit: 'ms' },
      { what: `${what}, ${name}: recall`, value: one.recall, unit: '' },
    ];
  });
}

/** The value below which a part of the others lie. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
