/** @file One life of the index process: tracks go in, embeddings come out, and how it ended is told. */
import { AppError } from '../../base/index.ts';
import type { Gate } from '../jobs/gate.ts';
import { startChild } from '../processes/child.ts';
import { handing } from './hand-tracks.ts';
import type { IndexReply, IndexRequest, IndexTrack, KnownTrack } from '../processes/messages.ts';

type OpenRequest = Extract<IndexRequest, { type: 'open' }>;
type TrackReply = Extract<IndexReply, { type: 'rows' | 'finished' | 'failed' }>;

/** How a session ended. `crashed` names the tracks that were being read. */
export type SessionEnd =
  { type: 'ended'; elapsedMs: number; busyMs: number; segments: number } | { type: 'crashed'; how: string; suspects: number[] };

/** What a session is given. `onTrack` and `onOpened` may throw: the session ends with that error. */
export type SessionOptions = {
  entry: URL;
  open: Omit<OpenRequest, 'type'>;
  tracks: IndexTrack[];
  /** Asked once when the encoder is open: tracks that have come since. */
  more?: () => IndexTrack[];
  /** What is known of a track in place of its file; asked shortly before it is needed, where `open.isFed` is true. */
  known?: (trackId: number) => KnownTrack;
  gate: Gate;
  signal: AbortSignal;
  onOpened: (opened: Extract<IndexReply, { type: 'opened' }>) => void;
  onTrack: (reply: TrackReply) => void;
};

/** A process that says nothing for this long is taken for stuck. */
const stuckAfterMs = 180_000;

/**
 * Runs one index process over some tracks.
 * @throws AppError CANCELLED; what the encoder could not do (DEVICE_UNAVAILABLE, DEVICE_FAILED, WEIGHTS_…); what the listeners threw
 */
export function runSession(options: SessionOptions): Promise<SessionEnd> {
  const { gate, signal } = options;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const reading = new Set<number>();
    let failure: { error: unknown } | undefined;
    let end: SessionEnd | undefined;
    let watchdog: NodeJS.Timeout | undefined;
    const fail = (error: unknown): void => {
      failure ??= { error };
      child.kill();
    };
    const rest = (): void => {
      clearTimeout(watchdog);
      if (!gate.isClosed) watchdog = setTimeout(() => child.kill(), stuckAfterMs);
    };
    const onMessage = (reply: IndexReply): void => {
      rest();
      if (failure !== undefined) return;
      try {
        end = take(reply, { reading, options, fail }) ?? end;
        hand(reply);
      } catch (error) {
        fail(error);
      }
    };
    const onExit = (how: string): void => {
      clearTimeout(watchdog);
      stopListening();
      signal.removeEventListener('abort', cancel);
      if (failure !== undefined) reject(failure.error);
      else resolve(end ?? { type: 'crashed', how, suspects: [...reading] });
    };
    const cancel = (): void => fail(new AppError('CANCELLED', 'The work was cancelled.'));
    const child = startChild<IndexRequest, IndexReply>(options.entry, { onMessage, onExit });
    const hand = handing(options, (request) => child.send(request));
    const stopListening = gate.onChange((isClosed) => {
      child.send({ type: isClosed ? 'pause' : 'resume' });
      rest();
    });
    signal.addEventListener('abort', cancel);
    rest();
    child.send({ type: 'open', ...options.open });
    hand();
    if (gate.isClosed) child.send({ type: 'pause' });
  });
}

type Taking = { reading: Set<number>; options: SessionOptions; fail: (error: unknown) => void };

function take(reply: IndexReply, { reading, options, fail }: Taking): SessionEnd | undefined {
  switch (reply.type) {
    case 'opened':
      options.onOpened(reply);
      break;
    case 'openFailed':
    case 'deviceFailed':
      fail(AppError.fromData(reply.error));
      break;
    case 'decoding':
      reading.add(reply.trackId);
      break;
    case 'ended':
      return reply;
    case 'rows':
      options.onTrack(reply);
      break;
    case 'finished':
    case 'failed':
      reading.delete(reply.trackId);
      options.onTrack(reply);
      break;
  }
  return undefined;
}
