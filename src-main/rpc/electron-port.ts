/** @file A wire over Electron's `MessagePortMain` (or anything that speaks like it), described here by shape so that no Electron is needed to test it. */
import type { Port } from './port.ts';

/** What is used of `MessagePortMain`. */
export type MessagePortMainLike = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
};

/** Wraps a message port; messages that are neither text nor bytes are dropped. */
export function electronPort(port: MessagePortMainLike): Port {
  let open = true;
  port.on('close', () => (open = false));
  return {
    send: (message) => {
      if (open) port.postMessage(message);
    },
    onMessage: (listener) => {
      port.on('message', ({ data }) => {
        if (typeof data === 'string' || data instanceof Uint8Array) listener(data);
      });
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
  };
}
