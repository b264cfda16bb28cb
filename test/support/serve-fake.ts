/**
 * @file The renderer with the fake core behind a real WebSocket, for looking at views: `node test/support/serve-fake.ts`.
 *
 * Options: `--empty`, `--many`, `--no-encoder`, `--unindexed`, `--no-runs`, `--busy`, `--native`, `--built` (serve `out/renderer`), `--delay MS`,
 * `--fail subject.verb`, `--damaged`, `--theme light|dark`, `--port N`.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createServer as createVite } from 'vite';
import { WebSocketServer } from 'ws';
import { AppError } from '../../src-main/base/index.ts';
import { parseMediaPath } from '../../src-main/contract/index.ts';
import { createRouter, servePort, webSocketPort } from '../../src-main/rpc/index.ts';
import { createFakeCore } from './fake-core.ts';
import type { FakeCore, FakeOptions } from './fake-core.ts';
import { fakeCover, fakeWav, hasFakeCover, sendRange } from './fake-media.ts';

const top = fileURLToPath(new URL('../..', import.meta.url));
const token = 'fake-token';

/** A running server. `url` carries the token. */
export type FakeServer = { url: string; core: FakeCore; close(): Promise<void> };

/** Serves the renderer (through Vite, or as it was built) with a fake core. Jobs move four times a second. */
export async function serveFake(options: FakeOptions & { port?: number; built?: boolean }): Promise<FakeServer> {
  const core = createFakeCore(options);
  const server = createServer();
  const page = options.built === true ? builtPage() : await vitePage(server);
  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const media = parseMediaPath(url.pathname);
    if (media === null) page.answer(request, response);
    else answerMedia(core, media, url, request, response);
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (protocols) => (protocols.has('earmark') ? 'earmark' : false) });
  const router = createRouter(core.handlers, (error) => console.error(error));
  server.on('upgrade', (request, socket, head) => {
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
    if (protocols.includes('vite-hmr')) return;
    if (request.url !== '/rpc' || !protocols.includes(token)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (client) => servePort(router, webSocketPort(client)));
  });
  const timer = setInterval(() => core.jobs.step(0.25), 250);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/#token=${token}`,
    core,
    close: async () => {
      clearInterval(timer);
      core.close();
      for (const client of sockets.clients) client.terminate();
      await page.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Page = { answer(request: IncomingMessage, response: ServerResponse): void; close(): Promise<void> };

async function vitePage(server: Server): Promise<Page> {
  const vite = await createVite({
    configFile: false,
    root: join(top, 'src-renderer'),
    cacheDir: join(top, 'node_modules/.vite-fake'),
    plugins: [svelte({ configFile: false })],
    appType: 'spa',
    server: { middlewareMode: true, hmr: { server }, watch: null, fs: { allow: [top] } },
    logLevel: 'warn',
  });
  return { answer: (request, response) => vite.middlewares(request, response), close: () => vite.close() };
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

function builtPage(): Page {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = join(top, 'out/renderer', pathname === '/' ? 'index.html' : pathname);
    try {
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  };
  return { answer: (request, response) => void answer(request, response), close: () => Promise.resolve() };
}

function answerMedia(
  core: FakeCore,
  media: { kind: string; trackId: number },
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const track = core.tracks().find((one) => one.id === media.trackId);
  if (url.searchParams.get('token') !== token) return void response.writeHead(401).end();
  if (track === undefined || (media.kind === 'picture' && !hasFakeCover(track))) return void response.writeHead(404).end();
  if (media.kind !== 'picture') sendRange(request, response, 'audio/wav', fakeWav(track));
  else response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(fakeCover(track));
}

async function main(): Promise<void> {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      empty: flag,
      many: flag,
      'no-encoder': flag,
      unindexed: flag,
      'no-runs': flag,
      'no-tags': flag,
      busy: flag,
      native: flag,
      built: flag,
      delay: text,
      fail: { ...text, multiple: true },
      theme: text,
      port: text,
    },
  });
  const failing = Object.fromEntries(
    (values.fail ?? []).map((name) => [name, new AppError('INTERNAL', `Could not carry out ${name}: it was told to fail.`)]),
  );
  const server = await serveFake({
    library: values.empty ? 'none' : values.many ? 'many' : 'some',
    ...(values['no-encoder'] ? { encoders: 'none' } : values.unindexed ? { encoders: 'unindexed' } : {}),
    failing,
    runs: values['no-runs'] === true || values.empty === true ? 'none' : 'some',
    tags: values['no-tags'] === true || values.empty === true ? 'none' : 'some',
    busy: values.busy === true,
    nativeDialogs: values.native === true,
    built: values.built === true,
    ...(values.delay === undefined ? {} : { delayMs: Number(values.delay) }),
    ...(values.theme === 'light' || values.theme === 'dark' ? { theme: values.theme } : {}),
    port: Number(values.port ?? 0),
  });
  console.log(server.url);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
