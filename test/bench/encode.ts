/**
 * @file How many crops a second encoders make vectors of on the processor, as the index does: Earmark's recorded graph, and PyTorch at its best of several
 * ways and batch sizes, in alternating rounds of the same run. SampleCNN has the same weights on both sides, and its vectors are compared; the others are
 * PyTorch's twins of the training bench (what they compute is compared by `test/parity`). `EARMARK_PYTHON` names a Python with torch, torchvision and
 * safetensors, else `.venv` is taken. `node test/bench/encode.ts`
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../src-main/base/index.ts';
import { createEncoderRunner, writeSafetensorsFile } from '../../src-main/compute/index.ts';
import type { EncoderRunner } from '../../src-main/compute/index.ts';
import { chosenEncoder, findEncoder } from '../../src-main/learn/index.ts';
import type { Encoder } from '../../src-main/learn/index.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';

/** `embeddings`: null where the weights are not the same. */
type Best = { torch: string; way: string; batch: number; embeddings: number[] | null };
type Rival = { best: Best; round(): Promise<number>; close(): void };

const rounds = 7;
const roundMs = 1200;
const crops = 4;

/** The larger encoders that are measured too, each as its own paper has it, Music2Vec's with 5 s. */
const others: readonly [title: string, () => Encoder][] = [
  ['ResNet-50 on log-mel (VICMus)', () => findEncoder('resnet', 22050)],
  ['Music2Vec, base', () => chosenEncoder({ architecture: 'data2vec', size: 'base', cropSeconds: 5, sampleRate: 16_000 })],
  [
    'ViT-small on mel, square patches (Myna)',
    () =>
      chosenEncoder({
        architecture: 'vit',
        transformer: 'small',
        patches: 'square',
        keptShare: 0.1,
        sampleRate: 16_000,
        loudness: 'power',
      }),
  ],
];

/** Measures SampleCNN; takes about two minutes with PyTorch, ten seconds without. */
export async function encodeBench(): Promise<BenchResult> {
  const memoryBefore = process.memoryUsage().rss;
  return { name: 'encode', rows: await encodeRows('SampleCNN at 22050 Hz', findEncoder('sample-cnn', 22050), memoryBefore) };
}

/** Measures all; takes some ten minutes with PyTorch, of which compiling takes the most. */
export async function encodersBench(): Promise<BenchResult> {
  const { rows } = await encodeBench();
  for (const [title, make] of others) rows.push(...(await encodeRows(title, make())));
  return { name: 'encode', rows };
}

/** @param memoryBefore bytes that the process held; absent for later encoders, which take up what earlier ones gave back */
async function encodeRows(title: string, encoder: Encoder, memoryBefore?: number): Promise<BenchRow[]> {
  const weights = encoder.initialise(1);
  const random = seededRandom(2);
  const waves = Float32Array.from({ length: crops * encoder.cropSamples }, () => random.normal() * 0.2);
  const runner = await createEncoderRunner({ settings: encoder.settings, weights, device: 'cpu' });
  const folder = await mkdtemp(join(tmpdir(), 'earmark-bench-'));
  try {
    const embeddings = await runner.encode(waves, crops);
    await measure(runner, waves, roundMs);
    const what = `memory for the encoder, ${title}, batch ${runner.bestBatch}`;
    const memory: BenchRow[] =
      memoryBefore === undefined ? [] : [{ what, value: (process.memoryUsage().rss - memoryBefore) / 1e6, unit: 'MB' }];
    const path = join(folder, 'weights.safetensors');
    const input = { shape: [crops, encoder.cropSamples], data: waves };
    await writeSafetensorsFile(path, new Map([...weights, ['input.wave', input]]));
    const rival = await startPyTorch(path, JSON.stringify(encoder.settings));
    return [...(await alternate({ title, runner, waves, rival, embeddings })), ...memory];
  } finally {
    await runner.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type Contest = { title: string; runner: EncoderRunner; waves: Float32Array; rival: Rival | string; embeddings: Float32Array };

async function alternate({ title, runner, waves, rival, embeddings }: Contest): Promise<BenchRow[]> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < rounds; i++) {
    ours.push(await measure(runner, waves, roundMs));
    if (typeof rival !== 'string') theirs.push(await rival.round());
  }
  const value = median(ours);
  const row: BenchRow = { what: `median, ${title}, processor, batch ${runner.bestBatch}`, value, unit: 'crops/s' };
  if (typeof rival === 'string') return [{ ...row, against: rival }];
  rival.close();
  const { torch, way, batch, embeddings: expected } = rival.best;
  const other = median(theirs);
  const rate: BenchRow = { ...row, against: `PyTorch ${torch}, ${way}, batch ${batch}: ${other.toFixed(1)} crops/s`, ratio: value / other };
  if (expected === null) return [rate];
  const what = `largest relative difference of the embeddings, ${title}`;
  return [rate, { what, value: difference(embeddings, expected), unit: '', against: `PyTorch ${torch}` }];
}

async function measure(runner: EncoderRunner, waves: Float32Array, durationMs: number): Promise<number> {
  const batch = Math.min(runner.bestBatch, crops);
  const part = waves.subarray(0, batch * runner.cropSamples);
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < durationMs) {
    await runner.encode(part, batch);
    count += batch;
  }
  return (count * 1000) / (performance.now() - start);
}

/** PyTorch at its best way and batch size, or why it is not there. */
async function startPyTorch(path: string, settings: string): Promise<Rival | string> {
  const python = process.env['EARMARK_PYTHON'] ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
  if (!existsSync(python)) return 'PyTorch: not measured, EARMARK_PYTHON names no Python with torch and safetensors, and there is no .venv';
  const child = spawn(python, [fileURLToPath(new URL('encode.py', import.meta.url)), path, settings], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) return 'PyTorch: not installed, or its script failed (see above)';
  return {
    best: JSON.parse(first.value) as Best,
    round: async () => {
      child.stdin.write('\n');
      const { value } = await lines.next();
      return (JSON.parse(String(value)) as { cropsPerSecond: number }).cropsPerSecond;
    },
    close: () => closeInput(child),
  };
}

function closeInput(child: ChildProcess): void {
  child.stdin?.end();
}

function difference(ours: ArrayLike<number>, expected: readonly number[]): number {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.reduce((most, value, index) => Math.max(most, Math.abs(value - (ours[index] ?? NaN))), 0) / largest;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await encodersBench(), null, 2));
