/** @file Handing tracks to an index process: files as they are, embeddings that are known so many at a time. */
import type { IndexReply, IndexRequest, IndexTrack, KnownTrack } from '../processes/messages.ts';

/** What is handed over; see `index-session.ts`. */
export type Handed = { tracks: IndexTrack[]; known?: (trackId: number) => KnownTrack; more?: () => IndexTrack[] };

/** So many segments are on their way at least while there are more: several batches, so that the process never waits for one to be full. */
const segmentsAhead = 1024;

/**
 * What hands tracks over at the beginning and after each reply: of files all at once, and when the encoder is open those that have come since; with embeddings
 * the next ones as others are done.
 */
export function handing(handed: Handed, send: (request: IndexRequest) => void): (reply?: IndexReply) => void {
  const { tracks, known, more } = handed;
  if (known !== undefined) return handingKnown(tracks, known, send);
  return (reply) => {
    if (reply === undefined) return send({ type: 'tracks', tracks });
    if (reply.type !== 'opened') return;
    send({ type: 'tracks', tracks: more?.() ?? [] });
    send({ type: 'end' });
  };
}

function handingKnown(
  tracks: readonly IndexTrack[],
  known: (trackId: number) => KnownTrack,
  send: (request: IndexRequest) => void,
): (reply?: IndexReply) => void {
  /** Segments of tracks that are under way and whose embeddings have not come back. */
  const missing = new Map<number, number>();
  let [next, dimensions, hasEnded] = [0, 1, false];
  const handOver = (): void => {
    const some: IndexTrack[] = [];
    let ahead = [...missing.values()].reduce((sum, count) => sum + count, 0);
    for (; next < tracks.length && ahead < segmentsAhead; next++) {
      const track = tracks[next] as IndexTrack;
      const own = known(track.trackId);
      missing.set(track.trackId, own.segments);
      ahead += own.segments;
      some.push({ ...track, known: own });
    }
    if (some.length > 0) send({ type: 'tracks', tracks: some });
    if (next === tracks.length && !hasEnded) send({ type: 'end' });
    hasEnded ||= next === tracks.length;
  };
  return (reply) => {
    if (reply === undefined) return handOver();
    if (reply.type === 'opened') dimensions = reply.dimensions;
    else if (reply.type === 'rows') {
      missing.set(reply.trackId, (missing.get(reply.trackId) ?? 0) - reply.rows.length / dimensions);
      handOver();
    } else if (reply.type === 'finished' || reply.type === 'failed') {
      missing.delete(reply.trackId);
      handOver();
    }
  };
}
