/**
 * @file Whether hubs are held down, on real music: how often each item is among the ten nearest of the others, and the skewness of those counts
 * (Radovanović, Nanopoulos and Ivanović, JMLR 11, 2010), for plain cosines of embeddings as the encoder gives them, and as Earmark orders them. Items
 * are whole tracks and passages, as the service answers, and clips of twelve segments, of which there are more than tracks. Beside it, what a person
 * would lose: of the ten nearest, how many are by the same artist, or of the same track. `EARMARK_MUSIC` names folders (`:` between them), which an
 * untrained encoder hears; `EARMARK_DATA` a data directory with an index, whose encoder is measured too.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { similarQuerySchema } from '../../src-main/contract/index.ts';
import type { EncoderId, QueryItem, SimilarQuery, Track, TrackId } from '../../src-main/contract/index.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { createServices } from '../../src-main/service/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import { localScore, measureTrackScales } from '../../src-main/service/similar/hubs.ts';
import { meanOf, product, rowsOf, unit } from '../../src-main/service/similar/vectors.ts';
import { earmarkJson } from '../support/run-earmark.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';

const games = '/usr/share/games';
const nearest = 10;
const clipSegments = 12;
/** Clips, and passages that are asked for; spread over the library when there are more. */
const mostClips = 3000;
const mostPassages = 600;

/** Takes some minutes, most of them to encode. */
export async function hubsBench(): Promise<BenchResult> {
  const rows: BenchRow[] = [];
  const folders = process.env['EARMARK_MUSIC']?.split(':') ?? [`${games}/wesnoth/1.16/data/core/music`, `${games}/warzone2100/music`];
  const found = folders.filter(existsSync);
  const own = process.env['EARMARK_DATA'];
  const data = await mkdtemp(join(tmpdir(), 'earmark-hubs-'));
  try {
    if (found.length > 0) {
      await earmarkJson(data, 'scan', ...found);
      await earmarkJson(data, 'encoders', 'create', '--rate', '8000', '--seed', '1');
      await earmarkJson(data, 'index', '--device', 'cpu');
      rows.push(...(await measure(data)));
    } else rows.push({ what: 'not measured', value: 0, unit: '', against: 'EARMARK_MUSIC names no folder' });
    if (own !== undefined && existsSync(own)) rows.push(...(await measure(own)));
    return { name: 'hubs', rows };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

/** Everything that is known of one library. */
type Heard = { services: Services; encoderId: EncoderId; tracks: Track[]; raw: Float32Array[][]; name: string };

async function measure(dataDirectory: string): Promise<BenchRow[]> {
  const nobody = async (): Promise<null> => null;
  const host = { kind: 'serve' as const, version: 'bench', chooseFolder: nobody, chooseWeights: nobody, reveal: async () => undefined };
  const services = createServices({ dataDirectory, host, entries: sourceEntries, report: (error) => console.error(error) });
  try {
    const { store, encoders } = services;
    const { id: encoderId, name, dimensions } = encoders.resolve(null);
    const all = store.tracks.query({ search: '', sort: [], offset: 0, limit: 1000 }, encoderId).rows;
    const heard = all
      .map((track) => ({ track, raw: rowsOf(store.index.embeddings(encoderId, track.id), dimensions) }))
      .filter(({ raw }) => raw.length > 0);
    const library = { services, encoderId, name, tracks: heard.map(({ track }) => track), raw: heard.map(({ raw }) => raw) };
    if (heard.length <= nearest) return [{ what: `not measured, ${name}`, value: heard.length, unit: 'tracks', against: 'more than ten' }];
    return [...(await ofTracks(library)), ...(await ofClips(library)), ...(await ofPassages(library))];
  } finally {
    await services.close();
  }
}

async function ofTracks({ services, encoderId, tracks, raw, name }: Heard): Promise<BenchRow[]> {
  const pooled = raw.map((segments) => unit(meanOf(segments)));
  const byId = new Map(tracks.map(({ id }, i) => [id, i]));
  const before = pooled.map((one, i) => best(pooled, (other, j) => (j === i ? -Infinity : product(one, other))));
  const after: number[][] = [];
  for (const { id } of tracks)
    after.push(await answered(services, byId, { encoderId, level: 'tracks', item: { kind: 'track', trackId: id } }));
  const isSame = (a: number, b: number): boolean => sameArtist(tracks[a], tracks[b]);
  return rowsFor(`tracks, ${name}`, {
    before,
    after,
    size: tracks.length,
    isSame: (query, result) => isSame(query, result),
    alike: 'artist',
  });
}

async function ofPassages({ services, encoderId, tracks, raw, name }: Heard): Promise<BenchRow[]> {
  const { store } = services;
  const encoder = store.encoders.get(encoderId);
  const hopMs = ((encoder.index?.hopSamples ?? encoder.cropSamples) * 1000) / encoder.sampleRate;
  const segmentMs = (encoder.cropSamples * 1000) / encoder.sampleRate;
  const units = raw.map((segments) => segments.map(unit));
  const byId = new Map(tracks.map(({ id }, i) => [id, i]));
  const asked = spread(
    units.flatMap((segments, track) => segments.map((vector, segment) => ({ track, segment, vector }))),
    mostPassages,
  );
  const [before, after]: [number[][], number[][]] = [[], []];
  for (const { track, segment, vector } of asked) {
    before.push(best(units, (segments, other) => (other === track ? -Infinity : Math.max(...segments.map((one) => product(one, vector))))));
    const startMs = segment * hopMs;
    const item: QueryItem = { kind: 'passage', trackId: tracks[track]?.id as TrackId, startMs, endMs: startMs + segmentMs };
    const answer = await answered(services, byId, { encoderId, level: 'passages', item, limit: nearest + 1 });
    after.push(answer.filter((other) => other !== track).slice(0, nearest));
  }
  const isSame = (query: number, result: number): boolean => sameArtist(tracks[asked[query]?.track ?? -1], tracks[result]);
  return rowsFor(`best passages of other tracks, ${name}`, { before, after, size: tracks.length, isSame, alike: 'artist' });
}

async function ofClips({ raw, name }: Heard): Promise<BenchRow[]> {
  const all = raw.flatMap((segments, track) =>
    Array.from({ length: Math.floor(segments.length / clipSegments) }, (_, clip) => ({
      track,
      mean: meanOf(segments.slice(clip * clipSegments, (clip + 1) * clipSegments)),
    })),
  );
  const clips = spread(all, mostClips);
  const plain = clips.map(({ mean }) => unit(mean));
  const centre = meanOf(clips.map(({ mean }) => mean));
  const vectors = clips.map(({ mean }) => unit(mean.map((value, k) => value - (centre[k] ?? 0))));
  const vector = (position: number): Float32Array => vectors[position] as Float32Array;
  const trackIds = Int32Array.from(clips, (_, i) => i);
  const space = { trackIds, positionOf: (id: number) => id, vector, mean: centre, dimensions: centre.length, revision: '' };
  const { scales } = await measureTrackScales(space);
  const score = (a: number, b: number): number => localScore(product(vector(a), vector(b)), scales[a] as number, scales[b] as number);
  const before = plain.map((one, i) => best(plain, (other, j) => (j === i ? -Infinity : product(one, other))));
  const after = vectors.map((_, i) => best(vectors, (__, j) => (j === i ? -Infinity : score(i, j))));
  const isSame = (a: number, b: number): boolean => clips[a]?.track === clips[b]?.track;
  return rowsFor(`clips of ${clipSegments} segments, ${name}`, { before, after, size: clips.length, isSame, alike: 'track' });
}

type Asked = { encoderId: EncoderId; level: SimilarQuery['level']; item: QueryItem; limit?: number };

async function answered(
  { similar }: Services,
  byId: Map<TrackId, number>,
  { encoderId, level, item, limit = nearest }: Asked,
): Promise<number[]> {
  const query = similarQuerySchema.parse({ encoderId, level, like: [item], limit, leaveOutDuplicates: false });
  const { rows } = await similar.find(query);
  return rows.map(({ trackId }) => byId.get(trackId) ?? -1);
}

type Compared = { before: number[][]; after: number[][]; size: number; isSame: (query: number, result: number) => boolean; alike: string };

function rowsFor(what: string, { before, after, size, isSame, alike }: Compared): BenchRow[] {
  const [plain, ours] = [skewness(before, size), skewness(after, size)];
  const precision = (lists: number[][]): number => mean(lists.map((list, i) => mean(list.map((one) => (isSame(i, one) ? 1 : 0)))));
  const [had, has] = [100 * precision(before), 100 * precision(after)];
  const error = Math.sqrt(6 / size).toFixed(2);
  return [
    {
      what: `skewness of 10-occurrence, ${what}`,
      value: ours,
      unit: `of ${size}, ± ${error}`,
      against: `plain cosine ${plain.toFixed(2)}`,
      ratio: ours / plain,
    },
    {
      what: `most often among the ten nearest, ${what}`,
      value: most(after, size),
      unit: 'times',
      against: `plain cosine ${most(before, size)}`,
    },
    {
      what: `of the same ${alike} among ten, ${what}`,
      value: has,
      unit: '%',
      against: `plain cosine ${had.toFixed(1)} %`,
      ratio: has / had,
    },
  ];
}

function occurrences(lists: readonly number[][], size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const one of lists.flat()) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

function skewness(lists: readonly number[][], size: number): number {
  const counts = occurrences(lists, size);
  const centre = mean(counts);
  const moment = (power: number): number => mean(counts.map((count) => (count - centre) ** power));
  return moment(3) / moment(2) ** 1.5;
}

function most(lists: readonly number[][], size: number): number {
  return Math.max(...occurrences(lists, size));
}

/** Numbers of the ten items with the greatest scores. */
function best<Item>(items: readonly Item[], score: (item: Item, i: number) => number): number[] {
  const scores = items.map(score);
  return [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number)).slice(0, nearest);
}

function sameArtist(a: Track | undefined, b: Track | undefined): boolean {
  return a !== undefined && b !== undefined && a.artist !== '' && a.artist === b.artist;
}

function spread<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)] as Item);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
