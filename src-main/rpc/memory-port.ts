/** @file A wire inside one process, for the command line and for tests. */
import type { Port } from './port.ts';

type End = Port & { close(): void };

/** Two connected ports; closing either closes both. Messages arrive in a later microtask, as over a real wire. */
export function memoryPorts(): [End, End] {
  const listeners: ((message: string | Uint8Array) => void)[][] = [[], []];
  const closers: (() => void)[] = [];
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const closer of closers) closer();
  };
  const end = (own: 0 | 1): End => ({
    send: (message) =>
      queueMicrotask(() => {
        if (open) for (const listener of listeners[1 - own] ?? []) listener(message);
      }),
    onMessage: (listener) => void listeners[own]?.push(listener),
    onClose: (listener) => void closers.push(listener),
    close,
  });
  return [end(0), end(1)];
}
