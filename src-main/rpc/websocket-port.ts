/** @file A wire over a WebSocket of the package `ws`. */
import type { WebSocket } from 'ws';
import type { Flow, Port } from './port.ts';

/** What may wait for a peer that reads slowly, or not at all, before nothing more is prepared for it: bytes, or characters of a text. */
const mostWaitingBytes = 4 * 2 ** 20;

/** Characters of one frame. A longer text goes in several, each when the one before it was sent: its bytes are never in memory all at once. */
export const frameCharacters = 2 ** 20;

/** Wraps a server-side socket that is open. */
export function webSocketPort(socket: WebSocket): Port {
  let waiting: (() => void)[] = [];
  const sender = new FrameSender(socket);
  const isFull = (): boolean => socket.readyState === socket.OPEN && socket.bufferedAmount + sender.waitingCharacters > mostWaitingBytes;
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
    send: (message) => sender.send(message, wake),
    onMessage: (listener) =>
      void socket.on('message', (data: Buffer, isBinary) => listener(isBinary ? new Uint8Array(data) : data.toString('utf8'))),
    onClose: (listener) => void socket.once('close', listener),
    flow,
  };
}

/** Sends messages in their order, long texts in frames. A message that could not be sent is answered by the socket's close. */
class FrameSender {
  readonly #socket: WebSocket;
  /** Messages that wait, behind the one that is being sent in frames. */
  #queue: { message: string | Uint8Array; sent: () => void }[] = [];
  #isSending = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Characters of the messages that have not begun to be sent, and of the one that is. */
  get waitingCharacters(): number {
    return this.#queue.reduce((sum, { message }) => sum + message.length, 0);
  }

  /** @param sent is called when the socket has taken a message as a whole */
  send(message: string | Uint8Array, sent: () => void): void {
    if (!this.#isSending && (typeof message !== 'string' || message.length <= frameCharacters))
      return this.#sendFrame(message, { isLast: true, sent });
    this.#queue.push({ message, sent });
    if (!this.#isSending) void this.#sendQueue();
  }

  async #sendQueue(): Promise<void> {
    this.#isSending = true;
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      for (const [frame, isLast] of framesOf(first.message))
        await new Promise<void>((resolve) => this.#sendFrame(frame, { isLast, sent: resolve }));
      this.#queue.shift();
      first.sent();
    }
    this.#isSending = false;
  }

  #sendFrame(frame: string | Uint8Array, { isLast, sent }: { isLast: boolean; sent: () => void }): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame, { fin: isLast }, () => sent());
    else sent();
  }
}

/** A message's frames; a letter of two units (a surrogate pair) stays whole. */
function* framesOf(message: string | Uint8Array): Generator<[frame: string | Uint8Array, isLast: boolean], void> {
  if (typeof message !== 'string') {
    yield [message, true];
    return;
  }
  let at = 0;
  do {
    const lead = message.charCodeAt(at + frameCharacters - 1);
    const end = Math.min(message.length, at + frameCharacters + (lead >= 0xd800 && lead < 0xdc00 ? 1 : 0));
    yield [message.slice(at, end), end === message.length];
    at = end;
  } while (at < message.length);
}
