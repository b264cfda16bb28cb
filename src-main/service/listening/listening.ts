/** @file The listening experiment: segments sorted by what a feature makes of them, with what is needed to show and play them. */
import { AppError, breather } from '../../base/index.ts';
import { waveformBars } from '../../contract/index.ts';
import type {
  ClearestNeurons,
  EncoderId,
  FeatureProfile,
  FeatureSummary,
  PlaylistId,
  SegmentPage,
  SegmentQuery,
  SegmentRow,
  SegmentTiming,
  TrackId,
} from '../../contract/index.ts';
import { tagLabel } from '../../store/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import type { Tools } from '../tools.ts';
import { clearestNeurons } from './clearest.ts';
import { ExtraColumns } from './extra-columns.ts';
import type { ExtraSources } from './extra-columns.ts';
import { SegmentAnswers, answersOn } from './segment-answers.ts';
import { segmentRows } from './segment-rows.ts';
import { SegmentScopes } from './segment-scope.ts';
import { waveformOf } from './waveform.ts';

/** What the table shows that others know: heads' predictions, and the tracks of playlists. */
export type ListeningSources = Pick<ExtraSources, 'predictions'> & {
  playlistTracks: (playlistId: PlaylistId) => Promise<readonly TrackId[]>;
};

/** Use cases of the Listen view. */
export class Listening {
  readonly #tools: Tools;
  readonly #answers: SegmentAnswers;
  readonly #scopes: SegmentScopes;
  readonly #extras: ExtraColumns;

  constructor(tools: Tools, { predictions, playlistTracks }: ListeningSources) {
    const { store } = tools;
    this.#tools = tools;
    this.#answers = new SegmentAnswers(store);
    this.#scopes = new SegmentScopes({ store, answers: this.#answers, playlistTracks });
    this.#extras = new ExtraColumns({ store, answers: this.#answers, predictions });
  }

  /**
   * A page of segments in the wanted order.
   * @throws AppError NOT_FOUND without such an encoder, tag or playlist, BAD_INPUT for a feature or column that is not there
   */
  async segments({ filter, extras = [], ...query }: SegmentQuery): Promise<SegmentPage> {
    const { store } = this.#tools;
    await store.encoders.prepare(breather());
    const encoder = store.encoders.get(query.encoderId);
    for (const feature of query.features) checkFeature(encoder, feature);
    for (const key of query.sort) if ('feature' in key) checkFeature(encoder, key.feature);
    const index = store.index.current(encoder.id);
    if (index === null) return { total: 0, tracks: 0, rows: [], values: '', extras: '', waveforms: '' };
    const timing = timingOf(encoder, index.hopSamples);
    const columns = await Promise.all(extras.map((extra) => this.#extras.of(encoder, extra, timing)));
    const asked = { ...query, extras: columns, scope: await this.#scopes.of(filter, timing) };
    await store.index.prepare(encoder.id, asked, breather());
    const page = store.index.query(encoder.id, asked);
    const rows = this.#withOwnTags(segmentRows(store, page.rows, timing), timing);
    const waveforms = new Uint8Array(page.rows.length * waveformBars);
    for (const [i, row] of rows.entries()) waveforms.set(waveformOf(store.peaks, row), i * waveformBars);
    const { total, tracks } = page;
    return { total, tracks, rows, values: floats(page.values), extras: floats(page.extras), waveforms: toBase64Fast(waveforms) };
  }

  /** Rows with the tags that a person put on them, or on their tracks, behind the other labels. */
  #withOwnTags(rows: SegmentRow[], timing: SegmentTiming): SegmentRow[] {
    const { tags } = this.#tools.store;
    const marks = Map.groupBy(tags.marksOf([...new Set(rows.map(({ trackId }) => trackId))]), ({ trackId }) => trackId);
    if (marks.size === 0) return rows;
    const carried = new Map(
      [...marks].map(([trackId, all]) => {
        const tagIds = [...new Set(all.map(({ tagId }) => tagId))];
        return [
          trackId,
          tagIds.map((tagId) => ({ tagId, on: answersOn(this.#answers.of(tagId).get(trackId) ?? unsaid, timing) })),
        ] as const;
      }),
    );
    const names = new Map(tags.list().map((tag) => [tag.id, tagLabel(tag)]));
    return rows.map((row) => {
      const own = (carried.get(row.trackId) ?? []).filter(({ on }) => on(row.segment) === 'yes');
      const labels = [...row.labels, ...own.flatMap(({ tagId }) => names.get(tagId) ?? [])];
      return { ...row, labels: [...new Set(labels)] };
    });
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

const unsaid = { whole: null, passages: [] };

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
