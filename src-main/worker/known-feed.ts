/** @file Tracks whose embeddings are known to crops: what an encoder that stands upon another is given in place of waves. */
import { defined } from '../base/index.ts';
import type { FeedEvent, TrackList } from './crop-feed.ts';

/**
 * Each row of each track as a crop, then its end; ends when the list is closed and empty.
 * @param length numbers of a row
 * @param began hears of each track before its rows come
 */
export async function* knownFeed(tracks: TrackList, length: number, began: (trackId: number) => void): AsyncGenerator<FeedEvent> {
  while (await tracks.hasMore()) {
    const { trackId, known } = defined(tracks.take(), 'a track that waits');
    const { rows, durationMs, truncated, reason } = defined(known, 'the embeddings of a track');
    began(trackId);
    for (let from = 0; from < rows.length; from += length) yield { type: 'crop', trackId, samples: rows.subarray(from, from + length) };
    yield { type: 'finished', trackId, end: { durationMs, truncated, reason, peaks: new Uint8Array(0) } };
  }
}
