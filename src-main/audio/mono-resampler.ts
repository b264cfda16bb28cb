/**
 * @file Frames of any rate, format and channel count to mono float32 at one rate.
 *
 * Mono is the mean of the channels. FFmpeg's own down-mix is not used: into float it makes stereo √2 louder than the mean.
 * The resampler is libswresample with a long Kaiser window, measured at -124 dB alias beyond 1.1 times the new Nyquist frequency and a level
 * pass band. Embeddings depend on it, so its settings are frozen: changing one makes every stored embedding a little wrong.
 */
import type { Frame } from 'node-av/lib';
import { FilterChain } from './filter-chain.ts';
import type { FilterStep } from './filter-chain.ts';

/** libswresample's options (see its documentation, "Resampler Options"). */
export const resamplerSettings = {
  /** Taps at the lower of the two rates. */
  filter_size: 128,
  /** Two to this power phases at most; ratios of small whole numbers get exactly as many as they need. */
  phase_shift: 10,
  /** Of the lower Nyquist frequency. */
  cutoff: 0.98,
  filter_type: 'kaiser',
  kaiser_beta: 12,
} as const;

const largestPhases = 2 ** resamplerSettings.phase_shift;

/** How many samples come out of the chain at a time. */
const chunkSamples = 16_384;

/** `sampleRate` of the output, hertz; `trimSamples`: how many samples of the input to leave out at the start. */
export type ChainOptions = { sampleRate: number; trimSamples?: number };

/** Mono samples of frames of one input format; make a new one when the format changes. */
export class MonoResampler {
  readonly #chain: FilterChain;

  /**
   * @param first a frame of the input; its rate, format and layout are taken
   * @throws AppError DECODE_FAILED when the input has a shape that no chain can be made for
   */
  constructor(first: Frame, options: ChainOptions) {
    this.#chain = new FilterChain(first, filters(first, options));
  }

  /** True when the frame can be pushed into this one. */
  accepts(frame: Frame): boolean {
    return this.#chain.accepts(frame);
  }

  /**
   * Puts a frame in.
   * @param frame the next frame; null at the end, which lets the rest out
   * @returns what came out: mono chunks, the caller's own
   */
  *push(frame: Frame | null): Generator<Float32Array, void> {
    for (const output of this.#chain.push(frame)) yield finite(samplesOf(output));
  }

  /** Frees the native parts. */
  free(): void {
    this.#chain.free();
  }
}

function samplesOf(frame: Frame): Float32Array {
  const bytes = frame.toBuffer();
  if (bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, frame.nbSamples);
  return new Float32Array(Uint8Array.from(bytes).buffer, 0, frame.nbSamples);
}

/** Damaged float files hold values that are no numbers; one of them would spoil every sum that it enters. */
function finite(samples: Float32Array): Float32Array {
  for (let i = 0; i < samples.length; i++) if (!Number.isFinite(samples[i])) samples[i] = 0;
  return samples;
}

function filters(frame: Frame, { sampleRate, trimSamples = 0 }: ChainOptions): FilterStep[] {
  const gains = Array.from({ length: frame.channels }, (_, channel) => `${1 / frame.channels}*c${channel}`);
  const trim: FilterStep[] =
    trimSamples > 0
      ? [
          ['atrim', `start_sample=${trimSamples}`],
          ['asetpts', 'PTS-STARTPTS'],
        ]
      : [];
  return [
    ...trim,
    ['aformat', 'sample_fmts=fltp'],
    ['pan', `mono|c0=${gains.join('+')}`],
    ['aresample', `${sampleRate}:${resamplerOptions(frame.sampleRate, sampleRate)}`],
    ['asetnsamples', `n=${chunkSamples}:p=0`],
  ];
}

function resamplerOptions(from: number, to: number): string {
  const options = Object.entries(resamplerSettings).map(([name, value]) => `${name}=${value}`);
  // Between odd rates there are more phases than the table holds: values between two of them are interpolated.
  if (to / greatestCommonDivisor(from, to) > largestPhases) options.push('linear_interp=1');
  return options.join(':');
}

/** Also used to align a cut with the resampler's grid. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
