/**
 * @file How long a person waits when they sort a million segments by a neuron: pages through the contract from a core in a process of its own, over a
 * WebSocket as the page asks for them, and DuckDB with the same data and questions in the same run. Every question is
 * asked twice: the second time the system has the files in its page cache, as it has what is in use; the first time is stated apart.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../src-main/base/index.ts';
import type { Random } from '../../src-main/base/index.ts';
import { serveReal } from '../support/serve-real.ts';
import type { ServeProcess } from '../support/serve-real.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { millionSegments } from './million.ts';
import type { SyntheticIndex } from './synthetic-index.ts';

/** A question as both sides get it. */
type Question = { feature: number; descending: boolean; second?: number; offset: number; limit: number; columns: number[] };
type Kind = 'first' | 'later' | 'two keys';
type Times = Record<Kind, number[]>;

const kinds = ['first', 'later', 'two keys'] as const;

const rounds = 60;
/** Columns that a window shows at a time. */
const shownColumns = 16;
const limit = 100;

const says: Record<Kind, string> = {
  first: 'first 100 rows by a new feature',
  later: '100 rows anywhere by a new feature',
  'two keys': '100 rows anywhere by two new features',
};

/** Asks the core, then DuckDB (which holds its data in memory). */
export async function sortBench(): Promise<BenchResult> {
  const { directory, synthetic } = millionSegments();
  const questions = ask(seededRandom(3), synthetic);
  const server = await serveReal(directory);
  try {
    // The first question after the start reads the tracks' order; a person meets it once.
    const opening = await timed(() => answer(server, synthetic, questions.first[0] as Question));
    const [untouched, times] = [{} as Times, {} as Times];
    for (const kind of kinds) untouched[kind] = await measure(server, synthetic, questions[kind]);
    // The core keeps eight columns; the others are read from their files again.
    for (const kind of kinds) times[kind] = await measure(server, synthetic, questions[kind]);
    const again = await measure(server, synthetic, samePages(questions.later[0] as Question));
    const memory = server.memory() / 1e6;
    const theirs = measureDuckdb(directory, synthetic, questions);
    const rows: BenchRow[] = [
      ...compare(times, theirs),
      { what: 'median, first 100 rows by a new feature, files not read lately', value: quantile(untouched.first, 0.5), unit: 'ms' },
      { what: 'p95, first 100 rows by a new feature, files not read lately', value: quantile(untouched.first, 0.95), unit: 'ms' },
      { what: 'median, another page of the same order', value: quantile(again, 0.5), unit: 'ms' },
      { what: 'p95, another page of the same order', value: quantile(again, 0.95), unit: 'ms' },
      { what: 'the first question after the start', value: opening, unit: 'ms' },
      { what: `memory of the core with ${synthetic.segments} segments`, value: memory, unit: 'MB' },
    ];
    return { name: 'sort', rows };
  } finally {
    await server.close();
  }
}

function ask(random: Random, { segments, features }: SyntheticIndex): Record<Kind, Question[]> {
  const columns = (): number[] => Array.from({ length: shownColumns }, () => random.below(features));
  const question = (offset: number): Question => ({
    feature: random.below(features),
    descending: random.uniform() < 0.8,
    offset,
    limit,
    columns: columns(),
  });
  const many = (make: () => Question): Question[] => Array.from({ length: rounds }, make);
  const anywhere = (): number => random.below(segments - limit);
  return {
    first: many(() => question(0)),
    later: many(() => question(anywhere())),
    'two keys': many(() => ({ ...question(anywhere()), second: random.below(features) })),
  };
}

function samePages(question: Question): Question[] {
  return Array.from({ length: rounds }, (_, i) => ({ ...question, offset: i * 5_000 }));
}

async function measure(server: ServeProcess, synthetic: SyntheticIndex, questions: Question[]): Promise<number[]> {
  const times: number[] = [];
  for (const question of questions) times.push(await timed(() => answer(server, synthetic, question)));
  return times;
}

async function answer({ client }: ServeProcess, { encoderId }: SyntheticIndex, question: Question): Promise<void> {
  const { feature, descending, second, offset, columns } = question;
  const sort = [{ feature, descending }, ...(second === undefined ? [] : [{ feature: second, descending: true }])];
  const page = await client.listen.segments({ encoderId, features: columns, sort, search: '', offset, limit });
  if (page.rows.length !== limit) throw new Error(`the page has ${page.rows.length} rows`);
}

/** Times of the same questions in DuckDB, in ms, or why there are none. */
function measureDuckdb(directory: string, synthetic: SyntheticIndex, questions: Record<Kind, Question[]>): Times | string {
  const own = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
  const python = process.env['EARMARK_PYTHON'] ?? (existsSync(own) ? own : undefined);
  if (python === undefined) return 'DuckDB not measured: `npm run bench:setup` installs it';
  const script = fileURLToPath(new URL('sort.py', import.meta.url));
  const index = join(directory, 'index', String(synthetic.indexId));
  const input = JSON.stringify({ index, segments: synthetic.segments, features: synthetic.features, questions });
  const run = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.status === 0) return JSON.parse(run.stdout) as Times;
  return `DuckDB not measured: ${(run.stderr ?? String(run.error)).trim().split('\n').at(-1)}`;
}

function compare(ours: Times, theirs: Times | string): BenchRow[] {
  const statistics = [
    { name: 'median', part: 0.5 },
    { name: 'p95', part: 0.95 },
  ];
  return (Object.keys(ours) as Kind[]).flatMap((kind) =>
    statistics.map(({ name, part }) => {
      const row = { what: `${name}, ${says[kind]}, through the contract`, value: quantile(ours[kind], part), unit: 'ms' };
      if (typeof theirs === 'string') return { ...row, against: theirs };
      const other = quantile(theirs[kind], part);
      return { ...row, against: `DuckDB in its own process ${other.toFixed(1)} ms`, ratio: row.value / other };
    }),
  );
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function quantile(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
