/**
 * @file A training step on the processor, of a recipe's own settings: Earmark, and PyTorch at its best of several ways, in alternating rounds of one run; the
 * memory of each; PyTorch in bfloat16, which rounds every product to three digits; and, for SampleCNN, how much of the machine's own matrix product a whole
 * step reaches. `EARMARK_PYTHON` names a Python with torch, else `.venv` is taken.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../src-main/base/index.ts';
import { openSession } from '../../src-main/compute/index.ts';
import { pretraining } from '../../src-main/contract/index.ts';
import { publishedChannels } from '../../src-main/learn/encoders/sample-cnn-layers.ts';
import type { BenchOptions, BenchResult, BenchRow } from './bench-result.ts';

type Round = { seconds: number; megabytes: number };
/** `stepSeconds` is null where the machine cannot. */
type Runner = { stepSeconds: number | null; round(steps: number): Promise<Round>; close(): Promise<void> };
type Settings = pretraining.PretrainSettings;

/** The batches that recipes are measured with; the first is also looked at in bfloat16. Learning from labels is a step of the encoder that it is done with. */
const batches = {
  library: [128],
  clmr: [16, 48],
  vicreg: [16],
  vicmus: [32],
  'simclr-mel': [32],
  cpc: [16],
  music2vec: [8],
  myna: [64],
} as const satisfies Partial<Record<pretraining.RecipeName, readonly number[]>>;
type Measured = keyof typeof batches;
/** Ways of PyTorch, as they are looked for: the best layout first, which is then compiled. */
const layouts: Readonly<Record<string, readonly string[]>> = {
  'sample-cnn': ['eager', 'eager image channels-last'],
  resnet: ['eager', 'eager channels-last'],
};
const rounds = 3;
/** A round has as many steps as take about so long. */
const roundSeconds = 4;

/** Measures; takes some minutes with PyTorch, of which compiling takes the most. @throws AppError `NOT_FOUND` for a recipe that does not exist */
export async function trainBench({ recipe = 'clmr' }: BenchOptions = {}): Promise<BenchResult> {
  const names = Object.keys(batches) as Measured[];
  const name = names.find((one) => one === recipe);
  if (name === undefined) throw new AppError('NOT_FOUND', `Steps of ${recipe} are not measured. Those of ${names.join(', ')} are.`);
  const found = process.env['EARMARK_PYTHON'] ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
  const python = existsSync(found) ? found : undefined;
  const settings = settingsOf(name);
  const rows: BenchRow[] = [];
  let way: string | undefined;
  for (const [index, batch] of batches[name].entries()) {
    const work = { settings, batch };
    if (python !== undefined) way ??= await findBestWay(python, work);
    rows.push(...(await measure(work, python === undefined || way === undefined ? undefined : { python, way, alsoHalf: index === 0 })));
  }
  return { name: 'train', rows };
}

/** The recipe's own settings; Myna's encoder as large as in the paper, which a step is short enough for, and cut into squares. */
function settingsOf(name: Measured): Settings {
  const settings = pretraining.recipeDefaults[name];
  const { encoder } = settings;
  if (encoder.architecture !== 'vit') return settings;
  return { ...settings, encoder: { ...pretraining.encoderDefaults.vit, transformer: 'small' } };
}

type Work = { settings: Settings; batch: number };
type Peer = { python: string; way: string; alsoHalf: boolean };

/** Layouts first, then the best of them compiled. */
async function findBestWay(python: string, work: Work): Promise<string> {
  let best = { way: 'eager', seconds: Infinity };
  const look = async (way: string): Promise<void> => {
    const runner = await startPyTorch(python, way, work);
    await runner.close();
    const seconds = runner.stepSeconds ?? Infinity;
    process.stderr.write(`PyTorch, ${way}, batch ${work.batch}: ${seconds.toFixed(2)} s a step\n`);
    if (seconds < best.seconds) best = { way, seconds };
  };
  for (const way of layouts[work.settings.encoder.architecture] ?? ['eager']) await look(way);
  await look(best.way.replace('eager', 'compile'));
  return best.way;
}

async function measure(work: Work, peer: Peer | undefined): Promise<BenchRow[]> {
  const { settings, batch } = work;
  const child = fileURLToPath(new URL('train-child.ts', import.meta.url));
  const ours = await start(process.execPath, [child, String(batch), JSON.stringify(settings)]);
  const theirs = peer === undefined ? undefined : await startPyTorch(peer.python, peer.way, work);
  const steps = Math.max(1, Math.round(roundSeconds / (ours.stepSeconds ?? roundSeconds)));
  const isSampleCnn = settings.encoder.architecture === 'sample-cnn';
  const [own, others, products]: [Round[], Round[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    own.push(await ours.round(steps));
    if (theirs !== undefined) others.push(await theirs.round(steps));
    if (isSampleCnn) products.push(await productRate());
  }
  await ours.close();
  await theirs?.close();
  const clipsOf = (of: readonly Round[]): number => (clipsAStep(settings) * batch) / median(of.map(({ seconds }) => seconds));
  const memoryOf = (of: readonly Round[]): number => Math.max(...of.map(({ megabytes }) => megabytes));
  const [clips, memory] = [clipsOf(own), memoryOf(own)];
  const against = (value: number, unit: string, ratio: number): Pick<BenchRow, 'against' | 'ratio'> =>
    peer === undefined
      ? { against: 'PyTorch: not measured, there is no Python with torch' }
      : { against: `PyTorch, ${peer.way}: ${value.toPrecision(4)} ${unit}`, ratio };
  const rows: BenchRow[] = [
    {
      what: `median, training step of ${settings.recipe}, batch ${batch}`,
      value: clips,
      unit: 'clips/s',
      ...against(clipsOf(others), 'clips/s', clips / clipsOf(others)),
    },
    {
      what: `peak memory of the process, batch ${batch}`,
      value: memory,
      unit: 'MB',
      ...against(memoryOf(others), 'MB', memory / memoryOf(others)),
    },
  ];
  if (isSampleCnn) rows.push(arithmeticRow({ batch, clips, product: Math.max(...products) }));
  if (peer?.alsoHalf === true) rows.push(await halfRow(work, peer, clips));
  return rows;
}

/** Views of a track, or its one crop. */
function clipsAStep({ objective }: Settings): number {
  return pretraining.comparesViews(objective) ? 2 : 1;
}

/** PyTorch in half the bits: another computation, whose results differ, shown for who would take it. */
async function halfRow(work: Work, { python, way }: Peer, clips: number): Promise<BenchRow> {
  const half = `${way} bfloat16`;
  const runner = await startPyTorch(python, half, work);
  const what = `the same in float32, beside bfloat16, batch ${work.batch}`;
  if (runner.stepSeconds === null) {
    await runner.close();
    return { what, value: clips, unit: 'clips/s', against: 'PyTorch in bfloat16: not measured, the processor has no instructions for it' };
  }
  const { seconds } = await runner.round(Math.max(1, Math.round(roundSeconds / runner.stepSeconds)));
  await runner.close();
  const other = (clipsAStep(work.settings) * work.batch) / seconds;
  return {
    what,
    value: clips,
    unit: 'clips/s',
    against: `PyTorch, ${half}, once: ${other.toPrecision(4)} clips/s`,
    ratio: clips / other,
  };
}

function arithmeticRow({ batch, clips, product }: { batch: number; clips: number; product: number }): BenchRow {
  const rate = stepGigaflops() * clips;
  return {
    what: `arithmetic of the whole step, batch ${batch}`,
    value: rate,
    unit: 'GFLOP/s',
    against: `the largest matrix product alone: ${product.toFixed(0)} GFLOP/s`,
    ratio: rate / product,
  };
}

/** Arithmetic of a clip's share of a step: the convolutions forwards, and twice that backwards but for the first layer's input. */
function stepGigaflops(): number {
  let time = 19_683;
  return publishedChannels.reduce((sum, channels, layer) => {
    const inside = publishedChannels[layer - 1] ?? 1;
    const own = (2 * 3 * inside * channels * time) / 1e9;
    if (layer > 0) time = Math.max(1, time / 3);
    return sum + own * (layer === 0 ? 2 : 3);
  }, 0);
}

/** GFLOP/s of one large product on ONNX Runtime. */
async function productRate(): Promise<number> {
  const side = 2048;
  const matrix = (name: string): { name: string; type: 'float32'; shape: number[] } => ({ name, type: 'float32', shape: [side, side] });
  const node = { op: 'MatMul', inputs: ['a', 'b'], outputs: ['c'], attributes: {} };
  const session = await openSession({
    graph: { name: 'product', nodes: [node], constants: [], inputs: [matrix('a'), matrix('b')], outputs: [matrix('c')] },
    device: 'cpu',
  });
  const data = new Float32Array(side * side).fill(0.5);
  let best = 0;
  for (let i = 0; i < 4; i++) {
    const startedAt = performance.now();
    await session.run({ a: { shape: [side, side], data }, b: { shape: [side, side], data } });
    best = Math.max(best, (2 * side ** 3) / 1e6 / (performance.now() - startedAt));
  }
  await session.close();
  return best;
}

function startPyTorch(python: string, way: string, { settings, batch }: Work): Promise<Runner> {
  return start(python, [fileURLToPath(new URL('train.py', import.meta.url)), way, String(batch), JSON.stringify(settings)]);
}

async function start(program: string, args: string[]): Promise<Runner> {
  const child: ChildProcess = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null || child.stdin === null) throw new Error(`${program} has no streams`);
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${program} ${args.slice(0, 3).join(' ')} ended before it answered`);
    return value;
  };
  const { seconds: stepSeconds } = JSON.parse(await read()) as { seconds: number | null };
  return {
    stepSeconds,
    round: async (steps) => {
      stdin.write(`${steps}\n`);
      return JSON.parse(await read()) as Round;
    },
    close: async () => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      stdin.end();
      await closed;
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
