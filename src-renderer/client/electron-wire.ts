/** @file The wire of Electron: message ports that the preload script posts to the page, a new one whenever the core was started again. */
import type { Opener, Wire } from './wire.ts';

/** What the preload script sends beside a port, and what the page answers with once it listens. */
const portMessage = 'earmark-port';
const readyMessage = 'earmark-ready';

/** Listens for ports from now on; each opening takes the newest one that was not taken yet, or waits for the next. */
export function electronOpener(page: Window): Opener {
  let waiting: MessagePort | undefined;
  let taker: ((port: MessagePort) => void) | undefined;
  page.addEventListener('message', (event: MessageEvent) => {
    const port = event.ports[0];
    if (event.source !== page || event.data !== portMessage || port === undefined) return;
    if (taker === undefined) waiting = port;
    else taker(port);
    taker = undefined;
  });
  page.postMessage(readyMessage, page.location.origin === 'null' ? '*' : page.location.origin);
  return async (signal) => {
    const port =
      waiting ??
      (await new Promise<MessagePort>((resolve, reject) => {
        taker = resolve;
        signal.addEventListener('abort', () => reject(new DOMException('Given up.', 'AbortError')));
      }));
    waiting = undefined;
    return portWire(port);
  };
}

function portWire(port: MessagePort): Wire {
  let closedHere = false;
  return {
    port: {
      postMessage: (message) => port.postMessage(message),
      on: (event, listener) => {
        if (event === 'message') port.addEventListener('message', ({ data }) => listener({ data }));
        if (event === 'close') port.addEventListener('close', () => listener());
        port.start();
      },
    },
    onClose: (listener) => port.addEventListener('close', () => closedHere || listener()),
    close: () => {
      closedHere = true;
      port.close();
    },
  };
}
