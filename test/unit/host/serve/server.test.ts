import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServe } from '../../../../src-main/host/serve/server.ts';
import type { Serve } from '../../../../src-main/host/serve/server.ts';
import { createClient, webSocketPort } from '../../../../src-main/rpc/index.ts';
import type { OpenMediaRequest } from '../../../../src-main/service/index.ts';
import { openSeededCore } from '../../../support/seed/core.ts';
import type { SeededCore } from '../../../support/seed/core.ts';

let serve: Serve;
let core: SeededCore;
let directory: string;
const asked: OpenMediaRequest[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'earmark-serve-'));
  mkdirSync(join(directory, 'pages/assets'), { recursive: true });
  writeFileSync(join(directory, 'pages/index.html'), '<!doctype html><title>Earmark</title>');
  writeFileSync(join(directory, 'pages/assets/app.js'), 'export {}');
  writeFileSync(join(directory, 'secret.txt'), 'secret');
  const media = {
    open: async (wanted: OpenMediaRequest) => {
      asked.push(wanted);
      return { status: 206, headers: { 'Content-Type': 'audio/ogg' }, body: new Blob(['sound']).stream() };
    },
  };
  core = await openSeededCore({ tracks: 3, encoders: 'none' });
  serve = await startServe({ core: { router: core.router, media }, pagesDirectory: join(directory, 'pages'), port: 0 });
});

afterAll(async () => {
  await serve.close();
  await core.close();
  rmSync(directory, { recursive: true, force: true });
});

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: serve.port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (data: Buffer) => (body += data.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject).end();
  });
}

/** How an upgrade ends: `open`, or the status that refused it. */
function upgrade({ token = serve.token, origin = `http://127.0.0.1:${serve.port}`, path = '/rpc', host = '' } = {}): Promise<string> {
  return new Promise((resolve) => {
    const headers = { ...(origin === '' ? {} : { Origin: origin }), ...(host === '' ? {} : { Host: host }) };
    const socket = new WebSocket(`ws://127.0.0.1:${serve.port}${path}`, token === '' ? [] : ['earmark', token], { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
    socket.on('error', () => undefined);
  });
}

describe('serve', () => {
  it('listens on the loopback address alone', async () => {
    const { networkInterfaces } = await import('node:os');
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address !== undefined && !address.internal && address.family === 'IPv4');
    if (outside === undefined) return;
    const outcome = await new Promise((resolve) => {
      const socket = connect({ host: outside.address, port: serve.port, timeout: 60_000 });
      socket
        .on('connect', () => resolve('connected'))
        .on('error', () => resolve('refused'))
        .on('timeout', () => resolve('refused'));
    });
    expect(outcome).toBe('refused');
  });

  it('hands out the page with a strict policy, and nothing beside its files', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).not.toContain('unsafe-eval');
    expect((await get('/assets/app.js')).headers['content-type']).toContain('javascript');
    for (const path of [
      '/secret.txt',
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/../../secret.txt',
      '//etc/passwd',
    ])
      expect((await get(path)).status, path).toBe(404);
  });

  it('refuses a foreign host name, a foreign origin and other methods', async () => {
    expect((await get('/', { Host: 'evil.example' })).status).toBe(403);
    expect((await get('/', { Host: `evil.example:${serve.port}` })).status).toBe(403);
    expect((await get('/', { Origin: 'http://evil.example' })).status).toBe(403);
    expect((await get('/', {}, 'POST')).status).toBe(405);
  });

  it('wants the token for every media request', async () => {
    asked.length = 0;
    for (const query of ['', '?token=', '?token=wrong', `?token=${serve.token}x`, `?Token=${serve.token}`])
      expect((await get(`/media/audio/1${query}`)).status, query).toBe(401);
    expect(asked).toEqual([]);
    const answer = await get(`/media/audio/1?token=${serve.token}`, { Range: 'bytes=0-4' });
    expect(answer).toMatchObject({ status: 206, body: 'sound' });
    expect(asked[0]).toMatchObject({ kind: 'audio', trackId: 1, range: 'bytes=0-4' });
  });

  it('takes a track’s number and never a path', async () => {
    asked.length = 0;
    for (const path of [
      '/media/audio/../../etc/passwd',
      '/media/audio/%2fetc%2fpasswd',
      '/media/audio/1/x',
      '/media/audio/-1',
      '/media/audio/1e9',
      '/media/file/1',
      '/media/audio/',
    ])
      expect((await get(`${path}?token=${serve.token}`)).status, path).toBe(404);
    expect(asked).toEqual([]);
  });

  it('opens the wire only for its own page with the token', async () => {
    expect(await upgrade()).toBe('open');
    expect(await upgrade({ token: '' })).toBe('401');
    expect(await upgrade({ token: 'wrong' })).toBe('401');
    expect(await upgrade({ origin: 'http://evil.example' })).toBe('403');
    expect(await upgrade({ origin: '' })).toBe('403');
    expect(await upgrade({ host: 'evil.example' })).toBe('403');
    expect(await upgrade({ path: '/other' })).toBe('403');
  });

  it('carries the contract over the wire', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${serve.port}/rpc`, ['earmark', serve.token], {
      origin: `http://127.0.0.1:${serve.port}`,
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const client = createClient(webSocketPort(socket));
    expect((await client.library.tracks({ search: '', sort: [], offset: 0, limit: 2 })).rows).toHaveLength(2);
    socket.terminate();
  });

  it('lives through garbage on the wire', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${serve.port}/rpc`, ['earmark', serve.token], {
      origin: `http://127.0.0.1:${serve.port}`,
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const requests = ['/__proto__/constructor', '/library/constructor', '/host/capabilities', 'javascript:alert(1)', 7].map((u) => ({
      i: '1',
      p: { u, b: {} },
    }));
    const headers = { i: '2', p: { u: '/host/capabilities', h: { 'content-type': ['x'], 'content-disposition': 5 } } };
    const strays = [{ i: '9', t: 3, p: { e: 'message' } }, { i: '9', t: 4 }, { i: '9', t: 77 }, { t: 1 }];
    for (const message of [...requests, headers, ...strays]) socket.send(JSON.stringify(message));
    for (const message of ['', 'null', '{', '[]', '"x"', Buffer.from([0xff, 0xfe]), 'x'.repeat(1 << 20)]) socket.send(message);
    await Promise.race([once(socket, 'close'), once(socket, 'message')]);
    socket.terminate();
    expect((await get('/')).status).toBe(200);
  });
});
