/**
 * @file `serve`: the same application in a browser on the same machine. Listens on the loopback address alone; the contract runs over one
 * WebSocket that needs the token at its upgrade, media requests need it too, and a request under a foreign host name or origin is refused.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { AppError } from '../../base/index.ts';
import { parseMediaPath } from '../../contract/index.ts';
import { servePort, webSocketPort } from '../../rpc/index.ts';
import type { Core } from '../core.ts';
import { createToken, isOwnHost, isOwnOrigin, isSameToken, upgradeToken } from './access.ts';
import { contentSecurityPolicy, readPages } from './pages.ts';
import type { Page } from './pages.ts';

/** A server that answers. */
export type Serve = { port: number; token: string; link: string; close(): Promise<void> };

/** What a server needs. `port` 0 takes any free one. */
export type ServeOptions = { core: Pick<Core, 'router' | 'media'>; pagesDirectory: string; port: number };

/**
 * Starts listening on 127.0.0.1.
 * @throws AppError ALREADY_RUNNING when the port is taken
 */
export async function startServe({ core, pagesDirectory, port: wanted }: ServeOptions): Promise<Serve> {
  const pages = readPages(pagesDirectory);
  const token = createToken();
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const port = await listen(server, wanted);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 8 << 20, handleProtocols: () => 'earmark' });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isOwnHost(request, port) || !isOwnOrigin(request, port)) return refuse(response, 403, 'This address answers only its own page.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET is answered here.');
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
    if (!url.pathname.startsWith('/media/')) return sendPage(response, pages.get(url.pathname), request.method === 'HEAD');
    if (!isSameToken(url.searchParams.get('token'), token)) return refuse(response, 401, 'The token is missing or wrong.');
    await sendMedia(core, url.pathname, request, response);
  };

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const allowed = path === '/rpc' && isOwnHost(request, port) && isOwnOrigin(request, port) && request.headers.origin !== undefined;
    if (!allowed) return rejectUpgrade(socket, '403 Forbidden');
    if (!isSameToken(upgradeToken(request), token)) return rejectUpgrade(socket, '401 Unauthorized');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate());
      servePort(core.router, webSocketPort(webSocket));
    });
  });

  const close = async (): Promise<void> => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { port, token, link: `http://127.0.0.1:${port}/#token=${token}`, close };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken by another program. Choose another with --port, or leave it out.`;
      reject(cause.code === 'EADDRINUSE' ? new AppError('ALREADY_RUNNING', taken, { cause }) : cause);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

const safeHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...safeHeaders, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}

function sendPage(response: ServerResponse, page: Page | undefined, isHead: boolean): void {
  if (page === undefined) return refuse(response, 404, 'There is nothing at this address.');
  const cache = page.isImmutable ? 'private, max-age=31536000, immutable' : 'no-cache';
  response.writeHead(200, { ...safeHeaders, 'Content-Type': page.type, 'Content-Length': page.bytes.length, 'Cache-Control': cache });
  response.end(isHead ? undefined : page.bytes);
}

async function sendMedia(core: Pick<Core, 'media'>, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = parseMediaPath(path);
  if (target === null) return refuse(response, 404, 'There is nothing at this address.');
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const answer = await core.media.open({ ...target, range: request.headers.range ?? null, signal: gone.signal });
  response.writeHead(answer.status, { ...safeHeaders, ...answer.headers });
  if (answer.body === null || request.method === 'HEAD') {
    await answer.body?.cancel();
    response.end();
    return;
  }
  await pipeline(Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]), response).catch(() => undefined);
}

function rejectUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
