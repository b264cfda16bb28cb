/**
 * @file Levels that cannot be. Whole numbers have a full scale; floats only have the habit of one, and files exist whose floats lie between ±32 768.
 *
 * A file that stores floats and goes beyond full scale is divided by its peak, all of it by the same number, so that every cut has the level that it
 * has in the whole. Codecs that compress go a little beyond full scale where the original came near it; that is left as it is. Beyond +60 dBFS
 * (1000 times full scale) a file is refused: it is damaged, or holds other numbers than its header says. Values that are no finite numbers are taken
 * for silence before the resampler, whose window would spread each of them over its neighbours; the file counts as damaged, and says how many.
 */
import { avGetCodecName } from 'node-av/lib';
import type { Frame } from 'node-av/lib';
import { AV_SAMPLE_FMT_DBL, AV_SAMPLE_FMT_DBLP, AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP } from 'node-av/constants';
import { AppError } from '../base/index.ts';
import { FrameReader } from './frame-reader.ts';
import { openAudio } from './open-audio.ts';
import type { OpenAudio } from './open-audio.ts';

/** +60 dBFS. */
const mostAmplitude = 1000;

const singles: readonly number[] = [AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP];
const doubles: readonly number[] = [AV_SAMPLE_FMT_DBL, AV_SAMPLE_FMT_DBLP];

/** Greatest finite amplitude of a file, and how many of its samples are no finite numbers. */
type Measured = { peak: number; nonFinite: number };

/** What was measured; crops of one file are taken again and again. */
const known = new Map<string, Measured>();
const mostKnown = 10_000;

/**
 * What a file's samples are multiplied by, and how many of them are no finite numbers.
 * @throws AppError DECODE_FAILED beyond +60 dBFS, and as `openAudio`
 */
export function levelOf(audio: OpenAudio): { gain: number; nonFinite: number } {
  if (!storesFloats(audio)) return { gain: 1, nonFinite: 0 };
  const { path, version } = audio.source;
  const key = `${version} ${path}`;
  const measured = known.get(key) ?? measure(path);
  const { peak, nonFinite } = measured;
  if (known.size >= mostKnown) known.clear();
  known.set(key, measured);
  checkAmplitude(peak, path);
  return { gain: peak > 1 ? 1 / peak : 1, nonFinite };
}

/** @throws AppError DECODE_FAILED when a sample lies beyond +60 dBFS */
export function checkBlock(samples: Float32Array, path: string): void {
  let most = 0;
  for (let i = 0; i < samples.length; i++) most = Math.max(most, Math.abs(samples[i] as number));
  checkAmplitude(most, path);
}

function checkAmplitude(amplitude: number, path: string): void {
  if (amplitude <= mostAmplitude) return;
  const decibels = Math.round(20 * Math.log10(amplitude));
  const says = `${path} holds samples of ${amplitude.toPrecision(3)} times full scale (+${decibels} dBFS), which is no music.`;
  const advice = 'It is damaged, or its numbers are scaled otherwise than its header says; write it anew with full scale at 1.';
  throw new AppError('DECODE_FAILED', `${says} ${advice}`, { details: { path, amplitude } });
}

function storesFloats({ parameters }: OpenAudio): boolean {
  const name = avGetCodecName(parameters.codecId) ?? '';
  return /^pcm_f\d/.test(name) || (name === 'wavpack' && singles.includes(parameters.format));
}

/** The greatest amplitude of any channel; what is no finite number does not count in it. */
function measure(path: string): Measured {
  const audio = openAudio(path);
  let reader: FrameReader | null = null;
  const found: Measured = { peak: 0, nonFinite: 0 };
  try {
    reader = new FrameReader(audio);
    for (const frame of reader.read()) measureFrame(frame, found);
    return found;
  } finally {
    reader?.free();
    audio.close();
  }
}

function measureFrame(frame: Frame, found: Measured): void {
  const isDouble = doubles.includes(frame.format);
  if (!isDouble && !singles.includes(frame.format)) return;
  for (const plane of frame.extendedData ?? frame.data ?? []) {
    const bytes = Uint8Array.from(plane);
    const values = isDouble ? new Float64Array(bytes.buffer) : new Float32Array(bytes.buffer);
    for (let i = 0; i < values.length; i++) {
      const amplitude = Math.abs(values[i] as number);
      if (!Number.isFinite(amplitude)) found.nonFinite++;
      else if (amplitude > found.peak) found.peak = amplitude;
    }
  }
}
