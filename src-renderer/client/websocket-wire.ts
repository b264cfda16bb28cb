/** @file The wire of `serve`: one WebSocket on the page's own host; the token travels as its second subprotocol. */
import { RefusedError } from './wire.ts';
import type { Opener, Wire } from './wire.ts';

/** Opens WebSockets with a token; null means that the page has none. */
export function webSocketOpener(host: string, token: string | null): Opener {
  return async (signal) => {
    if (token === null) throw new RefusedError('The page has no token.');
    try {
      return await openSocket(`ws://${host}/rpc`, token, signal);
    } catch (error) {
      if (await isTokenRefused(token, signal)) throw new RefusedError('The token is not the one of the running core.', { cause: error });
      throw error;
    }
  };
}

function openSocket(url: string, token: string, signal: AbortSignal): Promise<Wire> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, ['earmark', token]);
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => resolve(socketWire(socket)));
    socket.addEventListener('close', () => reject(new Error(`No connection to ${url}.`)));
    signal.addEventListener('abort', () => socket.close());
  });
}

function socketWire(socket: WebSocket): Wire {
  let closedHere = false;
  return {
    port: {
      postMessage: (message) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(message as string | Uint8Array<ArrayBuffer>);
      },
      on: (event, listener) => {
        if (event === 'message') socket.addEventListener('message', ({ data }) => listener({ data: asMessage(data) }));
        if (event === 'close') socket.addEventListener('close', () => listener());
      },
    },
    onClose: (listener) => socket.addEventListener('close', () => closedHere || listener()),
    close: () => {
      closedHere = true;
      socket.close();
    },
  };
}

function asMessage(data: unknown): unknown {
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/** A browser does not say why a WebSocket was refused; a media request with the same token does. */
async function isTokenRefused(token: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(`/media/picture/1?token=${encodeURIComponent(token)}`, { method: 'HEAD', signal });
    return answer.status === 401;
  } catch {
    return false;
  }
}
