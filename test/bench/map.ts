/**
 * @file A map: how long 100 000 rows of 512 numbers take by UMAP and by t-SNE, on one thread; and on 3 000 rows how many neighbours a map keeps, beside
 * umap-learn and scikit-learn (`EARMARK_PYTHON`, else `.venv`) on the same numbers. Rows are made up: 60 groups in 512 dimensions, ten hidden numbers a row
 * that are mixed differently in each group, and noise.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { seededRandom } from '../../src-main/base/index.ts';
import { musicMap } from '../../src-main/inspect/index.ts';
import type { MapMethod, Rows } from '../../src-main/inspect/index.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';

const [large, few, features, groups, hidden] = [100_000, 3_000, 512, 60, 10];
const methods: readonly MapMethod[] = ['umap', 'tsne'];

type Figures = { kept: number; trust: number };
type Answer = {
  versions: Record<MapMethod, string>;
  ours: Record<MapMethod, Figures>;
  theirs: Record<MapMethod, Figures & { seconds: number }>;
};

/** Measures; some minutes. */
export async function mapBench(): Promise<BenchResult> {
  return { name: 'map', rows: [...(await largeMaps(large)), ...beside(made(few))] };
}

/** How long a map of many rows takes, by each method, each on a thread of its own, as in the application. */
export async function largeMaps(count: number): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const method of methods) {
    const { seconds, busy } = await onThread({ count, method });
    const what = `${method} of ${count} × ${features}, one thread`;
    rows.push({ what, value: seconds, unit: 's' }, { what: `${what}: processor time`, value: busy, unit: 's' });
  }
  return rows;
}

/** Other code that ran before has no part in how well this one is compiled. */
function onThread(order: MapOrder): Promise<MapTime> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('map-thread.ts', import.meta.url), { workerData: order });
    worker.on('message', resolve);
    worker.on('error', reject);
  });
}

/** What is drawn on a thread, and how long it took. */
export type MapOrder = { count: number; method: MapMethod };
export type MapTime = { seconds: number; busy: number };

/** Draws, and measures the time by the clock and that of this thread on the processor. */
export function timeMap(rows: Rows, method: MapMethod): MapTime & { places: Float32Array } {
  const [start, before] = [performance.now(), process.threadCpuUsage()];
  const places = musicMap(rows, { method, seed: 1 });
  const { user, system } = process.threadCpuUsage(before);
  return { seconds: (performance.now() - start) / 1000, busy: (user + system) / 1e6, places };
}

/** Rows that are made up, the same at every call. */
export function made(count: number): Rows {
  const random = seededRandom(5);
  const draw = (length: number, size: number): Float32Array => Float32Array.from({ length }, () => size * random.normal());
  const [centres, mixing] = [draw(groups * features, 1), draw(groups * hidden * features, 0.3)];
  const values = new Float32Array(count * features);
  for (let row = 0; row < count; row++) {
    const group = random.below(groups);
    const own = draw(hidden, 1);
    for (let i = 0; i < features; i++) {
      let sum = (centres[group * features + i] as number) + random.uniform() - 0.5;
      for (let h = 0; h < hidden; h++) sum += (own[h] as number) * (mixing[(group * hidden + h) * features + i] as number);
      values[row * features + i] = sum;
    }
  }
  return { values, count, width: features };
}

function beside(rows: Rows): BenchRow[] {
  const python = process.env['EARMARK_PYTHON'] ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
  if (!existsSync(python))
    return [{ what: 'beside umap-learn and scikit-learn', value: Number.NaN, unit: '', against: 'not measured: no Python' }];
  const directory = mkdtempSync(join(tmpdir(), 'earmark-map-'));
  try {
    writeFileSync(join(directory, 'rows'), rows.values);
    const seconds = methods.map((method) => {
      const own = timeMap(rows, method);
      writeFileSync(join(directory, method), own.places);
      return own.seconds;
    });
    const script = fileURLToPath(new URL('map.py', import.meta.url));
    const run = spawnSync(python, [script, directory, String(rows.width)], { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (run.status !== 0) return [{ what: 'beside others', value: Number.NaN, unit: '', against: `not measured: ${run.stderr.trim()}` }];
    const { versions, ours, theirs } = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as Answer;
    return methods.flatMap((method, at): BenchRow[] => {
      const [own, other, of] = [ours[method], theirs[method], `${method} of ${rows.count} × ${rows.width}`];
      const against = (value: number): string => `${versions[method]}: ${value.toFixed(4)}`;
      return [
        { what: `${of}: nearest 15 kept`, value: own.kept, unit: '', against: against(other.kept), ratio: own.kept / other.kept },
        { what: `${of}: trustworthiness`, value: own.trust, unit: '', against: against(other.trust), ratio: own.trust / other.trust },
        ...[seconds[at] as number].map((value) => ({
          what: of,
          value,
          unit: 's',
          against: `${versions[method]}: ${other.seconds.toFixed(1)} s`,
        })),
      ];
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
