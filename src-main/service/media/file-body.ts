/** @file A part of an open file as the body of a response. The file is closed when the part is read, when the reader stops, and when the request is given up. */
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../base/index.ts';
import type { ByteRange } from './byte-range.ts';

/** Bytes that are read at a time; nothing is read before it is asked for. */
const pieceBytes = 256 * 1024;

/** @param signal fires when nobody waits for the body any more, also when it was never read */
export function fileBody(file: FileHandle, { first, last }: ByteRange, signal: AbortSignal): ReadableStream<Uint8Array> {
  let at = first;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    signal.removeEventListener('abort', giveUp);
    return (closing ??= file.close().catch(() => undefined));
  };
  const giveUp = (): void => void close();
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      if (closing !== undefined) throw new AppError('CANCELLED', 'The request was given up.');
      const wanted = Math.min(pieceBytes, last - at + 1);
      const { bytesRead, buffer } = await file.read(new Uint8Array(wanted), 0, wanted, at);
      if (bytesRead === 0) throw new AppError('FILE_UNREADABLE', 'The file became shorter while it was read.');
      at += bytesRead;
      controller.enqueue(buffer.subarray(0, bytesRead));
      if (at <= last) return;
      await close();
      controller.close();
    } catch (error) {
      await close();
      controller.error(error);
    }
  };
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });
  return new ReadableStream({ pull, cancel: close }, { highWaterMark: 0 });
}
