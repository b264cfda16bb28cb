/** @file The embeddings of a library, track by track, so that any number of them is gone through in little memory. */
import type { EncoderId, TrackId } from '../../contract/index.ts';
import type { ActivationIndexInfo, Store } from '../../store/index.ts';
import { meanOf, rowsOf } from '../similar/vectors.ts';

/** Whole tracks (the mean of their segments), or segments. */
export type EmbeddingLevel = 'tracks' | 'segments';

/** The vectors that similar music is searched in: less the library's mean, at unit length. */
export type CentredSpace = { centre(encoderId: EncoderId, space: EmbeddingLevel, raw: Float32Array): Promise<Float32Array> };

/** What rows are asked for. `space` null: the numbers as the encoder gave them. */
export type EmbeddingWish = { index: ActivationIndexInfo; level: EmbeddingLevel; space: CentredSpace | null };

/** The rows of one track: `embeddings` `[rows, dimensions]`; one row for a whole track. */
export type TrackEmbeddings = { trackId: TrackId; path: string; title: string; artist: string; rows: number; embeddings: Float32Array };

/** Tracks that are looked up together. */
const pageTracks = 256;

/** Rows that {@link embeddingRows} will give, and their tracks. */
export function countRows(store: Store, { index, level }: EmbeddingWish): { tracks: number; rows: number } {
  const counts = { tracks: 0, rows: 0 };
  for (let after = 0; ;) {
    const runs = store.index.liveRuns(index.id, { after, limit: 10_000 });
    for (const { trackId, segments } of runs) {
      counts.tracks++;
      counts.rows += level === 'tracks' ? 1 : segments;
      after = trackId;
    }
    if (runs.length === 0) return counts;
  }
}

/** The rows of every track that is indexed and present, by the tracks' numbers. */
export async function* embeddingRows(store: Store, { index, level, space }: EmbeddingWish): AsyncGenerator<TrackEmbeddings, void, void> {
  const { encoderId, dimensions } = index;
  for (let after = 0; ;) {
    const runs = store.index.liveRuns(index.id, { after, limit: pageTracks });
    if (runs.length === 0) return;
    const ids = runs.map(({ trackId }) => trackId);
    const tracks = new Map(store.tracks.list(ids, null).map((track) => [track.id, track]));
    for (const { trackId, firstRow, segments } of runs) {
      after = trackId;
      const track = tracks.get(trackId);
      if (track === undefined) continue;
      const raw = store.index.embeddingsAt(
        encoderId,
        Array.from({ length: segments }, (_, i) => firstRow + i),
      );
      const embeddings = level === 'tracks' ? meanOf(rowsOf(raw, dimensions)) : raw;
      const { path, title, artist } = track;
      const rows = embeddings.length / dimensions;
      if (space !== null) await centreAll(embeddings, { dimensions, centre: (row) => space.centre(encoderId, level, row) });
      yield { trackId, path, title, artist, rows, embeddings };
    }
  }
}

type Centring = { dimensions: number; centre: (row: Float32Array) => Promise<Float32Array> };

async function centreAll(embeddings: Float32Array, { dimensions, centre }: Centring): Promise<void> {
  for (let at = 0; at < embeddings.length; at += dimensions) embeddings.set(await centre(embeddings.slice(at, at + dimensions)), at);
}
