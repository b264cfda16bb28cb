/**
 * @file What tags and similarity are worth on music whose labels are known: folders laid out as MagnaTagATune (`EARMARK_LABELLED`, `:` between them), each
 * with a data directory (`EARMARK_DATA`, in the same order) that holds it indexed by one encoder or more. Half of the pieces are tagged from the table's
 * columns, heads learn them, and what they suggest for the other half is compared with the columns; by the application's own tags, training and suggestions.
 * Beside them timbre statistics, and mean and deviation of 20 mel cepstral coefficients (librosa, through `.venv`). What was trained of one architecture
 * counts as one contestant with several seeds.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defined } from '../../src-main/base/index.ts';
import { readWeightsFile } from '../../src-main/compute/index.ts';
import type { Encoder, EncoderId, TagId, TrackId } from '../../src-main/contract/index.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { createServices, HeadWorker } from '../../src-main/service/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { labelledRows } from './labelled-figures.ts';
import type { Entry, LabelledSet } from './labelled-figures.ts';
import { readLabels } from './labelled-set.ts';
import type { Clip, Labelled } from './labelled-set.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));
const python = join(top, '.venv', 'bin', 'python');
const coefficientsName = '20 mel cepstral coefficients, mean and deviation';

/** Measures every indexed encoder of the data directories, and the coefficients. */
export async function labelledBench(): Promise<BenchResult> {
  const [folders, directories] = ['EARMARK_LABELLED', 'EARMARK_DATA'].map((name) => process.env[name]?.split(':') ?? []);
  const pairs = (folders ?? []).flatMap((folder, at) => {
    const data = directories?.[at];
    return data !== undefined && existsSync(join(folder, 'annotations_final.csv')) ? [{ folder, data }] : [];
  });
  if (pairs.length === 0 || pairs.length < (folders ?? []).length)
    return {
      name: 'labelled',
      rows: [
        { what: 'not measured', value: 0, unit: '', against: 'EARMARK_LABELLED or EARMARK_DATA is missing, or not a folder for each' },
      ],
    };
  const sets: LabelledSet[] = [];
  for (const { folder, data } of pairs) sets.push(await measured(data, await readLabels(resolve(folder))));
  const rows = labelledRows(sets);
  const isMissing = !sets.some(({ entries }) => entries.some(({ name }) => name === coefficientsName));
  const missing: BenchRow = { what: 'mel cepstral coefficients', value: NaN, unit: '', against: 'npm run bench:setup' };
  return { name: 'labelled', rows: isMissing ? [...rows, missing] : rows };
}

/** Has a copy of a data directory tagged and asked. */
async function measured(data: string, labelled: Labelled): Promise<LabelledSet> {
  const copy = await mkdtemp(join(tmpdir(), 'earmark-labelled-'));
  try {
    await cp(data, copy, { recursive: true, filter: (path) => basename(path) !== 'runs' });
    return { labelled, entries: await entriesOf(copy, labelled) };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function entriesOf(data: string, labelled: Labelled): Promise<Entry[]> {
  const services = createServices({
    dataDirectory: data,
    host: { kind: 'serve', version: 'bench', chooseFolder: nobody, chooseWeights: nobody, reveal: async () => undefined },
    entries: sourceEntries,
    report: (error) => process.stderr.write(`${String(error)}\n`),
  });
  try {
    const { clips } = labelled;
    const trackIds = clips.map(({ path }) => defined(services.store.tracks.findByPath(path)?.id, `the track ${path}`));
    await hearBaseline(services);
    const tagIds = teach(services, labelled, trackIds);
    const entries: Entry[] = [];
    for (const encoder of services.encoders.list()) {
      if (encoder.index === null) continue;
      process.stderr.write(`${encoder.name} …\n`);
      const scores = await suggestions(services, encoder.id, { labelled, trackIds, tagIds });
      const vectors = await embeddings(services, encoder.id, trackIds);
      entries.push({ name: contestant(encoder), isReference: encoder.source === 'built-in', scores, vectors });
    }
    const vectors = existsSync(python) ? await cepstral(clips) : null;
    if (vectors === null) return entries;
    return [...entries, { name: coefficientsName, isReference: true, scores: await learnt(vectors, labelled), vectors }];
  } finally {
    await services.close();
  }
}

/** What differs by the seed alone goes by one name. */
function contestant({ name, architecture, source }: Encoder): string {
  return source === 'trained' || source === 'untrained' ? `${architecture}, ${source}` : name;
}

const nobody = async (): Promise<null> => null;

/** Timbre statistics, which learnt nothing, are measured beside what did, also where the directory has no index of them. */
async function hearBaseline({ encoders }: Services): Promise<void> {
  const { id, index } = encoders.bringBuiltIn();
  if (index === null || index.waiting > 0) await encoders.index({ encoderId: id, device: 'cpu' }).settled;
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
