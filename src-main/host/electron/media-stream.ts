/** @file A media response carried over a message port, chunk by chunk: the core reads, main answers the page. The reader asks for every chunk, so a paused player holds nothing. */
import { AppError, contained } from '../../base/index.ts';
import type { MediaSource } from '../../service/index.ts';
import type { MediaOrder } from './core-messages.ts';

/** What is used of `MessagePortMain`. */
export type MediaPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
};

type FromSource =
  | { type: 'head'; status: number; headers: Record<string, string>; hasBody: boolean }
  | { type: 'chunk'; bytes: Uint8Array }
  | { type: 'end' }
  | { type: 'failed' };
type FromReader = { type: 'more' } | { type: 'stop' };
type Body = ReadableStreamDefaultController<Uint8Array>;

/** The core's end: opens what was ordered and sends a chunk whenever it is asked for one. */
export async function sendMedia(media: Pick<MediaSource, 'open'>, order: MediaOrder, port: MediaPort): Promise<void> {
  const stopped = new AbortController();
  const post = (message: FromSource): void => port.postMessage(message);
  const opened = media.open({ ...order, signal: stopped.signal });
  const reader = opened.then(({ body }) => body?.getReader());
  // Told by `opened` itself, below.
  reader.catch(() => undefined);
  const stop = (): void => {
    if (stopped.signal.aborted) return;
    stopped.abort();
    // A file that is let go in the middle has nobody left to tell.
    reader.then((own) => own?.cancel()).catch(() => undefined);
    port.close();
  };
  const sendNext = async (): Promise<void> => {
    try {
      const step = await (await reader)?.read();
      if (stopped.signal.aborted) return;
      if (step === undefined || step.done) post({ type: 'end' });
      else post({ type: 'chunk', bytes: step.value });
    } catch {
      post({ type: 'failed' });
    }
  };
  port.on(
    'message',
    contained(({ data }: { data: unknown }) => ((data as FromReader).type === 'more' ? sendNext() : stop()), stop),
  );
  port.on('close', stop);
  port.start();
  const { status, headers, body } = await opened;
  if (!stopped.signal.aborted) post({ type: 'head', status, headers, hasBody: body !== null });
}

/**
 * Main's end: the response as the page's protocol handler returns it. When the core goes away in the middle, the body fails.
 * @param origin the page that may read it
 */
export function receiveMedia(port: MediaPort, origin: string): Promise<Response> {
  const gone = new AppError('FILE_UNREADABLE', 'The core stopped while it was sending this track.');
  return new Promise((resolve) => {
    const { stream, push, finish } = bodyOver(port);
    const hear = ({ data }: { data: unknown }): void => {
      const message = data as FromSource;
      if (message.type === 'head') {
        const headers = { ...message.headers, 'Access-Control-Allow-Origin': origin, 'X-Content-Type-Options': 'nosniff' };
        resolve(new Response(message.hasBody ? stream() : null, { status: message.status, headers }));
        if (!message.hasBody) finish(() => undefined);
      } else if (message.type === 'chunk') {
        push(message.bytes);
      } else if (message.type === 'end') finish((body) => body.close());
      else finish((body) => body.error(gone));
    };
    port.on(
      'message',
      contained(hear, () => finish((body) => body.error(gone))),
    );
    port.on('close', () => {
      resolve(new Response('The core is not there.\n', { status: 503, headers: { 'Content-Type': 'text/plain' } }));
      finish((body) => body.error(gone));
    });
    port.start();
  });
}

/** The body of a response that comes over a port. It ends once, with the port; `stream` is called for a response that has a body. */
function bodyOver(port: MediaPort): {
  stream(): ReadableStream<Uint8Array>;
  push(bytes: Uint8Array): void;
  finish(close: (body: Body) => void): void;
} {
  const post = (message: FromReader): void => port.postMessage(message);
  let body: Body | undefined;
  let wake: (() => void) | undefined;
  let isOver = false;
  const finish = (close: (body: Body) => void): void => {
    if (isOver) return;
    isOver = true;
    if (body !== undefined) close(body);
    wake?.();
    port.close();
  };
  const pull = (): Promise<void> | undefined => {
    if (isOver) return;
    post({ type: 'more' });
    return new Promise<void>((chunkCame) => (wake = chunkCame));
  };
  const cancel = (): void => {
    if (!isOver) post({ type: 'stop' });
    finish(() => undefined);
  };
  const push = (bytes: Uint8Array): void => {
    body?.enqueue(bytes);
    wake?.();
  };
  const start = (controller: Body): void => void (body = controller);
  return { stream: () => new ReadableStream<Uint8Array>({ start, pull, cancel }, { highWaterMark: 0 }), push, finish };
}
