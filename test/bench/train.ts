/**
 * @file A training step of CLMR on the processor (SampleCNN at 22 050 Hz, NT-Xent, Adam): Earmark, and PyTorch at its best of several ways, in alternating
 * rounds of one run; the memory of each; and how much of the machine's own matrix product a whole step reaches. `EARMARK_PYTHON` names a Python with
 * torch, else `.venv` is taken.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openSession } from '../../src-main/compute/index.ts';
import { publishedChannels } from '../../src-main/learn/encoders/sample-cnn-layers.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';

type Round = { seconds: number; megabytes: number };
type Runner = { round(): Promise<Round>; close(): Promise<void> };

const ways = ['eager image channels-last', 'compile image channels-last', 'compile image', 'eager image', 'eager'];
const batches = [16, 48];
const rounds = 3;

/** Measures; takes about ten minutes with PyTorch. */
export async function trainBench(): Promise<BenchResult> {
  const python = process.env['EARMARK_PYTHON'] ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
  const rows: BenchRow[] = [];
  let best: string | undefined;
  for (const batch of batches) {
    const scouted: string | undefined = existsSync(python) ? (best ?? (await findBestWay(python, batch))) : undefined;
    best = scouted;
    rows.push(...(await measureBatch(batch, python, scouted)));
  }
  return { name: 'train', rows };
}

async function findBestWay(python: string, batch: number): Promise<string> {
  let best = { way: ways[0] ?? '', seconds: Infinity };
  for (const way of ways) {
    const runner = await startPyTorch(python, way, batch);
    const { seconds } = await runner.round();
    await runner.close();
    process.stderr.write(`PyTorch, ${way}, batch ${batch}: ${((2 * batch) / seconds).toFixed(1)} clips/s\n`);
    if (seconds < best.seconds) best = { way, seconds };
  }
  return best.way;
}

async function measureBatch(batch: number, python: string, way: string | undefined): Promise<BenchRow[]> {
  const ours = await start(process.execPath, [fileURLToPath(new URL('train-child.ts', import.meta.url)), String(batch)]);
  const theirs = way === undefined ? undefined : await startPyTorch(python, way, batch);
  const [own, others, products]: [Round[], Round[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    own.push(await ours.round());
    if (theirs !== undefined) others.push(await theirs.round());
    products.push(await productRate());
  }
  await ours.close();
  await theirs?.close();
  const clips = (2 * batch) / median(own.map(({ seconds }) => seconds));
  const memory = Math.max(...own.map(({ megabytes }) => megabytes));
  const rate = (stepGigaflops() * clips) / 1;
  const product = Math.max(...products);
  const otherClips = (2 * batch) / median(others.map(({ seconds }) => seconds));
  const otherMemory = Math.max(...others.map(({ megabytes }) => megabytes));
  const name = `PyTorch, ${way ?? ''}`;
  const absent = 'PyTorch: not measured, there is no Python with torch';
  return [
    {
      what: `median, training step, batch ${batch}`,
      value: clips,
      unit: 'clips/s',
      ...(way === undefined ? { against: absent } : { against: `${name}: ${otherClips.toFixed(1)} clips/s`, ratio: clips / otherClips }),
    },
    {
      what: `peak memory of the process, batch ${batch}`,
      value: memory,
      unit: 'MB',
      ...(way === undefined ? { against: absent } : { against: `${name}: ${otherMemory.toFixed(0)} MB`, ratio: memory / otherMemory }),
    },
    {
      what: `arithmetic of the whole step, batch ${batch}`,
      value: rate,
      unit: 'GFLOP/s',
      against: `the largest matrix product alone: ${product.toFixed(0)} GFLOP/s`,
      ratio: rate / product,
    },
  ];
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

function startPyTorch(python: string, way: string, batch: number): Promise<Runner> {
  return start(python, [fileURLToPath(new URL('train.py', import.meta.url)), way, String(batch)]);
}

async function start(program: string, args: string[]): Promise<Runner> {
  const child: ChildProcess = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null || child.stdin === null) throw new Error(`${program} has no streams`);
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${program} ${args.join(' ')} ended before it answered`);
    return value;
  };
  await read();
  return {
    round: async () => {
      stdin.write('\n');
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
