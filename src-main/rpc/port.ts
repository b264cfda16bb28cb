/** @file The one shape that every wire has. Memory, Electron and WebSocket ports differ in nothing that the contract sees. */

/** One end of a wire that carries whole messages in order. */
export type Port = {
  /** Sends a message; after the close it does nothing. */
  send(message: string | Uint8Array): void;
  /** Hears every message of the other end. Called once, before the first message arrives. */
  onMessage(listener: (message: string | Uint8Array) => void): void;
  /** Hears once that the wire is gone. */
  onClose(listener: () => void): void;
  /** Where the wire can tell: how a peer that does not read is kept from filling this process's memory. */
  readonly flow?: Flow;
};

/** The back-pressure of a wire. */
export type Flow = {
  /** Resolves as soon as little enough waits to be sent, or the wire is gone. */
  room(): Promise<void>;
  /** Reads no more messages of the other end until `resume`. */
  pause(): void;
  resume(): void;
};

/** The shape that oRPC's message-port adapters take. */
export type OrpcPort = {
  postMessage(message: unknown): void;
  on(event: string, listener: (event?: { data: unknown }) => void): void;
};

/** Shows a port to oRPC. */
export function orpcPort(port: Port): OrpcPort {
  return {
    postMessage: (message) => port.send(message as string | Uint8Array),
    on: (event, listener) => {
      if (event === 'message') port.onMessage((data) => listener({ data }));
      if (event === 'close') port.onClose(() => listener());
    },
  };
}
