/** @file One life of the process that finds filters' waves. */
import { AppError } from '../../base/index.ts';
import { startChild } from '../processes/child.ts';
import type { SpectraReply, SpectraRequest } from '../processes/spectra-messages.ts';
import { cancelled } from './ask-thread.ts';

/** @returns waves `[filters, samples]` @throws AppError CANCELLED, BAD_INPUT, OUT_OF_MEMORY, DEVICE_FAILED */
export function askSpectra(
  request: SpectraRequest,
  { entry, signal, onProgress }: { entry: URL; signal: AbortSignal; onProgress: (done: number, total: number) => void },
): Promise<Float32Array> {
  if (signal.aborted) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    let error: AppError | undefined;
    let waves: Float32Array | undefined;
    const onMessage = (reply: SpectraReply): void => {
      if ('done' in reply) onProgress(reply.done, reply.total);
      else if ('error' in reply) error ??= AppError.fromData(reply.error);
      else waves = reply.waves;
    };
    const onExit = (how: string): void => {
      signal.removeEventListener('abort', stop);
      if (waves !== undefined && error === undefined) resolve(waves);
      else reject(error ?? died(how));
    };
    const child = startChild<SpectraRequest, SpectraReply>(entry, { onMessage, onExit });
    const stop = (): void => {
      error ??= cancelled();
      child.kill();
    };
    signal.addEventListener('abort', stop, { once: true });
    child.send(request);
  });
}

function died(how: string): AppError {
  return how.startsWith('was killed')
    ? new AppError('OUT_OF_MEMORY', `The process that finds the waves of filters ${how}. Close other programs, and try again.`)
    : new AppError('DEVICE_FAILED', `The process that finds the waves of filters ${how}. Try again.`);
}
