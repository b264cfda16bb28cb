/**
 * @file `serve`: the same application in a browser on the same machine. Listens on the loopback address alone; the contract runs over one
 * WebSocket that needs the token at its upgrade, media requests need it too, and a request under a foreign host name or origin is refused.
 * Nothing that a connection sends ends the process: an exception closes that connection.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { AppError } from '../../base/index.ts';
import { mostMessageCharacters, servePort, webSocketPort } from '../../rpc/index.ts';
import type { Router } from '../../rpc/index.ts';
import type { Core } from '../core.ts';
import { createToken, isOwnHost, isOwnOrigin, isSameToken, upgradeToken } from './access.ts';
import { refuse, sendMedia, sendPage } from './answers.ts';
import { listenContained, rejectUpgrade } from './listeners.ts';
import { readPages } from './pages.ts';

/** A server that answers. */
export type Serve = { port: number; token: string; link: string; close(): Promise<void> };

/** What a server needs. `port` 0 takes any free one. */
export type ServeOptions = { core: Pick<Core, 'router' | 'media'>; pagesDirectory: string; port: number };

/** A message above it closes the socket; below it, and above what is taken apart, the call is answered with an error. */
const mostPayloadBytes = 2 * mostMessageCharacters;

/**
 * Starts listening on 127.0.0.1.
 * @throws AppError ALREADY_RUNNING when the port is taken
 */
export async function startServe({ core, pagesDirectory, port: wanted }: ServeOptions): Promise<Serve> {
  const pages = readPages(pagesDirectory);
  const token = createToken();
  const server = createServer();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: mostPayloadBytes,
    autoPong: false,
    handleProtocols: () => 'earmark',
  });
  const port = await listen(server, wanted);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isOwnHost(request, port) || !isOwnOrigin(request, port)) return refuse(response, 403, 'This address answers only its own page.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET is answered here.');
    const url = addressOf(request);
    if (url === null) return refuse(response, 400, 'This address cannot be read.');
    if (!url.pathname.startsWith('/media/')) return sendPage(response, pages.get(url.pathname), request.method === 'HEAD');
    if (!isSameToken(url.searchParams.get('token'), token)) return refuse(response, 401, 'The token is missing or wrong.');
    await sendMedia(core.media, url.pathname, { request, response });
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const url = addressOf(request);
    if (url === null) return rejectUpgrade(socket, '400 Bad Request');
    const isOwn = isOwnHost(request, port) && isOwnOrigin(request, port) && request.headers.origin !== undefined;
    if (url.pathname !== '/rpc' || !isOwn) return rejectUpgrade(socket, '403 Forbidden');
    if (!isSameToken(upgradeToken(request), token)) return rejectUpgrade(socket, '401 Unauthorized');
    sockets.handleUpgrade(request, socket, head, (webSocket) => serveSocket(core.router, webSocket));
  };

  listenContained(server, { request: answer, upgrade }, core.router.report);

  const close = async (): Promise<void> => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { port, token, link: `http://127.0.0.1:${port}/#token=${token}`, close };
}

function serveSocket(router: Router, webSocket: WebSocket): void {
  webSocket.on('error', () => webSocket.terminate());
  // Answers to pings, too, wait for nobody who does not read.
  webSocket.on('ping', (data) => {
    if (webSocket.bufferedAmount === 0) webSocket.pong(data, false, () => undefined);
  });
  servePort(router, webSocketPort(webSocket));
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

/** The address that a request names; null for one that is none, such as `//`. */
function addressOf({ url }: IncomingMessage): URL | null {
  return URL.parse(url ?? '/', 'http://127.0.0.1');
}
