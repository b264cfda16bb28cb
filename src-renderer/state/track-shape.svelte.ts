/** @file The waveform of the track that plays, and the activation of one feature over its time. */
import { bytesFromBase64, floatsFromBase64, SegmentTimes } from '../../src-main/contract/index.ts';
import type { EncoderId, FeatureProfile, Peaks, TrackId } from '../../src-main/contract/index.ts';

/** What is used of the core. */
export interface TrackShapeApi {
  library: { peaks(input: { trackId: TrackId }): Promise<Peaks> };
  listen: { profile(input: { encoderId: EncoderId; trackId: TrackId; feature: number }): Promise<FeatureProfile> };
}

/** A track's waveform: one byte a bin, 255 = full scale. */
export interface Shape {
  readonly trackId: number;
  readonly durationMs: number;
  readonly peaks: Uint8Array;
}

/** One value a segment. */
export interface Profile {
  readonly trackId: number;
  readonly feature: number;
  readonly times: SegmentTimes;
  readonly values: Float32Array;
}

/** What is drawn of the track that plays. A track that has no waveform or no profile has none drawn; playing goes on. */
export class TrackShapeState {
  readonly #api: TrackShapeApi;
  #shape = $state.raw<Shape | null>(null);
  #profile = $state.raw<Profile | null>(null);
  #shapeWanted: number | null = null;
  #profileWanted = '';

  constructor(api: TrackShapeApi) {
    this.#api = api;
  }

  /** Null while it is on its way, or where there is none. */
  get shape(): Shape | null {
    return this.#shape;
  }

  /** Null while it is on its way, or where there is none. */
  get profile(): Profile | null {
    return this.#profile;
  }

  /** Loads a track's waveform. */
  async showTrack(trackId: TrackId): Promise<void> {
    if (this.#shapeWanted === trackId) return;
    this.#shapeWanted = trackId;
    this.#shape = null;
    const peaks = await this.#api.library.peaks({ trackId }).catch(() => null);
    if (this.#shapeWanted !== trackId || peaks === null) return;
    this.#shape = { trackId, durationMs: peaks.durationMs, peaks: bytesFromBase64(peaks.peaks) };
  }

  /** Loads a feature's activation over a track; null shows none. The one before stays until it is there. */
  async showFeature(asked: { encoderId: EncoderId; trackId: TrackId; feature: number } | null): Promise<void> {
    const wanted = asked === null ? '' : `${asked.encoderId}/${asked.trackId}/${asked.feature}`;
    if (wanted === this.#profileWanted) return;
    this.#profileWanted = wanted;
    if (asked === null || this.#profile?.trackId !== asked.trackId) this.#profile = null;
    if (asked === null) return;
    const profile = await this.#api.listen.profile(asked).catch(() => null);
    if (this.#profileWanted !== wanted) return;
    this.#profile = profile === null ? null : profileOf(asked, profile);
  }
}

function profileOf({ trackId, feature }: { trackId: TrackId; feature: number }, profile: FeatureProfile): Profile {
  const values = floatsFromBase64(profile.values);
  return { trackId, feature, times: new SegmentTimes(profile, values.length), values };
}
