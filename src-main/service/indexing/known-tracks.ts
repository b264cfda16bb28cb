/** @file What the index of the encoder that another stands upon holds of tracks, so that these need not be decoded again. */
import { defined } from '../../base/index.ts';
import type { IndexedTrack, OpenRows, Store, StoredEncoder, WaitingTrack } from '../../store/index.ts';
import { stoodUpon } from '../encoders/stood-upon.ts';
import type { KnownTrack } from '../processes/messages.ts';

type Wanted = { encoder: StoredEncoder; hopSamples: number };
type Held = IndexedTrack & { durationMs: number };

/** Tracks of an index, cut in the same way. */
export class KnownTracks {
  readonly #store: Store;
  readonly #base: StoredEncoder;
  readonly #hopSamples: number;
  readonly #held = new Map<number, Held>();
  #rows: OpenRows | undefined;

  private constructor(store: Store, base: StoredEncoder, hopSamples: number) {
    [this.#store, this.#base, this.#hopSamples] = [store, base, hopSamples];
  }

  /** Null for an encoder that stands upon no other, or where that one is not in the library. */
  static open(store: Store, { encoder, hopSamples }: Wanted): KnownTracks | null {
    const base = stoodUpon(store, encoder);
    return base === undefined ? null : new KnownTracks(store, base, hopSamples);
  }

  /** Whether a track's embeddings, of its audio as it is now, are there. */
  has(track: WaitingTrack): boolean {
    const known = this.#held.get(track.trackId) ?? this.#look(track);
    return known !== null && known.audioHash === track.audioHash;
  }

  /** What is known of a track that is there. @throws AppError for files that are not whole */
  of(trackId: number): KnownTrack {
    const { firstRow, segments, durationMs, outcome, message } = defined(this.#held.get(trackId), `track ${trackId}`);
    const rows = defined(this.#rows, 'rows').read(firstRow, segments);
    return { rows, segments, durationMs, truncated: outcome === 'partial', reason: message };
  }

  /** Looks again at where things lie: the index may have grown, or moved. */
  refresh(): void {
    this.close();
    this.#held.clear();
  }

  close(): void {
    this.#rows?.close();
    this.#rows = undefined;
  }

  #look({ trackId, durationMs }: WaitingTrack): Held | null {
    const index = this.#store.index.current(this.#base.id);
    if (index?.hopSamples !== this.#hopSamples) return null;
    const track = this.#store.index.track(index.id, trackId);
    if (track === null || track.segments === 0) return null;
    this.#rows ??= this.#store.index.openRows(index.id);
    const held = { ...track, durationMs };
    this.#held.set(trackId, held);
    return held;
  }
}
