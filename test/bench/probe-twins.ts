/** @file Scores of probes beside those of their twins in PyTorch, on timbre statistics of a data set. */
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defined } from '../../src-main/base/index.ts';
import { runProtocol, seedFigures, writeSafetensorsFile } from '../../src-main/compute/index.ts';
import type { ProbeProblem } from '../../src-main/compute/index.ts';
import { orderRandom, taughtOrder } from '../../src-main/compute/probes/fit-probe.ts';
import { meanRows } from '../../src-main/compute/probes/probe-problem.ts';
import { datasetNamed } from '../../src-main/datasets/index.ts';
import { probes } from '../../src-main/learn/index.ts';
import { OpenDatasetFolder } from '../../src-main/service/datasets/index.ts';
import { askedOf } from '../../src-main/service/evaluating/asked.ts';
import { libraryName } from '../../src-main/service/evaluating/dataset-library.ts';
import { allRuns } from '../../src-main/service/indexing/all-runs.ts';
import { ChunkFiles } from '../../src-main/store/activations/thread.ts';
import { openStore } from '../../src-main/store/index.ts';
import type { BenchRow } from './bench-result.ts';
import { askPyTorch } from './probe-python.ts';

const dataset = 'magnatagatune';
const seeds = [1, 2, 3];

/** A probe by a protocol; of a grid one trial. */
type Case = { what: string; trial: probes.ProbeTrial; reading: probes.ProbeReading };
type Scores = { averagePrecision: number; rocAuc: number };
const figures = ['averagePrecision', 'rocAuc'] as const;
const titles = { averagePrecision: 'average precision', rocAuc: 'ROC-AUC' };

function cases(): Case[] {
  const task = { dataset, task: 'top50', kind: 'tags' as const };
  return probes.protocolNames.flatMap((name) => {
    const { heads, reading, trials } = probes.protocols[name];
    return heads.map((head): Case => {
      const all = trials(task, head);
      // Of a grid one in its middle that learns fast enough to end by itself.
      const quick = all.filter(({ learningRate }) => learningRate === 1e-3);
      const trial = defined(all.length > 1 ? quick[Math.floor(quick.length / 2)] : all[0], 'a trial');
      return { what: `${name}, ${head}${all.length > 1 ? `, trial ${all.indexOf(trial) + 1} of ${all.length}` : ''}`, trial, reading };
    });
  });
}

/** Two rows for each protocol and head. */
export async function twinRows(): Promise<BenchRow[]> {
  const [folder, data] = [process.env['EARMARK_DATASET'], process.env['EARMARK_DATA']];
  const library = folder === undefined || data === undefined ? undefined : join(data, 'data-sets', libraryName(dataset, resolve(folder)));
  if (folder === undefined || library === undefined || !existsSync(library))
    return [
      {
        what: 'protocols beside PyTorch',
        value: NaN,
        unit: '',
        against: 'EARMARK_DATASET or EARMARK_DATA is missing, or holds nothing of it',
      },
    ];
  const directory = mkdtempSync(join(tmpdir(), 'earmark-probe-'));
  try {
    const problem = await readProblem(folder, library, join(directory, 'library'));
    return await besideTwins(problem, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Timbre statistics of the clips, from a copy of the data set's library. */
async function readProblem(folder: string, library: string, copy: string): Promise<ProbeProblem> {
  cpSync(library, copy, { recursive: true });
  const opened = await OpenDatasetFolder.open(folder);
  const table = await datasetNamed(dataset).read(opened, { task: null, split: 'pons' });
  const store = openStore(copy);
  try {
    const encoder = defined(
      store.encoders.list().find(({ source, architecture }) => architecture === 'timbre-statistics' && source !== 'trained'),
      'timbre statistics',
    );
    const index = defined(store.index.current(encoder.id) ?? undefined, 'an index');
    const all = allRuns(store, index.id);
    const own = table.clips.map(({ path }) => all.get(store.tracks.findByPath(join(opened.path, path))?.id ?? -1));
    const runs = {
      ...{ directory: store.paths.index(index.id), dimensions: index.dimensions },
      firstRows: Int32Array.from(own, (run) => run?.firstRow ?? 0),
      counts: Int32Array.from(own, (run) => run?.segments ?? 0),
    };
    const { rows, asked } = askedOf(table, runs, { percent: 100, seed: 1 });
    return { ...asked, dimensions: rows.dimensions, counts: rows.counts, rows: readRows(rows) };
  } finally {
    store.close();
  }
}

function readRows({
  directory,
  dimensions,
  firstRows,
  counts,
}: {
  directory: string;
  dimensions: number;
  firstRows: Int32Array;
  counts: Int32Array;
}): Float32Array {
  const rows = new Float32Array(counts.reduce((sum, count) => sum + count, 0) * dimensions);
  const files = new ChunkFiles(directory, dimensions);
  let at = 0;
  for (const [clip, first] of firstRows.entries()) {
    const end = at + (counts[clip] as number) * dimensions;
    files.readRows(first, rows.subarray(at, end));
    at = end;
  }
  files.close();
  return rows;
}

async function besideTwins(problem: ProbeProblem, directory: string): Promise<BenchRow[]> {
  const { kind, outputs, dimensions, rows, counts, answers, parts } = problem;
  for (const [name, array] of Object.entries({ rows, counts, answers, parts })) writeFileSync(join(directory, name), array);
  writeFileSync(join(directory, 'problem.json'), JSON.stringify({ dimensions, outputs }));
  const [ours, theirs]: [Scores[], object[]] = [[], []];
  for (const { what, trial, reading } of cases()) {
    process.stderr.write(`${what} …\n`);
    const results = await runProtocol(problem, { trials: [trial], reading, seeds, isStandardised: true });
    for (const [at, seed] of seeds.entries()) {
      const told = new Map(
        seedFigures({ ...problem, keys: null }, [defined(results[at], 'a result').outputs]).map(({ name, value }) => [name, value]),
      );
      ours.push({ averagePrecision: told.get('averagePrecision') ?? NaN, rocAuc: told.get('rocAuc') ?? NaN });
      const name = `${theirs.length}`;
      const used = reading.taughtBy === 'mean' ? meanRows(problem) : problem;
      const random = orderRandom(seed);
      const orders = Array.from({ length: trial.mostEpochs }, () => [...taughtOrder(used, reading, random).rows]);
      writeFileSync(join(directory, `orders-${name}`), Int32Array.from(orders.flat()));
      await writeSafetensorsFile(
        join(directory, `first-${name}`),
        probes.probeWeights({ dimensions, hidden: trial.hidden, outputs }, seed),
      );
      theirs.push({ trial, reading, seed, isStandardised: true, orders: `orders-${name}`, first: `first-${name}` });
    }
  }
  writeFileSync(join(directory, 'cases.json'), JSON.stringify(theirs));
  const asked = askPyTorch<Scores[]>(['twins', directory]);
  const count = (part: number): number => parts.reduce((sum, one) => sum + (one === part ? 1 : 0), 0);
  const of = `${kind} of ${count(0)} + ${count(1)} + ${count(2)} clips`;
  return cases().flatMap(({ what }, at) =>
    figures.map((figure) => {
      const mean = (all: readonly Scores[]): number =>
        seeds.reduce((sum, _, seed) => sum + defined(all[at * seeds.length + seed], 'a score')[figure], 0) / seeds.length;
      const value = 100 * mean(ours);
      const row = { what: `${what}: ${titles[figure]}, ${of}`, value, unit: 'points' };
      if (typeof asked === 'string') return { ...row, against: asked };
      const twin = 100 * mean(asked.answer);
      return { ...row, against: `PyTorch ${asked.version}: ${twin.toFixed(3)}, ${(value - twin).toFixed(3)} apart` };
    }),
  );
}
