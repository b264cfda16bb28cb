/** @file `serve` under connections that mean it harm: it answers the next one, and keeps nothing of them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get, request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startServe } from '../../../../src-main/host/serve/server.ts';
import type { Serve } from '../../../../src-main/host/serve/server.ts';
import { createRouter, mostMessageCharacters } from '../../../../src-main/rpc/index.ts';
import type { MediaSource } from '../../../../src-main/service/index.ts';
import { openSeededCore } from '../../../support/seed/core.ts';
import type { SeededCore } from '../../../support/seed/core.ts';
import { attackAll, hostileConnections } from '../../../support/hostile-connections.ts';

let serve: Serve;
let core: SeededCore;
let directory: string;
const reported: unknown[] = [];
let open: MediaSource['open'];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'earmark-hostile-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Earmark</title>');
  writeFileSync(join(directory, 'assets/app.js'), 'export {}');
  const media = { open: (wanted: Parameters<MediaSource['open']>[0]) => open(wanted) };
  core = await openSeededCore({ tracks: 3, encoders: 'none' });
  const router = createRouter(core.handlers, (error) => reported.push(error));
  serve = await startServe({ core: { router, media }, pagesDirectory: directory, port: 0 });
});

afterEach(() => {
  expect(reported.splice(0)).toEqual([]);
});

afterAll(async () => {
  await serve.close();
  await core.close();
  rmSync(directory, { recursive: true, force: true });
});

function status(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: serve.port, path, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', reject);
  });
}

/** Connections of this process that are open at either end. */
const openSockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

/** The whole answer to raw bytes, once the server has closed the connection; this end keeps its half open. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ host: '127.0.0.1', port: serve.port, allowHalfOpen: true });
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('end', () => resolve(answer));
    socket.on('close', () => resolve(answer));
    socket.write(bytes, 'latin1');
  });
}

describe('serve under attack', () => {
  it('answers an address that is none, also at an upgrade, and lets go of the connection', async () => {
    const before = openSockets();
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
    for (const path of ['//', '///', '//[', 'http://[', '//:', '//%'])
      for (const extra of ['', upgrade]) {
        const own = `Host: 127.0.0.1:${serve.port}\r\n`;
        expect(await exchange(`GET ${path} HTTP/1.1\r\n${own}${extra}\r\n`), `${path} ${extra}`).toMatch(/^HTTP\/1\.1 4\d\d /);
      }
    await expect.poll(openSockets).toBeLessThanOrEqual(before + 12);
    expect(await status('/')).toBe(200);
  });

  it('lives through 2 000 mutated requests and upgrades, half ones and resets, and keeps none of them', async () => {
    const before = openSockets();
    const outcomes = await attackAll(serve.port, hostileConnections(7, 2000, serve));
    const wrong = outcomes.filter(
      ({ status: line, connection }) => (line !== '' || connection.ending === 'wait') && !/^HTTP\/1\.1 (101|200|206|4\d\d) /.test(line),
    );
    expect(wrong.map(({ connection, status: line }) => [line, connection.bytes.toString('latin1').slice(0, 200)])).toEqual([]);
    const letIn = outcomes.filter(({ status: line }) => line.startsWith('HTTP/1.1 101'));
    for (const { connection } of letIn) {
      const path = /^GET (\S+) /.exec(connection.bytes.toString('latin1'))?.[1] ?? '';
      expect(URL.parse(path, 'http://127.0.0.1')?.pathname, path).toBe('/rpc');
      expect(connection.bytes.toString('latin1')).toContain(serve.token);
    }
    expect(letIn.length).toBeGreaterThan(10);
    expect(outcomes.filter(({ status: line }) => / 4\d\d /.test(line)).length).toBeGreaterThan(500);
    await expect.poll(openSockets).toBeLessThanOrEqual(before);
    expect(await status('/')).toBe(200);
  });

  it('closes a socket whose frames are none', async () => {
    for (const frame of ['f8ff', '81feffff', '8fffffffffffffffffff', 'c180000000', '8a85', '88820000000003e9']) {
      const socket = new WebSocket(`ws://127.0.0.1:${serve.port}/rpc`, ['earmark', serve.token], {
        origin: `http://127.0.0.1:${serve.port}`,
      });
      await new Promise((resolve) => socket.once('open', resolve));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      const raw = (socket as unknown as { _socket: Socket })._socket;
      raw.write(Buffer.from(frame, 'hex'), () => raw.end());
      await closed;
    }
    expect(await status('/')).toBe(200);
  });

  it('takes a list of many megabytes, and keeps the socket open over a message that is too long', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${serve.port}/rpc`, ['earmark', serve.token], {
      origin: `http://127.0.0.1:${serve.port}`,
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const ask = (i: string, message: string): Promise<{ s?: number; b: { json: { code?: string } } }> => {
      const answered = new Promise<string>((resolve) => socket.once('message', (data: Buffer) => resolve(data.toString())));
      socket.send(message);
      return answered.then((text) => {
        const { i: to, p } = JSON.parse(text) as { i: string; p: { s?: number; b: { json: { code?: string } } } };
        expect(to).toBe(i);
        return p;
      });
    };
    const list = `#${'x'.repeat(9_500_000)}\n/music/track.mp3\n`;
    const input = { name: 'Long', text: list };
    const taken = await ask('1', JSON.stringify({ i: '1', p: { u: '/playlists/importM3u', b: { json: input } } }));
    expect(taken.b.json.code).toBe('NOT_FOUND');
    const tooLong = await ask('2', `{"i":"2","p":{"u":"/playlists/importM3u","b":{"json":"${'x'.repeat(mostMessageCharacters)}"}}}`);
    expect(tooLong).toMatchObject({
      s: 500,
      b: { json: { code: 'BAD_INPUT', message: expect.stringContaining('longer than') as string } },
    });
    expect(socket.readyState).toBe(socket.OPEN);
    socket.terminate();
  });

  it('stops reading a body when the listener goes, before and after it was opened', async () => {
    const before = openSockets();
    let isCancelled = 0;
    const gates: (() => void)[] = [];
    const body = (): ReadableStream<Uint8Array> =>
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65536)), cancel: () => void isCancelled++ });
    open = async ({ trackId }) => {
      if (trackId === 2) await new Promise<void>((resolve) => gates.push(resolve));
      return { status: 200, headers: { 'Content-Type': 'audio/flac' }, body: body() };
    };
    const ask = (trackId: number): ReturnType<typeof request> =>
      request({ host: '127.0.0.1', port: serve.port, path: `/media/audio/${trackId}?token=${serve.token}`, agent: false })
        .on('error', () => undefined)
        .end();
    const early = ask(2);
    await expect.poll(() => gates.length).toBe(1);
    early.destroy();
    const late = ask(1);
    await new Promise((resolve) => late.once('response', (response) => response.once('data', resolve)));
    late.destroy();
    await expect.poll(openSockets).toBeLessThanOrEqual(before);
    gates[0]?.();
    await expect.poll(() => isCancelled).toBe(2);
  });

  it('is not ended by a media source that throws', async () => {
    open = () => Promise.reject(new TypeError('a defect'));
    await expect(status(`/media/audio/1?token=${serve.token}`)).rejects.toThrow();
    expect(reported.splice(0)).toEqual([new TypeError('a defect')]);
    expect(await status('/')).toBe(200);
  });
});
