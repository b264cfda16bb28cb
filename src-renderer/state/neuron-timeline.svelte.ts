/** @file What a neuron gives over the time of one track, and where it gives most. */
import { floatsFromBase64, SegmentTimes } from '../../src-main/contract/index.ts';
import type { EncoderId, TrackId } from '../../src-main/contract/index.ts';
import type { Api } from '../client/index.ts';
import { peaksIn } from '../lib/peaks-in.ts';

/** What is used of the core. */
type TimelineApi = { listen: Pick<Api['listen'], 'profile'> };

/** A track as far as it is told of. */
export type TimelineTrack = { trackId: TrackId; title: string; artist: string };

/** `peaks`: numbers of segments in the order of time. */
export type Timeline = TimelineTrack & { number: number; times: SegmentTimes; values: Float32Array; peaks: readonly number[] };

/** Peaks that are told at most. */
const mostPeaks = 12;

/** The timeline of one neuron over one track. */
export class NeuronTimelineState {
  readonly #api: TimelineApi;
  #shown = $state.raw<Timeline | null>(null);
  #error = $state.raw<unknown>(null);
  #wanted = '';

  constructor(api: TimelineApi) {
    this.#api = api;
  }

  /** Null until one is loaded, or where the track was not heard. While another is loaded the one before stays. */
  get shown(): Timeline | null {
    return this.#shown;
  }

  /** Why it could not be loaded; null when it could. */
  get error(): unknown {
    return this.#error;
  }

  /** Loads it, unless it is the one that is shown. */
  async show(encoderId: EncoderId, number: number, track: TimelineTrack): Promise<void> {
    const wanted = `${encoderId}/${number}/${track.trackId}`;
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#error = null;
    try {
      const profile = await this.#api.listen.profile({ encoderId, trackId: track.trackId, feature: number });
      if (this.#wanted !== wanted) return;
      const values = floatsFromBase64(profile.values);
      const peaks = peaksIn(values, mostPeaks).sort((a, b) => a - b);
      this.#shown = values.length === 0 ? null : { ...track, number, values, peaks, times: new SegmentTimes(profile, values.length) };
    } catch (error) {
      if (this.#wanted !== wanted) return;
      this.#wanted = '';
      this.#shown = null;
      this.#error = error;
    }
  }
}
