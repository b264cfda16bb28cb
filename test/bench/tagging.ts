/**
 * @file Training tags: 20 of them on 2 000 labelled tracks of a library of 4 000, with five folds by artist, from the click to the head, the start of its
 * process included; then the first page of suggestions. Embeddings are made up: 40 hidden numbers a track, mixed into 512 features and rectified, with
 * noise on every segment; a tag follows from the hidden numbers with noise, and from 2 % to 40 % of the tracks carry it. Beside it scikit-learn
 * (`EARMARK_PYTHON`, else `.venv`) on the same numbers: its figures and time, and its logistic regression at one penalty.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defined, seededRandom } from '../../src-main/base/index.ts';
import { fitHead, HeadPredictor } from '../../src-main/compute/index.ts';
import type { EncoderId, TrackId } from '../../src-main/contract/index.ts';
import { sourceEntries } from '../../src-main/host/core.ts';
import { metrics } from '../../src-main/learn/index.ts';
import type { heads } from '../../src-main/learn/index.ts';
import { createServices } from '../../src-main/service/index.ts';
import type { Services } from '../../src-main/service/index.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';
import { makeSyntheticIndex } from './synthetic-index.ts';
import type { RowMaker } from './synthetic-index.ts';

const library = 4000;
const labelled = 2000;
const tags = 20;
const hidden = 40;
const features = 512;
const perTrack = 8;
const rounds = 3;
const penalty = 0.01;
const signal = new AbortController().signal;

/** Measures; some minutes, most of them scikit-learn's. */
export async function taggingBench(): Promise<BenchResult> {
  const directory = await mkdtemp(join(tmpdir(), 'earmark-tagging-'));
  try {
    const made = music();
    const { encoderId } = makeSyntheticIndex(join(directory, 'data'), library * perTrack, features, { perTrack, makeRows: made.rows });
    const rows = await trainRounds(join(directory, 'data'), encoderId, made);
    return { name: 'tagging', rows: [...rows, ...(await besideScikitLearn(directory, made))] };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** `rows` makes segments of the track at a place of the library; `answers` are `[library, tags]`; `means` `[library, features]` fills as rows are made. */
type Music = { rows: RowMaker; answers: Uint8Array; means: Float32Array };

function music(): Music {
  const random = seededRandom(11);
  const draw = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());
  const [tracks, mixing, directions] = [draw(library * hidden), draw(features * hidden), draw(tags * hidden)];
  const product = (matrix: Float32Array, row: number, track: number): number => {
    let sum = 0;
    for (let i = 0; i < hidden; i++) sum += ((matrix[row * hidden + i] as number) * (tracks[track * hidden + i] as number)) / (1 + 0.1 * i);
    return sum;
  };
  const answers = new Uint8Array(library * tags);
  for (let tag = 0; tag < tags; tag++) {
    const scores = Float32Array.from({ length: library }, (_, track) => product(directions, tag, track) + 2 * random.normal());
    const share = 0.02 + (0.38 * tag) / (tags - 1);
    const least = scores.toSorted()[Math.floor((1 - share) * library)] as number;
    for (const [track, score] of scores.entries()) answers[track * tags + tag] = score >= least ? 1 : 0;
  }
  const means = new Float32Array(library * features);
  const rows: RowMaker = (track, count) => {
    const own = new Float32Array(count * features);
    for (let feature = 0; feature < features; feature++) {
      const base = product(mixing, feature, track);
      for (let segment = 0; segment < count; segment++) {
        const value = Math.max(0, base + 2 * random.normal());
        own[segment * features + feature] = value;
        means[track * features + feature] = (means[track * features + feature] as number) + value / count;
      }
    }
    return own;
  };
  return { rows, answers, means };
}

function open(dataDirectory: string): Services {
  const nobody = async (): Promise<null> => null;
  return createServices({
    dataDirectory,
    host: { kind: 'serve', version: 'bench', chooseFolder: nobody, chooseWeights: nobody, reveal: async () => undefined },
    entries: sourceEntries,
    report: (error) => process.stderr.write(`${String(error)}\n`),
  });
}

/** Every second track of the library is labelled, yes or no of every tag. */
function teach({ store }: Services, { answers }: Music): void {
  const order = store.tracks.inLibraryOrder().ids;
  for (let tag = 0; tag < tags; tag++) {
    const { id } = store.tags.create({ kind: '', name: `tag ${tag}` }).tag;
    for (const answer of ['yes', 'no'] as const) {
      const targets = Array.from(order).flatMap((trackId, place) =>
        place % (library / labelled) === 0 && answers[place * tags + tag] === (answer === 'yes' ? 1 : 0)
          ? [{ trackId: trackId as TrackId }]
          : [],
      );
      store.tags.mark({ tagIds: [id], targets, answer, source: 'person' });
    }
  }
}

async function trainRounds(data: string, encoderId: EncoderId, made: Music): Promise<BenchRow[]> {
  const [training, pages]: [number[], number[]] = [[], []];
  let areas: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const services = open(data);
    try {
      if (round === 0) teach(services, made);
      const beganAt = performance.now();
      await services.heads.train({ encoderId, architecture: 'logistic', groupBy: 'artist' }).settled;
      const trainedAt = performance.now();
      const [head] = await services.handlers.heads.list({ encoderId }, signal);
      const { id: headId, labels } = defined(head, 'a head');
      const page = {
        headId,
        label: defined(labels[0]?.label ?? undefined, 'a label'),
        offset: 0,
        limit: 50,
        atLeast: 0,
        includeAnswered: false,
      };
      const { rows } = await services.handlers.suggest.tracks(page, signal);
      pages.push((performance.now() - trainedAt) / 1000);
      training.push((trainedAt - beganAt) / 1000);
      areas = labels.map(({ rocAuc }) => rocAuc?.value ?? NaN);
      process.stderr.write(`${training.at(-1)?.toFixed(2)} s, then ${rows.length} suggestions in ${pages.at(-1)?.toFixed(3)} s\n`);
    } finally {
      await services.close();
    }
  }
  const what = `${tags} tags on ${labelled} labelled tracks, 5 folds by artist, 4 penalties`;
  return [
    {
      what: `train ${what}, median of ${rounds}, with the start of the process`,
      value: median(training),
      unit: 's',
      against: 'wanted: 10 s at most',
    },
    {
      what: `first 50 suggestions of ${library} tracks after it, median of ${rounds}`,
      value: median(pages),
      unit: 's',
      against: 'wanted: 1 s at most',
    },
    { what: 'ROC-AUC of these tags by cross-validation, mean', value: areas.reduce((sum, area) => sum + area, 0) / areas.length, unit: '' },
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** What the other program answers. */
type Reference = { areas: number[]; precisions: number[]; metricSeconds: number; logits: number[]; fitSeconds: number; version: string };

async function besideScikitLearn(directory: string, { answers, means }: Music): Promise<BenchRow[]> {
  const python = process.env['EARMARK_PYTHON'] ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
  if (!existsSync(python))
    return [{ what: 'scikit-learn', value: NaN, unit: '', against: 'not measured: npm run bench:setup makes .venv' }];
  const examples: heads.HeadExamples = {
    ...{ dimensions: features, labels: tags, embeddings: means.slice(0, labelled * features), answers: answers.slice(0, labelled * tags) },
    ...{ weights: new Float32Array(labelled * tags).fill(1), groups: Int32Array.from({ length: labelled }, (_, row) => row) },
  };
  const fit = await fitHead(examples, { architecture: 'logistic', folds: 5, seed: 1, grouping: 'artist', penalties: [penalty] });
  const ours = await new HeadPredictor().predict(fit.tensors, examples.embeddings);
  // Figures of what untaught tracks get, rounded so that some scores are equal.
  const rest = Array.from(
    await new HeadPredictor().predict(fit.tensors, means.slice(labelled * features)),
    (score) => Math.round(score * 50) / 50,
  );
  const truth = answers.slice(labelled * tags);
  const beganAt = performance.now();
  const all = metrics.rankingFigures({ examples: library - labelled, tags, labels: truth, scores: rest });
  const seconds = (performance.now() - beganAt) / 1000;
  const theirs = await ask(python, directory, { examples, truth, rest: Float64Array.from(rest) });
  const gap = (own: ArrayLike<number>, other: readonly number[]): number =>
    other.reduce((most, value, i) => Math.max(most, Math.abs(value - (own[i] ?? NaN))), 0);
  const largest = theirs.logits.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const beside = `scikit-learn ${theirs.version}`;
  return [
    { what: `ROC-AUC of ${tags} tags, largest difference`, value: gap(all.rocAuc.byTag.each, theirs.areas), unit: '', against: beside },
    {
      what: `average precision of ${tags} tags, largest difference`,
      value: gap(all.averagePrecision.byTag.each, theirs.precisions),
      unit: '',
      against: beside,
    },
    {
      what: 'both figures, by tag, by clip and over all',
      ...{ value: seconds, unit: 's', against: `${beside}: ${theirs.metricSeconds.toFixed(3)} s`, ratio: seconds / theirs.metricSeconds },
    },
    {
      what: `logits of the head at a penalty of ${penalty}, largest difference over the largest logit`,
      value: gap(ours, theirs.logits) / largest,
      unit: '',
      against: beside,
    },
    {
      what: `training at one penalty, folds, figures and calibration included`,
      ...{
        value: fit.seconds,
        unit: 's',
        against: `${beside}: ${theirs.fitSeconds.toFixed(2)} s for the ${tags} heads alone`,
        ratio: fit.seconds / theirs.fitSeconds,
      },
    },
  ];
}

type Question = { examples: heads.HeadExamples; truth: Uint8Array; rest: Float64Array };

async function ask(python: string, directory: string, { examples, truth, rest }: Question): Promise<Reference> {
  const files = { embeddings: examples.embeddings, answers: examples.answers, truth, rest };
  for (const [name, array] of Object.entries(files))
    await writeFile(join(directory, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  const script = fileURLToPath(new URL('tagging.py', import.meta.url));
  const child = spawn(python, [script, directory, String(features), String(tags), String(penalty)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${python} ended with code ${String(code)}`);
  return JSON.parse(await readFile(join(directory, 'reference.json'), 'utf8')) as Reference;
}
