/**
 * @file How long a person waits for the tracks nearest to one, among a hundred thousand, and for the list in new order after a neuron was muted: through
 * the contract, from a core in a process of its own, as the page asks; the engine alone; and sqlite-vec and usearch with the same vectors.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../src-main/base/index.ts';
import { sharedFloats } from '../../src-main/store/index.ts';
import type { TrackHits } from '../../src-main/service/similar/engine.ts';
import type { NeuronWeight, SimilarAnswer, TrackId } from '../../src-main/contract/index.ts';
import { serveReal } from '../support/serve-real.ts';
import type { ServeProcess } from '../support/serve-real.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { building, keptBytes, timed, withEngine, writeVectors } from './engine-bench.ts';
import { measurePeers, quantile, recallOf, sideBySide } from './peers.ts';
import type { Measured } from './peers.ts';
import { spectra, spectralRows } from './spectral-rows.ts';
import { makeSyntheticIndex } from './synthetic-index.ts';
import type { SyntheticIndex } from './synthetic-index.ts';

const tracks = 100_000;
const perTrack = 2;
const features = 512;
const count = 50;
const questions = 150;
/** Asked before through the contract, so that code is compiled. */
const warming = 50;

type Question = { position: number; trackId: number; feature: number };

/** Takes some minutes and 2 GB of disk. */
export async function tracksBench(): Promise<BenchResult> {
  const directory = mkdtempSync(join(tmpdir(), 'earmark-tracks-'));
  try {
    const synthetic = makeSyntheticIndex(directory, tracks * perTrack, features, { perTrack, makeRows: spectralRows(spectra.real) });
    const vectors = join(directory, 'vectors.f32');
    const { asked, truth, own, rows } = await engineAlone(directory, synthetic, vectors);
    const through = await throughContract(directory, synthetic, asked);
    const order = { vectors, rows: tracks, dimensions: features, queries: asked.map(({ position }) => position), count };
    const side = sideBySide(`${count} of ${tracks} tracks`, [own, ...measurePeers(order, truth)]);
    return { name: 'tracks', rows: [...through, ...rows, ...side] };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Alone = { asked: Question[]; truth: number[][]; own: Measured; rows: BenchRow[] };

async function engineAlone(directory: string, synthetic: SyntheticIndex, vectors: string): Promise<Alone> {
  const { encoderId } = synthetic;
  return withEngine(directory, async (engine, store) => {
    const nearest = (query: Float32Array): Promise<TrackHits> => engine.nearestTracks(encoderId, query, { count, scales });
    const scales = sharedFloats(tracks).fill(1);
    const built = await building(() => nearest(new Float32Array(features).fill(1)));
    const space = await engine.trackSpace(encoderId);
    const random = seededRandom(9);
    const asked = Array.from({ length: questions }, (): Question => {
      const position = random.below(tracks);
      return { position, trackId: space.trackIds[position] as number, feature: random.below(features) };
    });
    const proven = await timed(asked, ({ position }) => nearest(space.vector(position)));
    const plain = await timed(asked, ({ position }) => engine.trackScores(encoderId, space.vector(position)));
    const muted = await timed(asked, ({ position, feature }) => {
      const weights = new Float32Array(features).fill(1).fill(0, feature, feature + 1);
      return engine.trackScores(encoderId, space.vector(position), weights);
    });
    const truth = plain.answers.map((scores) =>
      [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number)).slice(0, count),
    );
    await writeVectors({ engine, store, path: vectors }, synthetic, 'tracks');
    const found = proven.answers.map(({ positions }) => [...positions]);
    const rows: BenchRow[] = [
      { what: `median, nearest ${count} of ${tracks} tracks exactly, the engine alone`, value: quantile(proven.times, 0.5), unit: 'ms' },
      { what: `median, cosines with ${tracks} tracks, the engine alone`, value: quantile(plain.times, 0.5), unit: 'ms' },
      { what: `median, cosines with ${tracks} tracks and a muted neuron, the engine alone`, value: quantile(muted.times, 0.5), unit: 'ms' },
    ];
    const own = {
      name: 'Earmark (exact)',
      ...built,
      diskBytes: keptBytes(store, synthetic, ['tracks.f32']),
      times: proven.times,
      recall: recallOf(truth, found),
    };
    return { asked, truth, own, rows };
  });
}

async function throughContract(directory: string, synthetic: SyntheticIndex, asked: readonly Question[]): Promise<BenchRow[]> {
  const server = await serveReal(directory);
  try {
    // The first question also measures what holds hubs down; a person meets it once.
    const [before, fresh] = [asked.slice(0, warming), asked.slice(warming)];
    const opening = await timed(before.slice(0, 1), (one) => find(server, synthetic, one, []));
    await timed(before, (one) => find(server, synthetic, one, []));
    const plain = await timed(fresh, (one) => find(server, synthetic, one, []));
    const muted = await timed(fresh, (one) => find(server, synthetic, one, [{ feature: one.feature, weight: 0 }]));
    const what = `top ${count} of ${tracks} tracks through the contract`;
    return [
      { what: `median, ${what}, exactly`, value: quantile(plain.times, 0.5), unit: 'ms' },
      { what: `p95, ${what}, exactly`, value: quantile(plain.times, 0.95), unit: 'ms' },
      { what: `median, ${what}, after muting a neuron`, value: quantile(muted.times, 0.5), unit: 'ms' },
      { what: `p95, ${what}, after muting a neuron`, value: quantile(muted.times, 0.95), unit: 'ms' },
      { what: 'the first question after the start', value: opening.times[0] ?? Number.NaN, unit: 'ms' },
      { what: `memory of the core with ${tracks} tracks`, value: server.memory() / 1e6, unit: 'MB' },
    ];
  } finally {
    await server.close();
  }
}

function find(
  { client }: ServeProcess,
  { encoderId }: SyntheticIndex,
  { trackId }: Question,
  weights: NeuronWeight[],
): Promise<SimilarAnswer> {
  const like = [{ kind: 'track' as const, trackId: trackId as TrackId }];
  return client.similar.find({ encoderId, like, level: 'tracks', leaveOutDuplicates: false, weights, limit: count });
}
