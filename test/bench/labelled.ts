/**
 * @file What tags and similarity are worth on music whose labels are known: a folder laid out as MagnaTagATune (`EARMARK_LABELLED`) that a data directory
 * (`EARMARK_DATA`) holds indexed by one encoder or more. Half of the pieces are tagged from the table's columns, heads learn them, and what they
 * suggest for the other half is compared with the columns; by the application's own tags, training and suggestions. Retrieval: of the ten tracks
 * nearest to each (other pieces only, all standardised alike), how many have its style. The same for timbre statistics, and for mean and deviation of 20
 * mel cepstral coefficients (librosa, through `.venv`). Intervals are bootstraps over pieces.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defined } from '../../src-main/base/index.ts';
import { readWeightsFile } from '../../src-main/compute/index.ts';
import type { EncoderId, TagId, TrackId } from '../../src-main/contract/index.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { metrics } from '../../src-main/learn/index.ts';
import { createServices, HeadWorker } from '../../src-main/service/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));
const python = join(top, '.venv', 'bin', 'python');
const fewestPieces = 5;
const nearest = 10;

/** A clip with its labels; `piece` and `style` are numbers. */
type Clip = { path: string; piece: number; style: number; isTaught: boolean; tags: boolean[] };
type Labelled = { clips: Clip[]; tags: string[] };

/** Measures every indexed encoder of the data directory, and the coefficients. */
export async function labelledBench(): Promise<BenchResult> {
  const [folder, data] = [process.env['EARMARK_LABELLED'], process.env['EARMARK_DATA']];
  if (folder === undefined || data === undefined || !existsSync(join(folder, 'annotations_final.csv')))
    return {
      name: 'labelled',
      rows: [{ what: 'not measured', value: 0, unit: '', against: 'EARMARK_LABELLED or EARMARK_DATA is missing' }],
    };
  const copy = await mkdtemp(join(tmpdir(), 'earmark-labelled-'));
  try {
    await cp(data, copy, { recursive: true, filter: (path) => basename(path) !== 'runs' });
    const labelled = await readLabels(resolve(folder));
    return { name: 'labelled', rows: await measure(copy, labelled) };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function measure(data: string, labelled: Labelled): Promise<BenchRow[]> {
  const { clips, tags } = labelled;
  const services = createServices({
    dataDirectory: data,
    host: { kind: 'serve', version: 'bench', chooseFolder: nobody, chooseWeights: nobody, reveal: async () => undefined },
    entries: sourceEntries,
    report: (error) => process.stderr.write(`${String(error)}\n`),
  });
  try {
    const trackIds = clips.map(({ path }) => defined(services.store.tracks.findByPath(path)?.id, `the track ${path}`));
    const rows: BenchRow[] = [
      {
        what: 'clips taught and tested',
        value: clips.filter(({ isTaught }) => isTaught).length,
        unit: 'clips',
        against: `${clips.length} in all`,
      },
      { what: 'tags', value: tags.length, unit: 'tags', against: `each of ${fewestPieces} pieces or more in both halves` },
    ];
    await hearBaseline(services);
    const tagIds = teach(services, labelled, trackIds);
    for (const encoder of services.encoders.list()) {
      if (encoder.index === null) continue;
      process.stderr.write(`${encoder.name} …\n`);
      const scores = await suggestions(services, encoder.id, { labelled, trackIds, tagIds });
      const vectors = await embeddings(services, encoder.id, trackIds);
      rows.push(...figures(encoder.name, labelled, scores), retrieval(encoder.name, clips, standardised(vectors)));
    }
    const coefficients = existsSync(python) ? await cepstral(clips) : null;
    if (coefficients === null)
      return [...rows, { what: 'mel cepstral coefficients', value: NaN, unit: '', against: 'npm run bench:setup' }];
    const name = '20 mel cepstral coefficients, mean and deviation';
    const scores = await learnt(coefficients, labelled);
    return [...rows, ...figures(name, labelled, scores), retrieval(name, clips, standardised(coefficients))];
  } finally {
    await services.close();
  }
}

const nobody = async (): Promise<null> => null;

/** Timbre statistics, which learnt nothing, are measured beside what did, also where the directory has no index of them. */
async function hearBaseline({ encoders }: Services): Promise<void> {
  const { id, index } = encoders.bringBuiltIn();
  if (index === null || index.waiting > 0) await encoders.index({ encoderId: id, device: 'cpu' }).settled;
}

async function readLabels(folder: string): Promise<Labelled> {
  const [annotations, info] = await Promise.all(
    ['annotations_final.csv', 'clip_info_final.csv'].map((name) => readTable(join(folder, name))),
  );
  const styles = new Map(info?.rows.map((row) => [row['clip_id'], defined(row['artist'], 'an artist')]));
  const names = defined(annotations, 'annotations').header.filter((name) => name !== 'clip_id' && name !== 'mp3_path');
  const [pieces, numbers] = [new Map<string, number>(), new Map<string, number>()];
  const numberOf = (known: Map<string, number>, text: string): number => {
    const number = known.get(text) ?? known.size;
    known.set(text, number);
    return number;
  };
  const clips = defined(annotations, 'annotations').rows.map((row): Clip => {
    const path = join(folder, defined(row['mp3_path'], 'a path'));
    const piece = basename(path).replace(/-\d+-\d+\.mp3$/, '');
    const isTaught = (createHash('sha256').update(piece).digest()[0] ?? 0) % 2 === 0;
    const style = numberOf(numbers, styles.get(row['clip_id']) ?? '');
    return { path, piece: numberOf(pieces, piece), style, isTaught, tags: names.map((name) => row[name] === '1') };
  });
  const isEnough = (tag: number): boolean =>
    [true, false].every((isTaught) => {
      const own = clips.filter((clip) => clip.isTaught === isTaught && clip.tags[tag] === true);
      return new Set(own.map(({ piece }) => piece)).size >= fewestPieces;
    });
  const kept = names.map((_, tag) => tag).filter(isEnough);
  return {
    clips: clips.map((clip) => ({ ...clip, tags: kept.map((tag) => clip.tags[tag] === true) })),
    tags: kept.map((tag) => defined(names[tag], 'a tag')),
  };
}

/** Tab-separated, every cell in double quotes. */
async function readTable(path: string): Promise<{ header: string[]; rows: Record<string, string>[] }> {
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
  const cells = lines.map((line) => line.split('\t').map((cell) => cell.replace(/^"|"$/g, '').replaceAll('""', '"')));
  const [header = [], ...rows] = cells;
  return { header, rows: rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? '']))) };
}

/** Says yes and no of every taught clip, as a person would who knows the columns. */
function teach({ store }: Services, { clips, tags }: Labelled, trackIds: readonly TrackId[]): TagId[] {
  return tags.map((name, tag) => {
    const { id } = store.tags.create({ kind: 'table', name }).tag;
    for (const answer of ['yes', 'no'] as const) {
      const targets = clips.flatMap((clip, i) =>
        clip.isTaught && (clip.tags[tag] === true) === (answer === 'yes') ? [{ trackId: defined(trackIds[i], 'a track') }] : [],
      );
      if (targets.length > 0) store.tags.mark({ tagIds: [id], targets, answer, source: 'person' });
    }
    return id;
  });
}

type Asked = { labelled: Labelled; trackIds: readonly TrackId[]; tagIds: readonly TagId[] };

/** Trains a head and reads the probabilities of untaught clips, `[clips, tags]`; NaN for taught ones. */
async function suggestions(services: Services, encoderId: EncoderId, { labelled, trackIds, tagIds }: Asked): Promise<Float64Array> {
  await services.heads.train({ encoderId, architecture: 'logistic', groupBy: 'artist' }).settled;
  const head = defined(services.heads.list(encoderId)[0], 'a head');
  const places = new Map(trackIds.map((trackId, clip) => [trackId, clip]));
  const scores = new Float64Array(labelled.clips.length * tagIds.length).fill(NaN);
  for (const [tag, tagId] of tagIds.entries()) {
    const label = head.labels.find((one) => one.tagId === tagId)?.label ?? null;
    if (label === null) continue;
    for (let offset = 0; ; offset += 500) {
      const page = await services.suggesting.tracks({ headId: head.id, label, offset, limit: 500, atLeast: 0, includeAnswered: false });
      for (const { trackId, probability } of page.rows) scores[(places.get(trackId) ?? 0) * tagIds.length + tag] = probability;
      if (offset + 500 >= page.total) break;
    }
  }
  return scores;
}

/** Means of tracks' embeddings. */
async function embeddings({ store }: Services, encoderId: EncoderId, trackIds: readonly TrackId[]): Promise<Float32Array[]> {
  const { dimensions } = store.encoders.get(encoderId);
  return trackIds.map((trackId) => {
    const all = store.index.embeddings(encoderId, trackId);
    const mean = new Float32Array(dimensions);
    for (const [i, value] of all.entries()) mean[i % dimensions] = (mean[i % dimensions] ?? 0) + (value * dimensions) / all.length;
    return mean;
  });
}

/** The coefficients through the very same head. */
async function learnt(vectors: readonly Float32Array[], { clips, tags }: Labelled): Promise<Float64Array> {
  const dimensions = defined(vectors[0], 'a vector').length;
  const taught = clips.flatMap(({ isTaught }, i) => (isTaught ? [i] : []));
  const flat = (rows: readonly number[]): Float32Array => Float32Array.from(rows.flatMap((row) => [...defined(vectors[row], 'a vector')]));
  const worker = new HeadWorker(sourceEntries.headProcess);
  try {
    const examples = {
      ...{ embeddings: flat(taught), dimensions, labels: tags.length, weights: new Float32Array(taught.length * tags.length).fill(1) },
      answers: Uint8Array.from(taught.flatMap((row) => defined(clips[row], 'a clip').tags.map(Number))),
      groups: Int32Array.from(taught),
    };
    const { tensors } = await worker.fit(examples, { architecture: 'logistic', folds: 5, seed: 1, grouping: 'artist' });
    return Float64Array.from(await worker.predict(tensors, flat(clips.map((_, row) => row))));
  } finally {
    worker.close();
  }
}

function figures(name: string, { clips, tags }: Labelled, scores: Float64Array): BenchRow[] {
  const tested = clips.flatMap(({ isTaught }, i) => (isTaught ? [] : [i]));
  const groups = tested.map((row) => defined(clips[row], 'a clip').piece);
  const macro = (figure: typeof metrics.rocAuc) => (weights: Float64Array) => {
    const drawn = tested.flatMap((row, i) => new Array<number>(weights[i] ?? 0).fill(row));
    const each = tags.map((_, tag) => {
      const labels = drawn.map((row) => Number(clips[row]?.tags[tag]));
      return figure(
        labels,
        drawn.map((row) => scores[row * tags.length + tag] ?? NaN),
      );
    });
    return metrics.macro(Float64Array.from(each)).mean;
  };
  return [
    { what: 'ROC-AUC, macro by tag', figure: metrics.rocAuc },
    { what: 'average precision, macro by tag', figure: metrics.averagePrecision },
  ].map(({ what, figure }) => row(`${name}: ${what}`, metrics.bootstrap(macro(figure), { groups, replicates: 300 })));
}

function retrieval(name: string, clips: readonly Clip[], vectors: readonly Float32Array[]): BenchRow {
  const neighbours = new Int32Array(clips.length * nearest).fill(-1);
  for (const [query, own] of vectors.entries()) {
    const others = clips.flatMap(({ piece }, i) => (piece === clips[query]?.piece ? [] : [i]));
    const near = others.map((i) => ({ i, score: dot(own, defined(vectors[i], 'a vector')) })).sort((a, b) => b.score - a.score);
    for (let place = 0; place < nearest; place++) neighbours[query * nearest + place] = near[place]?.i ?? -1;
  }
  const styles = clips.map(({ style }) => style);
  const precisions = metrics.precisionsAt(neighbours, styles, { width: nearest, count: nearest });
  const pieces = clips.map(({ piece }) => piece);
  return row(`${name}: precision at ${nearest} by style, other pieces`, metrics.meanPrecision(precisions, pieces));
}

function row(what: string, { value, low, high }: metrics.Estimate): BenchRow {
  return {
    what,
    value,
    unit: '',
    against: low === null || high === null ? 'too few pieces to tell' : `95 % ${low.toFixed(3)}–${high.toFixed(3)}`,
  };
}

function standardised(vectors: readonly Float32Array[]): Float32Array[] {
  const mean = meanOf(vectors);
  const square = meanOf(vectors.map((vector) => vector.map((value, i) => (value - (mean[i] ?? 0)) ** 2)));
  return vectors.map((vector) => unit(vector.map((value, i) => (value - (mean[i] ?? 0)) / Math.sqrt(square[i] || 1))));
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(defined(vectors[0], 'a vector').length);
  for (const vector of vectors) for (const [i, value] of vector.entries()) mean[i] = (mean[i] ?? 0) + value / vectors.length;
  return mean;
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** librosa's coefficients of each clip. */
async function cepstral(clips: readonly Clip[]): Promise<Float32Array[]> {
  const folder = await mkdtemp(join(tmpdir(), 'earmark-mfcc-'));
  try {
    const out = join(folder, 'mfcc.safetensors');
    const child = spawn(python, [join(top, 'test', 'bench', 'mfcc.py'), out], { stdio: ['pipe', 'inherit', 'inherit'] });
    child.stdin.end(JSON.stringify(clips.map(({ path }) => path)));
    const code = await new Promise((done) => child.on('close', done));
    if (code !== 0) throw new Error(`mfcc.py ended with ${String(code)}`);
    const { data, shape } = defined((await readWeightsFile(out)).get('features'), 'features');
    const width = shape[1] ?? 1;
    return clips.map((_, i) => Float32Array.from(data.subarray(i * width, (i + 1) * width)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
