/**
 * @file How long a person waits when they sort a million segments by a neuron: the store's part, and DuckDB with the same data and questions in
 * the same run. Files lie in the system's page cache, as they do after the first minutes of use. `node test/bench/sort-store.ts`
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../src-main/base/index.ts';
import type { Random } from '../../src-main/base/index.ts';
import type { Store } from '../../src-main/store/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { makeSyntheticIndex } from './synthetic-index.ts';
import type { SyntheticIndex } from './synthetic-index.ts';

/** Size of the bench and where its data lie; made and removed when no directory is given. */
export type SortBenchOptions = { segments?: number; features?: number; rounds?: number; directory?: string };

/** A question as both sides get it. */
type Question = {
  feature: number;
  descending: boolean;
  second?: number;
  offset: number;
  limit: number;
  columns: number[];
  search?: string;
};
type Questions = Record<'first' | 'later' | 'two keys', Question[]>;

const shownColumns = 20;

/** Sorts by random features. */
export function sortBench(options: SortBenchOptions = {}): BenchResult {
  const { segments = 1_000_000, features = 512, rounds = 60 } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'earmark-sort-'));
  try {
    const made = performance.now();
    const synthetic = makeSyntheticIndex(directory, segments, features);
    const writeSeconds = (performance.now() - made) / 1000;
    const questions = ask(seededRandom(3), synthetic, rounds);
    const ours = measureStore(directory, synthetic, questions);
    const theirs = measureDuckdb(directory, synthetic, questions);
    return { name: 'sort-store', rows: [...compare(ours.times, theirs), ...ours.rows, written(segments, writeSeconds)] };
  } finally {
    if (options.directory === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

function ask(random: Random, { segments, features }: SyntheticIndex, rounds: number): Questions {
  const columns = (): number[] => Array.from({ length: Math.min(shownColumns, features) }, () => random.below(features));
  const many = (make: () => Question): Question[] => Array.from({ length: rounds }, make);
  const base = (offset: number): Question => ({
    ...{ feature: random.below(features), descending: random.uniform() < 0.8, offset, limit: 100, columns: columns() },
  });
  return {
    first: many(() => base(0)),
    later: many(() => base(random.below(Math.max(1, segments - 100)))),
    'two keys': many(() => ({ ...base(random.below(Math.max(1, segments - 100))), second: random.below(features) })),
  };
}

function measureStore(
  directory: string,
  { encoderId, segments }: SyntheticIndex,
  questions: Questions,
): { times: Record<string, number[]>; rows: BenchRow[] } {
  const store = openStore(directory);
  try {
    const run = (question: Question): number => timed(() => answer(store, encoderId, question));
    const first = questions.first[0] as Question;
    const opening = run(first);
    const times = Object.fromEntries(Object.entries(questions).map(([name, list]) => [name, list.map(run)]));
    const search = questions.first.map((question) => run({ ...question, search: 'silver rain' }));
    const rows: BenchRow[] = [
      { what: 'the first question after start', value: opening, unit: 'ms' },
      { what: 'median, first page of a search, new feature', value: quantile(search, 0.5), unit: 'ms' },
      { what: `memory of the process with ${segments} segments`, value: process.memoryUsage().rss / 1e6, unit: 'MB' },
    ];
    return { times, rows };
  } finally {
    store.close();
  }
}

function answer(store: Store, encoderId: SyntheticIndex['encoderId'], question: Question): void {
  const { feature, descending, second, offset, limit, columns, search = '' } = question;
  const sort = [{ feature, descending }, ...(second === undefined ? [] : [{ feature: second, descending: true }])];
  const page = store.index.query(encoderId, { features: columns, sort, search, offset, limit });
  if (page.values.length !== page.rows.length * columns.length) throw new Error('the page has as many values as it should');
}

/** Times of the same questions in DuckDB, in ms, or why there are none. */
function measureDuckdb(directory: string, synthetic: SyntheticIndex, questions: Questions): Record<string, number[]> | string {
  const python = process.env['EARMARK_PYTHON'];
  if (python === undefined) return 'DuckDB: not measured, EARMARK_PYTHON names no Python with duckdb and numpy';
  const script = fileURLToPath(new URL('sort.py', import.meta.url));
  const index = join(directory, 'index', String(synthetic.indexId));
  const input = JSON.stringify({ index, segments: synthetic.segments, features: synthetic.features, questions });
  const run = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.status !== 0) return `DuckDB: not installed (${(run.stderr ?? String(run.error)).trim().split('\n').at(-1)})`;
  return JSON.parse(run.stdout) as Record<string, number[]>;
}

function compare(ours: Record<string, number[]>, theirs: Record<string, number[]> | string): BenchRow[] {
  const statistics = [
    { name: 'median', part: 0.5 },
    { name: 'p95', part: 0.95 },
  ];
  return Object.entries(ours).flatMap(([what, times]) =>
    statistics.map(({ name, part }) => {
      const row = { what: `${name}, ${pageNames[what] ?? what}`, value: quantile(times, part), unit: 'ms' };
      if (typeof theirs === 'string') return { ...row, against: theirs };
      const other = quantile(theirs[what] ?? [], part);
      return { ...row, against: `DuckDB ${other.toFixed(1)} ms`, ratio: row.value / other };
    }),
  );
}

const pageNames: Record<string, string> = {
  first: 'first 100 rows by a new feature',
  later: '100 rows anywhere by a new feature',
  'two keys': '100 rows anywhere by two new features',
};

function written(segments: number, seconds: number): BenchRow {
  return { what: 'segments made, written and committed', value: segments / seconds, unit: 'segments/s' };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function quantile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [segments, features] = process.argv.slice(2).map(Number);
  const { rows } = sortBench({ ...(segments === undefined ? {} : { segments }), ...(features === undefined ? {} : { features }) });
  for (const row of rows)
    console.log(`${row.what}: ${row.value.toFixed(2)} ${row.unit}${row.against === undefined ? '' : `  (${row.against})`}`);
}
