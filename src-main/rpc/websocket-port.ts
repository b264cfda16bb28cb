/** @file A wire over a WebSocket of the package `ws`. */
import type { WebSocket } from 'ws';
import type { Port } from './port.ts';

/** Wraps a server-side socket that is open. */
export function webSocketPort(socket: WebSocket): Port {
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(message);
    },
    onMessage: (listener) =>
      void socket.on('message', (data: Buffer, isBinary) => listener(isBinary ? new Uint8Array(data) : data.toString('utf8'))),
    onClose: (listener) => void socket.once('close', listener),
  };
}
