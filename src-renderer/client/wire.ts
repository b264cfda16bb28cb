/** @file A wire to the core, whatever carries it, in the shape that oRPC's message-port link takes. */

/** One open wire. */
export type Wire = {
  port: {
    postMessage(message: unknown): void;
    on(event: string, listener: (event?: { data: unknown }) => void): void;
  };
  /** Hears once that the wire is gone; not called after `close`. */
  onClose(listener: () => void): void;
  close(): void;
};

/** Opens a wire. Rejects with {@link RefusedError} when trying again cannot help, with anything else when it may. */
export type Opener = (signal: AbortSignal) => Promise<Wire>;

/** The core is there and does not let this page in. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
