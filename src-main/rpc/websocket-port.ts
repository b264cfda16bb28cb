/** @file A wire over a WebSocket of the package `ws`. */
import type { WebSocket } from 'ws';
import type { Flow, Port } from './port.ts';

/** Bytes that may wait for a peer that reads slowly, or not at all, before nothing more is prepared for it. */
const mostWaitingBytes = 4 * 2 ** 20;

/** Wraps a server-side socket that is open. */
export function webSocketPort(socket: WebSocket): Port {
  let waiting: (() => void)[] = [];
  const isFull = (): boolean => socket.readyState === socket.OPEN && socket.bufferedAmount > mostWaitingBytes;
  const wake = (): void => {
    if (waiting.length === 0 || isFull()) return;
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  socket.once('close', wake);
  const flow: Flow = {
    room: async () => {
      while (isFull()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
  return {
    // A message that could not be sent is answered by the socket's close.
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(message, wake);
    },
    onMessage: (listener) =>
      void socket.on('message', (data: Buffer, isBinary) => listener(isBinary ? new Uint8Array(data) : data.toString('utf8'))),
    onClose: (listener) => void socket.once('close', listener),
    flow,
  };
}
