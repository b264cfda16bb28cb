/** @file The listening experiment: segments sorted by what a feature makes of them, with what is needed to show and play them. */
import { AppError, breather } from '../../base/index.ts';
import { waveformBars } from '../../contract/index.ts';
import type {
  ClearestNeurons,
  EncoderId,
  FeatureProfile,
  FeatureSummary,
  SegmentPage,
  SegmentQuery,
  TrackId,
} from '../../contract/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { clearestNeurons } from './clearest.ts';
import { segmentRows } from './segment-rows.ts';
import { waveformOf } from './waveform.ts';

/** Use cases of the Listen view. */
export class Listening {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** A page of segments in the wanted order. @throws AppError NOT_FOUND without such an encoder, BAD_INPUT for a feature it does not have */
  async segments(query: SegmentQuery): Promise<SegmentPage> {
    const { store } = this.#tools;
    await store.encoders.prepare(breather());
    const encoder = store.encoders.get(query.encoderId);
    for (const feature of [...query.features, ...query.sort.map((key) => key.feature)]) checkFeature(encoder, feature);
    const index = store.index.current(encoder.id);
    if (index === null) return { total: 0, rows: [], values: '', waveforms: '' };
    await store.index.prepare(encoder.id, query, breather());
    const page = store.index.query(encoder.id, query);
    const rows = segmentRows(store, page.rows, timingOf(encoder, index.hopSamples));
    const waveforms = new Uint8Array(page.rows.length * waveformBars);
    for (const [i, row] of rows.entries()) waveforms.set(waveformOf(store.peaks, row), i * waveformBars);
    return { total: page.total, rows, values: floats(page.values), waveforms: toBase64Fast(waveforms) };
  }

  /** Neurons that are worth hearing first; see {@link clearestNeurons}. @throws AppError NOT_FOUND without such an encoder */
  async clearest({ encoderId, count }: { encoderId: EncoderId; count: number }): Promise<ClearestNeurons> {
    const { store } = this.#tools;
    await store.encoders.prepare(breather());
    const encoder = store.encoders.get(encoderId);
    const timing = timingOf(encoder, store.index.current(encoderId)?.hopSamples ?? encoder.cropSamples);
    return clearestNeurons({ store, encoder, timing, count, rowsOf: (places) => segmentRows(store, places, timing) });
  }

  /** Range of every feature's values over the index. */
  summary(encoderId: EncoderId): FeatureSummary {
    const { store } = this.#tools;
    const { dimensions, segments, minima, maxima, means } = store.index.summary(encoderId);
    return { dimensions, segments, minima: floats(minima), maxima: floats(maxima), means: floats(means) };
  }

  /** One feature over one track's time. */
  profile({ encoderId, trackId, feature }: { encoderId: EncoderId; trackId: TrackId; feature: number }): FeatureProfile {
    const { store } = this.#tools;
    const encoder = store.encoders.get(encoderId);
    checkFeature(encoder, feature);
    const index = store.index.current(encoderId);
    const { hopMs, segmentMs } = timingOf(encoder, index?.hopSamples ?? encoder.cropSamples);
    const values = store.index.profile(encoderId, trackId, feature);
    return { hopMs, segmentMs, values: floats(values) };
  }

  /** Writes a note on a feature; a blank text removes it. */
  setNote({ encoderId, feature, text }: { encoderId: EncoderId; feature: number; text: string }): void {
    const { store, events } = this.#tools;
    checkFeature(store.encoders.get(encoderId), feature);
    store.notes.set(encoderId, feature, text.trim());
    events.emit({ type: 'feature.noteChanged', encoderId, feature, text: text.trim() });
  }
}

/** Length of a segment and the step from one to the next, in ms. */
export function timingOf(
  encoder: Pick<StoredEncoder, 'cropSamples' | 'sampleRate'>,
  hopSamples: number,
): { hopMs: number; segmentMs: number } {
  return { hopMs: (hopSamples * 1000) / encoder.sampleRate, segmentMs: (encoder.cropSamples * 1000) / encoder.sampleRate };
}

function checkFeature(encoder: StoredEncoder, feature: number): void {
  if (feature < encoder.dimensions) return;
  const last = encoder.dimensions - 1;
  throw new AppError('BAD_INPUT', `${encoder.name} has no neuron ${feature}; its neurons are numbered 0 to ${last}.`, {
    details: { feature, last },
  });
}

function floats(values: Float32Array): string {
  return toBase64Fast(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** Node's own encoder, where the platform has none. */
function toBase64Fast(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
