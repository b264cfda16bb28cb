/**
 * @file How many views the augmentation chain makes a second on one core, as a whole (CLMR's released settings) and transform by transform; and the
 * `sox` program doing pitch shift and reverb, which CLMR's code calls, on the same crops in the same run. Times are CPU times.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Augmenter } from '../../src-main/audio/index.ts';
import type { DrawnTransforms } from '../../src-main/audio/augment/index.ts';
import { seededRandom } from '../../src-main/base/index.ts';
import { pretraining } from '../../src-main/contract/index.ts';
import { hasSox, soxCpuMs } from '../support/sox.ts';
import { writeFloatWav } from '../support/make-audio.ts';
import type { BenchResult, BenchRow } from './bench-result.ts';

const sampleRate = 22_050;
const cropSamples = 59_049;
const crops = 60;
const rounds = 5;

const nothing: DrawnTransforms = { polarity: null, noise: null, gain: null, filter: null, delay: null, pitch: null, reverb: null };
const alone: Record<string, Partial<DrawnTransforms>> = {
  polarity: { polarity: true },
  noise: { noise: { ratio: 0.01, seed: 1 } },
  gain: { gain: { db: -6 } },
  'steep low-pass': { filter: { pass: 'low', hertz: 3100, slope: 'steep' } },
  'steep high-pass': { filter: { pass: 'high', hertz: 700, slope: 'steep' } },
  'gentle low-pass': { filter: { pass: 'low', hertz: 3100, slope: 'gentle' } },
  delay: { delay: { ms: 350, feedback: 0.5, halve: true } },
  'pitch +7': { pitch: { semitones: 7 } },
  'pitch −7': { pitch: { semitones: -7 } },
  reverb: { reverb: { roomSize: 50, reverberance: 50, damping: 50, stereoDepth: 100 } },
};

/** Runs the bench; takes about twenty seconds. */
export async function augmentBench(): Promise<BenchResult> {
  const augmenter = new Augmenter({ sampleRate, settings: pretraining.augmentationSets.released });
  const clips = makeCrops();
  const chain = (crop: Float32Array, index: number): unknown => augmenter.augment(crop, seededRandom(index));
  measure(clips, chain);
  const rows: BenchRow[] = [{ what: 'whole chain, median', value: measure(clips, chain), unit: 'views/s per core' }];
  for (const [name, transform] of Object.entries(alone)) {
    const drawn = { ...nothing, ...transform };
    measure(clips.slice(0, 10), (crop) => augmenter.apply(crop, drawn));
    const value = measure(clips, (crop) => augmenter.apply(crop, drawn));
    rows.push({ what: `${name} alone, median`, value, unit: 'views/s per core' });
  }
  rows.push(pitchAndReverb(augmenter, clips));
  return { name: 'augment', rows };
}

/** Chords that change, and noise. */
function makeCrops(): Float32Array[] {
  const random = seededRandom(1);
  return Array.from({ length: crops }, () => {
    const roots = Array.from({ length: 6 }, () => 110 * 2 ** (random.below(24) / 12));
    return Float32Array.from({ length: cropSamples }, (_, i) => {
      const root = roots[Math.floor((i * roots.length) / cropSamples)] ?? 110;
      const angle = (2 * Math.PI * root * i) / sampleRate;
      return 0.1 * (Math.sin(angle) + Math.sin(2 * angle) / 2 + Math.sin(3 * angle) / 3) + 0.02 * random.normal();
    });
  });
}

/** Views a second of CPU time; the median of some rounds. */
function measure(clips: readonly Float32Array[], transform: (crop: Float32Array, index: number) => unknown): number {
  const crop = new Float32Array(cropSamples);
  const speeds = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    clips.forEach((clip, index) => {
      crop.set(clip);
      transform(crop, index);
    });
    const { user, system } = process.cpuUsage(before);
    return (clips.length * 1e6) / (user + system);
  });
  return median(speeds);
}

/** Pitch shift and reverb alone, with one setting a round for both; sox reads one file with all crops and counts its start-up once. */
function pitchAndReverb(augmenter: Augmenter, clips: readonly Float32Array[]): BenchRow {
  const what = 'pitch and reverb, median';
  const unit = 'views/s per core';
  const drawn: DrawnTransforms = {
    ...nothing,
    pitch: { semitones: 3 },
    reverb: { roomSize: 50, reverberance: 50, damping: 50, stereoDepth: 100 },
  };
  if (!hasSox) return { what, value: measure(clips, (crop) => augmenter.apply(crop, drawn)), unit, against: 'sox is not installed' };
  const folder = mkdtempSync(join(tmpdir(), 'earmark-bench-'));
  try {
    const path = join(folder, 'crops.wav');
    const together = new Float32Array(clips.length * cropSamples);
    clips.forEach((clip, index) => together.set(clip, index * cropSamples));
    writeFloatWav(path, together, { sampleRate, channels: 1 });
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      ours.push(measure(clips, (crop) => augmenter.apply(crop, drawn)));
      theirs.push((clips.length * 1000) / soxCpuMs(path, ['pitch', '300', 'reverb', '50', '50', '50', '100']));
    }
    const value = median(ours);
    return { what, value, unit, against: `${median(theirs).toFixed(0)} ${unit} (sox)`, ratio: value / median(theirs) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await augmentBench(), null, 1));
