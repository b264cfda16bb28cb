/**
 * @file Whether pre-training learns: on real music, segments of one track must find each other. For each recipe and seed a short run from the command
 * line, then precision at 5: of the five segments nearest to a segment (cosine, itself left out), how many are of its track; against the untrained
 * encoder that the run began with; and, beside all of them, what learns from the library in a minute (`own-music.ts`). `EARMARK_MUSIC` names folders (`:` between them), `EARMARK_MINUTES` the length of a run, `EARMARK_RECIPES` (`,` between
 * them) fewer recipes than all.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EncoderId } from '../../src-main/contract/index.ts';
import { openStore } from '../../src-main/store/index.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { ownMusicRows } from './own-music.ts';

const main = fileURLToPath(new URL('../../src-main/host/cli/main.ts', import.meta.url));
const games = '/usr/share/games';
const seeds = [1, 2, 3];
const recipes = (process.env['EARMARK_RECIPES'] ?? 'library,clmr,vicreg').split(',');
const neighbours = 5;
const queriesPerTrack = 8;

type Measured = { precision: number; rank: number };

/** Trains; takes as long as `EARMARK_MINUTES` (3) times six, and some minutes more. */
export async function learnBench(): Promise<BenchResult> {
  const minutes = process.env['EARMARK_MINUTES'] ?? '3';
  const folders = process.env['EARMARK_MUSIC']?.split(':') ?? [`${games}/wesnoth/1.16/data/core/music`, `${games}/warzone2100/music`];
  const found = folders.filter(existsSync);
  if (found.length === 0)
    return { name: 'learn', rows: [{ what: 'not measured', value: 0, unit: '', against: 'EARMARK_MUSIC names no folder' }] };
  const data = await mkdtemp(join(tmpdir(), 'earmark-learn-'));
  try {
    await earmark(data, 'scan', ...found);
    const rows: BenchRow[] = [];
    const untrained: number[] = [];
    const drawn: number[] = [];
    for (const seed of seeds) {
      drawn.push(await untrainedEncoder(data, seed));
      untrained.push(precisionOf(data, drawn.at(-1) ?? 0));
    }
    if (recipes.includes('library')) rows.push(...(await ownMusicRows(data, { ...(await learnLibrary(data)), untrained: drawn })));
    rows.push(row(`precision at 5, untrained, mean of ${seeds.length} seeds`, untrained));
    for (const recipe of recipes.filter((name) => name !== 'library')) {
      const measured: Measured[] = [];
      for (const seed of seeds) measured.push(await precisionOfRun(data, { recipe, seed, minutes }));
      const precisions = measured.map(({ precision }) => precision);
      const against = `untrained ${(100 * mean(untrained)).toFixed(1)} %`;
      const ranks = measured.map(({ rank }) => rank);
      rows.push({
        ...row(`precision at 5, ${recipe}, ${minutes} minutes, mean of ${seeds.length} seeds`, precisions),
        against,
        ratio: mean(precisions) / mean(untrained),
      });
      rows.push({
        what: `dimensions in use (rank), ${recipe}, least of ${seeds.length} seeds`,
        value: Math.min(...ranks),
        unit: 'dimensions',
      });
    }
    return { name: 'learn', rows };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

function row(what: string, values: readonly number[]): BenchRow {
  process.stderr.write(`${what}: ${values.map((value) => (100 * value).toFixed(1)).join(', ')} %\n`);
  return { what, value: 100 * mean(values), unit: '%' };
}

/** Learns from the library's timbre statistics, once a seed. */
async function learnLibrary(data: string): Promise<{ statistics: number; learnt: number[] }> {
  const { encoder: statistics } = await earmark<{ encoder: number }>(data, 'index', '--encoder', '1', '--device', 'cpu');
  const learnt: number[] = [];
  for (const seed of seeds) {
    const run = await earmark<{ encoder: number; seconds: number }>(data, 'pretrain', '--recipe', 'library', '--seed', String(seed));
    process.stderr.write(`learnt from the library, seed ${seed}: ${run.seconds.toFixed(1)} s\n`);
    learnt.push(run.encoder);
  }
  return { statistics, learnt };
}

/** The number of an indexed encoder that learnt nothing. */
async function untrainedEncoder(data: string, seed: number): Promise<number> {
  const { encoder } = await earmark<{ encoder: { id: number } }>(data, 'encoders', 'create', '--rate', '8000', '--seed', String(seed));
  await earmark(data, 'index', '--encoder', String(encoder.id), '--device', 'cpu');
  return encoder.id;
}

async function precisionOfRun(
  data: string,
  { recipe, seed, minutes }: { recipe: string; seed: number; minutes: string },
): Promise<Measured> {
  const length = ['--preset', 'try', '--minutes', minutes, '--seed', String(seed), '--device', 'cpu'];
  const { encoder, run } = await earmark<{ encoder: number; run: number }>(data, 'pretrain', '--recipe', recipe, ...length);
  await earmark(data, 'index', '--encoder', String(encoder), '--device', 'cpu');
  const store = openStore(data);
  const rank = store.runs.get(run as never).health?.rank ?? NaN;
  store.close();
  return { precision: precisionOf(data, encoder), rank };
}

/** Mean over tracks of the mean over queries, so that long tracks count no more than short ones. */
function precisionOf(data: string, encoder: number): number {
  const store = openStore(data);
  try {
    const id = encoder as EncoderId;
    const { rows } = store.tracks.query({ search: '', sort: [], offset: 0, limit: 1000 }, id);
    const { dimensions } = store.encoders.get(id);
    const tracks = rows.map((track) => unitRows(store.index.embeddings(id, track.id), dimensions)).filter((own) => own.length > 1);
    return mean(tracks.map((own, index) => precisionOfTrack(own, index, tracks)));
  } finally {
    store.close();
  }
}

function precisionOfTrack(own: readonly Float32Array[], index: number, tracks: readonly Float32Array[][]): number {
  const step = Math.max(1, Math.floor(own.length / queriesPerTrack));
  const queries = own.filter((_, segment) => segment % step === 0);
  return mean(
    queries.map((query) => {
      const best: { score: number; track: number }[] = [];
      tracks.forEach((segments, track) => {
        for (const segment of segments) {
          if (segment === query) continue;
          const score = product(query, segment);
          if (best.length === neighbours && score <= (best[neighbours - 1]?.score ?? -Infinity)) continue;
          best.push({ score, track });
          best.sort((a, b) => b.score - a.score);
          best.length = Math.min(best.length, neighbours);
        }
      });
      return best.filter(({ track }) => track === index).length / neighbours;
    }),
  );
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function unitRows(embeddings: Float32Array, dimensions: number): Float32Array[] {
  return Array.from({ length: embeddings.length / dimensions }, (_, row) => {
    const own = embeddings.slice(row * dimensions, (row + 1) * dimensions);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0)) || 1;
    return own.map((value) => value / length);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function earmark<T>(data: string, ...args: string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args, '--json', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(output) as T) : reject(new Error(`earmark ${args.join(' ')}: ${output}`)),
    );
  });
}
