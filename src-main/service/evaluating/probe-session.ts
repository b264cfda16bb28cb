/** @file One life of the process that probes: a request goes in, its answer comes out. */
import { AppError } from '../../base/index.ts';
import { startChild } from '../processes/child.ts';
import type { ProbeReply, ProbeRequest } from '../processes/probe-messages.ts';

/** What a session is given. */
export type ProbeSession = { entry: URL; request: ProbeRequest; signal: AbortSignal; onShare: (share: number) => void };

/** The last word of the process. @throws AppError CANCELLED, BAD_INPUT, NOT_FINITE, OUT_OF_MEMORY, DEVICE_FAILED */
export function runProbeSession({
  entry,
  request,
  signal,
  onShare,
}: ProbeSession): Promise<Extract<ProbeReply, { type: 'probed' | 'compared' }>> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    let end: { answer: Extract<ProbeReply, { type: 'probed' | 'compared' }> } | { error: unknown } | undefined;
    const cancel = (): void => {
      end ??= { error: new AppError('CANCELLED', 'The work was cancelled.') };
      child.kill();
    };
    const onMessage = (reply: ProbeReply): void => {
      if (reply.type === 'share') onShare(reply.share);
      else if (reply.type === 'failed') end ??= { error: AppError.fromData(reply.error) };
      else end ??= { answer: reply };
    };
    const onExit = (how: string): void => {
      signal.removeEventListener('abort', cancel);
      if (end !== undefined && 'answer' in end) resolve(end.answer);
      else reject(end === undefined ? died(how) : (end.error as Error));
    };
    const child = startChild<ProbeRequest, ProbeReply>(entry, { onMessage, onExit });
    signal.addEventListener('abort', cancel);
    child.send(request);
  });
}

function died(how: string): AppError {
  const isKilled = how.startsWith('was killed');
  const advice = isKilled
    ? 'Close other programs, or evaluate a smaller output of the encoder.'
    : 'Start again: what was evaluated is kept.';
  return new AppError(isKilled ? 'OUT_OF_MEMORY' : 'DEVICE_FAILED', `The process that probes encoders ${how}. ${advice}`);
}
