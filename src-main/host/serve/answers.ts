/** @file What `serve` answers over HTTP: pages, media, refusals. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseMediaPath } from '../../contract/index.ts';
import type { MediaSource } from '../../service/index.ts';
import { contentSecurityPolicy } from './pages.ts';
import type { Page } from './pages.ts';

const safeHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Says no, and closes the connection: what else came over it is not read. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy();
  const headers = { ...safeHeaders, 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' };
  response.writeHead(status, headers).end(`${message}\n`);
}

/** Sends a file of the built renderer; 404 without one. */
export function sendPage(response: ServerResponse, page: Page | undefined, isHead: boolean): void {
  if (page === undefined) return refuse(response, 404, 'There is nothing at this address.');
  const cache = page.isImmutable ? 'private, max-age=31536000, immutable' : 'no-cache';
  response.writeHead(200, { ...safeHeaders, 'Content-Type': page.type, 'Content-Length': page.bytes.length, 'Cache-Control': cache });
  response.end(isHead ? undefined : page.bytes);
}

/** Sends a track's audio or picture as fast as it is read. Whatever becomes of the request, nothing of it stays open. */
export async function sendMedia(
  media: Pick<MediaSource, 'open'>,
  path: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const target = parseMediaPath(path);
  if (target === null) return refuse(response, 404, 'There is nothing at this address.');
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { status, headers, body } = await media.open({ ...target, range: request.headers.range ?? null, signal: gone.signal });
  if (gone.signal.aborted || body === null || request.method === 'HEAD') {
    await body?.cancel();
    if (!gone.signal.aborted) response.writeHead(status, { ...safeHeaders, ...headers }).end();
    return;
  }
  response.writeHead(status, { ...safeHeaders, ...headers });
  await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0], { signal: gone.signal }), response).catch(
    () => undefined,
  );
}
