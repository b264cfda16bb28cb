/**
 * @file How long a person waits for the passages nearest to one, among a million: through the contract, from a core in a process of its own, as the page
 * asks; the engine alone; and sqlite-vec and usearch with the same vectors. `EARMARK_BENCH_SEGMENTS` names another number of segments. Figures depend on
 * how near neighbours lie to one another; see `spectral-rows.ts` for what the vectors are.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimilarAnswer, TrackId } from '../../src-main/contract/index.ts';
import { serveReal } from '../support/serve-real.ts';
import type { ServeProcess } from '../support/serve-real.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { askedSegments, building, keptBytes, timed, withEngine, writeVectors } from './engine-bench.ts';
import type { Asked } from './engine-bench.ts';
import { measurePeers, quantile, recallOf, sideBySide } from './peers.ts';
import type { Measured } from './peers.ts';
import { describeSpectrum, spectra, spectralRows } from './spectral-rows.ts';
import { makeSyntheticIndex } from './synthetic-index.ts';
import type { SyntheticIndex } from './synthetic-index.ts';

const features = 512;
const count = 50;
const questions = 60;
/** Asked before, so that code is compiled: other ones, since what was asked is answered more quickly the second time. */
const warming = 60;
const hardSegments = 250_000;
const hopMs = (59_049 / 22_050) * 1000;

/** Takes about a quarter of an hour, most of it usearch's, and 10 GB of disk. */
export async function neighboursBench(): Promise<BenchResult> {
  const segments = Number(process.env['EARMARK_BENCH_SEGMENTS'] ?? 1_000_000);
  const directory = mkdtempSync(join(tmpdir(), 'earmark-neighbours-'));
  try {
    const synthetic = makeSyntheticIndex(directory, segments, features, { makeRows: spectralRows(spectra.real) });
    const vectors = join(directory, 'vectors.f32');
    const { before, asked, truth, fast, rows } = await engineAlone(directory, synthetic, vectors);
    const through = await throughContract(directory, synthetic, { before, asked });
    const what = `${count} of ${segments} segments`;
    const order = { vectors, rows: segments, dimensions: features, queries: asked.map(({ row }) => row), count };
    const side = sideBySide(what, [fast, ...measurePeers(order, truth)]);
    return { name: 'neighbours', rows: [...through, ...rows, ...(await hardRecall()), ...side] };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What the search by codes finds where vectors are harder than any that were measured. */
async function hardRecall(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'earmark-hard-'));
  try {
    const { encoderId } = makeSyntheticIndex(directory, hardSegments, features, { makeRows: spectralRows(spectra.hard) });
    const value = await withEngine(directory, (engine) => engine.recall(encoderId, { queries: questions, count }));
    return [
      {
        what: `recall@${count}, hard vectors, ${hardSegments} segments, the engine alone`,
        value,
        unit: '',
        against: describeSpectrum(spectra.hard),
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Alone = { before: Asked[]; asked: Asked[]; truth: number[][]; fast: Measured; rows: BenchRow[] };

async function engineAlone(directory: string, synthetic: SyntheticIndex, vectors: string): Promise<Alone> {
  const { encoderId } = synthetic;
  return withEngine(directory, async (engine, store) => {
    const probe = new Float32Array(features).fill(1);
    const built = await building(() => engine.segmentTop(encoderId, probe, { count }));
    const all = await askedSegments(engine, synthetic, warming + questions);
    const [before, asked] = [all.slice(0, warming), all.slice(warming)];
    const ask = (some: readonly Asked[], exact: boolean) =>
      timed(some, ({ vector }) => engine.segmentTop(encoderId, vector, { count, exact }));
    await ask(before, false);
    const quick = await ask(asked, false);
    await ask(before.slice(0, 5), true);
    const exact = await ask(asked, true);
    const truth = exact.answers.map((hits) => [...hits.rows]);
    const recall = recallOf(
      truth,
      quick.answers.map((hits) => [...hits.rows]),
    );
    const diskBytes = keptBytes(store, synthetic, ['tracks.f32', 'segments.i8']);
    await writeVectors({ engine, store, path: vectors }, synthetic, 'segments');
    const against = describeSpectrum(spectra.real);
    const rows: BenchRow[] = [
      { what: `median, nearest ${count} segments, the engine alone`, value: quantile(quick.times, 0.5), unit: 'ms', against },
      { what: `p95, nearest ${count} segments, the engine alone`, value: quantile(quick.times, 0.95), unit: 'ms' },
      { what: `recall@${count}, the engine alone`, value: recall, unit: '' },
      { what: `median, nearest ${count} segments exactly, the engine alone`, value: quantile(exact.times, 0.5), unit: 'ms' },
    ];
    return { before, asked, truth, fast: { name: 'Earmark', ...built, diskBytes, times: quick.times, recall }, rows };
  });
}

async function throughContract(
  directory: string,
  synthetic: SyntheticIndex,
  { before, asked }: { before: readonly Asked[]; asked: readonly Asked[] },
): Promise<BenchRow[]> {
  const server = await serveReal(directory);
  try {
    const ask = (some: readonly Asked[], exact: boolean) => timed(some, (one) => find(server, synthetic, one, exact));
    const opening = await ask(before.slice(0, 1), false);
    await ask(before, false);
    const fast = await ask(asked, false);
    const memory = server.memory() / 1e6;
    await ask(before.slice(0, 5), true);
    const exact = await ask(asked, true);
    const places = (answers: SimilarAnswer[]): string[][] =>
      answers.map(({ rows }) => rows.map(({ trackId, passage }) => `${trackId}.${passage?.segment}`));
    const what = `top ${count} passages of ${synthetic.segments} segments through the contract`;
    return [
      { what: `median, ${what}`, value: quantile(fast.times, 0.5), unit: 'ms' },
      { what: `p95, ${what}`, value: quantile(fast.times, 0.95), unit: 'ms' },
      {
        what: `recall@${count} against exact, through the contract`,
        value: recallOf(places(exact.answers), places(fast.answers)),
        unit: '',
      },
      { what: `median, ${what}, exactly`, value: quantile(exact.times, 0.5), unit: 'ms' },
      { what: `p95, ${what}, exactly`, value: quantile(exact.times, 0.95), unit: 'ms' },
      { what: 'the first question after the start, files there', value: opening.times[0] ?? Number.NaN, unit: 'ms' },
      { what: 'memory of the core before an exact question', value: memory, unit: 'MB' },
    ];
  } finally {
    await server.close();
  }
}

function find(
  { client }: ServeProcess,
  { encoderId }: SyntheticIndex,
  { trackId, segment }: Asked,
  exact: boolean,
): Promise<SimilarAnswer> {
  // A moment within the segment: the passage is that segment alone.
  const startMs = segment * hopMs + 100;
  const like = [{ kind: 'passage' as const, trackId: trackId as TrackId, startMs, endMs: startMs + 100 }];
  return client.similar.find({ encoderId, like, level: 'passages', leaveOutDuplicates: false, exact, limit: count });
}
