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

/** Decoders give frames of about a thousand samples; put together they pass the filters in fewer and quicker calls. */
const gatheredSamples = 16_384;

/**
 * `sampleRate` of the output, hertz; `chunkSamples` come out at a time; `trimSamples` of the input are left out at the start; `silencesNonFinite`:
 * samples that are no finite numbers become 0 before anything else is computed of them.
 */
export type ChainOptions = { sampleRate: number; chunkSamples: number; trimSamples?: number; silencesNonFinite?: boolean };

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
   * @param frame the next frame; null at the end, which lets the remainder out
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

/** The frame's samples in a buffer of their own, which may be transferred to another thread. */
function samplesOf(frame: Frame): Float32Array {
  const bytes = frame.toBuffer();
  const isOwn = bytes.byteOffset === 0 && bytes.buffer.byteLength === frame.nbSamples * 4;
  return isOwn ? new Float32Array(bytes.buffer) : new Float32Array(Uint8Array.from(bytes).buffer, 0, frame.nbSamples);
}

/** Damaged packets can decode to values that are no numbers; one of them would spoil every sum that it enters. */
function finite(samples: Float32Array): Float32Array {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i] as number;
  if (Number.isFinite(sum)) return samples;
  for (let i = 0; i < samples.length; i++) if (!Number.isFinite(samples[i])) samples[i] = 0;
  return samples;
}

function filters(frame: Frame, { sampleRate, chunkSamples, trimSamples = 0, silencesNonFinite = false }: ChainOptions): FilterStep[] {
  const gains = Array.from({ length: frame.channels }, (_, channel) => `${1 / frame.channels}*c${channel}`);
  const trim: FilterStep[] =
    trimSamples > 0
      ? [
          ['atrim', `start_sample=${trimSamples}`],
          ['asetpts', 'PTS-STARTPTS'],
        ]
      : [];
  const silent = Array.from(
    { length: frame.channels },
    (_, channel) => `if(isnan(val(${channel}))+isinf(val(${channel})),0,val(${channel}))`,
  );
  const finiteOnly: FilterStep[] = silencesNonFinite
    ? [['aeval', `exprs=${silent.map((one) => one.replaceAll(',', '\\,')).join('|')}:c=same`]]
    : [];
  return [
    ...trim,
    ...finiteOnly,
    ['asetnsamples', `n=${gatheredSamples}:p=0`],
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
