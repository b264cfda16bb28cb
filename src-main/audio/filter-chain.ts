/** @file A filter chain over frames: made for the format of a first frame, fed frame by frame. */
import { avChannelLayoutDescribe, avGetSampleFmtName, FFmpegError, Filter, FilterGraph, Frame, Rational } from 'node-av/lib';
import type { CodecContext, FilterContext } from 'node-av/lib';
import type { AVSampleFormat } from 'node-av/constants';
import { AppError } from '../base/index.ts';

/** A filter's name and its settings. */
export type FilterStep = readonly [name: string, settings: string];

/** Any chain of filters that changes sound. */
export class FilterChain {
  readonly #sampleRate: number;
  readonly #channels: number;
  readonly #sampleFormat: number;
  readonly #graph = new FilterGraph();
  readonly #output = new Frame();
  readonly #source: FilterContext;
  readonly #sink: FilterContext;

  /**
   * @param first a frame of the input; its rate, format and layout are taken
   * @param steps the filters in order
   * @throws AppError DECODE_FAILED when no chain can be made for such input
   */
  constructor(first: Frame, steps: readonly FilterStep[]) {
    this.#sampleRate = first.sampleRate;
    this.#channels = first.channels;
    this.#sampleFormat = first.format;
    this.#graph.alloc();
    this.#graph.nbThreads = 1;
    this.#output.alloc();
    try {
      this.#source = this.#add('abuffer', sourceSettings(first));
      let last = this.#source;
      for (const [name, settings] of steps) {
        const next = this.#add(name, settings);
        this.#check(last.link(0, next, 0));
        last = next;
      }
      this.#sink = this.#add('abuffersink', null);
      this.#check(last.link(0, this.#sink, 0));
      this.#check(this.#graph.configSync());
    } catch (error) {
      this.free();
      throw error;
    }
  }

  /** True when the frame can be pushed into this chain; false when its format differs from the first one's. */
  accepts(frame: Frame): boolean {
    return frame.sampleRate === this.#sampleRate && frame.channels === this.#channels && frame.format === this.#sampleFormat;
  }

  /**
   * Puts a frame in.
   * @param frame the next frame; null at the end, which lets the remainder out
   * @returns what came out: the same frame object, reused for every call
   */
  *push(frame: Frame | null): Generator<Frame, void> {
    this.#check(this.#source.buffersrcAddFrameSync(frame));
    while (this.#sink.buffersinkGetFrameSync(this.#output) >= 0) {
      yield this.#output;
      this.#output.unref();
    }
  }

  /** Sets an encoder to the format that comes out. */
  configure(encoder: CodecContext): void {
    const sampleRate = this.#sink.buffersinkGetSampleRate();
    encoder.sampleRate = sampleRate;
    encoder.sampleFormat = this.#sink.buffersinkGetFormat() as AVSampleFormat;
    encoder.channelLayout = this.#sink.buffersinkGetChannelLayout();
    encoder.timeBase = new Rational(1, sampleRate);
  }

  /** Frees the native parts. */
  free(): void {
    this.#output.free();
    this.#graph.free();
  }

  #add(name: string, settings: string | null): FilterContext {
    const filter = Filter.getByName(name);
    const context = filter === null ? null : this.#graph.createFilter(filter, `${name}${this.#graph.nbFilters}`, settings);
    if (context === null) throw new AppError('DECODE_FAILED', `The decoder could not set up ${name} for ${this.#shape()}.`);
    return context;
  }

  #check(code: number): void {
    if (code >= 0) return;
    throw new AppError('DECODE_FAILED', `The decoder could not convert ${this.#shape()}: ${FFmpegError.strerror(code)}.`);
  }

  #shape(): string {
    return `${this.#channels} channels at ${this.#sampleRate} Hz`;
  }
}

function sourceSettings(frame: Frame): string {
  const format = avGetSampleFmtName(frame.format as AVSampleFormat) ?? 'none';
  const layout = avChannelLayoutDescribe(frame.channelLayout) ?? `${frame.channels} channels`;
  return `time_base=1/${frame.sampleRate}:sample_rate=${frame.sampleRate}:sample_fmt=${format}:channel_layout=${layout}`;
}
