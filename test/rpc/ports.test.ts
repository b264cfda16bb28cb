import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../src-main/base/index.ts';
import type { AppEvent, Handlers, TrackId } from '../../src-main/contract/index.ts';
import { createClient, createRouter, electronPort, fromRemote, memoryPorts, servePort, webSocketPort } from '../../src-main/rpc/index.ts';
import type { Client, MessagePortMainLike, Port } from '../../src-main/rpc/index.ts';
import { frameCharacters } from '../../src-main/rpc/websocket-port.ts';
import { openSeededCore } from '../support/seed/core.ts';
import type { SeededCore } from '../support/seed/core.ts';

let core: SeededCore;

beforeAll(async () => {
  core = await openSeededCore({ tracks: 5, encoders: 'none' });
});

afterAll(() => core.close());

/** The core's handlers; a test may put others in their place. */
function ownHandlers(): Handlers {
  return Object.fromEntries(Object.entries(core.handlers).map(([subject, group]) => [subject, { ...group }])) as Handlers;
}

/** One end for the core, one for the caller. */
type Wire = { core: Port; caller: Port; close: () => Promise<void> | void };

function memoryWire(): Promise<Wire> {
  const [core, caller] = memoryPorts();
  return Promise.resolve({ core, caller, close: () => caller.close() });
}

async function webSocketWire(): Promise<Wire> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new WebSocketServer({ server });
  const accepted = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise((resolve) => client.once('open', resolve));
  const close = async (): Promise<void> => {
    client.terminate();
    for (const socket of sockets.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  };
  return { core: webSocketPort(await accepted), caller: webSocketPort(client), close };
}

/** Node's message port, dressed as Electron's `MessagePortMain`. */
function asMain(port: import('node:worker_threads').MessagePort): MessagePortMainLike {
  return {
    postMessage: (message) => port.postMessage(message),
    on: (event: string, listener: (event: { data: unknown }) => void) =>
      event === 'message' ? port.on('message', (data) => listener({ data })) : port.on('close', () => listener({ data: undefined })),
    start: () => port.start(),
  };
}

function electronWire(): Promise<Wire> {
  const { port1, port2 } = new MessageChannel();
  return Promise.resolve({ core: electronPort(asMain(port1)), caller: electronPort(asMain(port2)), close: () => port2.close() });
}

const wires = { memory: memoryWire, WebSocket: webSocketWire, Electron: electronWire };
const open: Wire[] = [];

afterEach(async () => {
  for (const wire of open.splice(0)) await wire.close();
});

async function connect(
  make: () => Promise<Wire>,
  change: (handlers: Handlers) => void = () => undefined,
): Promise<{ client: Client; wire: Wire; reported: unknown[] }> {
  const wire = await make();
  open.push(wire);
  const handlers = ownHandlers();
  change(handlers);
  const reported: unknown[] = [];
  servePort(
    createRouter(handlers, (error) => reported.push(error)),
    wire.core,
  );
  return { client: createClient(wire.caller), wire, reported };
}

/** What a call rejects with, as the caller sees it. */
async function failureOf(call: Promise<unknown>): Promise<AppError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (thrown: unknown) => fromRemote(thrown),
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe.each(Object.entries(wires))('the contract over a %s port', (_name, make) => {
  it('answers a call with checked output', async () => {
    const { client } = await connect(make);
    const page = await client.library.tracks({ search: '', sort: [], offset: 0, limit: 3 });
    expect(page.rows).toHaveLength(3);
    expect(page.rows[0]?.title).toBeTypeOf('string');
  });

  it('refuses input of a wrong type, naming no internals', async () => {
    const { client } = await connect(make);
    const wrong = { search: 7, sort: 'title', offset: -1, limit: 1e9 } as unknown as Parameters<Client['library']['tracks']>[0];
    expect((await failureOf(client.library.tracks(wrong))).code).toBe('BAD_INPUT');
  });

  it('refuses unknown fields', async () => {
    const { client } = await connect(make);
    const wrong = { trackId: 1 as TrackId, path: '/etc/passwd' };
    expect((await failureOf(client.library.track(wrong))).code).toBe('BAD_INPUT');
  });

  it('carries an error with its code, sentence and details', async () => {
    const { client } = await connect(make, (handlers) => {
      handlers.library.track = () => {
        throw new AppError('NOT_FOUND', 'There is no such track.', { details: { trackId: 9 } });
      };
    });
    const failure = await failureOf(client.library.track({ trackId: 9 }));
    expect({ ...failure.toData() }).toEqual({ code: 'NOT_FOUND', message: 'There is no such track.', details: { trackId: 9 } });
  });

  it('reports a defect to the core', async () => {
    const { client, reported } = await connect(make, (handlers) => {
      handlers.library.summary = () => {
        throw new TypeError('x is undefined');
      };
    });
    expect((await failureOf(client.library.summary())).code).toBe('INTERNAL');
    expect(reported).toHaveLength(1);
  });

  it('refuses output that is not what the contract says', async () => {
    const { client } = await connect(make, (handlers) => {
      handlers.library.summary = () => ({ folders: 'many' }) as never;
    });
    await expect(client.library.summary()).rejects.toThrow();
  });

  it('streams events, and ends the stream on the core when the caller leaves it', async () => {
    let hasEnded = false;
    const { client } = await connect(make, (handlers) => {
      handlers.events.subscribe = async function* (): AsyncGenerator<AppEvent, void, void> {
        try {
          for (;;) {
            yield { type: 'library.changed' };
            await new Promise((resolve) => setImmediate(resolve));
          }
        } finally {
          hasEnded = true;
        }
      };
    });
    const seen: string[] = [];
    for await (const event of await client.events.subscribe()) {
      seen.push(event.type);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(['library.changed', 'library.changed', 'library.changed']);
    await expect.poll(() => hasEnded).toBe(true);
  });

  it('ends the streams of a wire that breaks', async () => {
    let hasEnded = false;
    const { client, wire } = await connect(make, (handlers) => {
      handlers.events.subscribe = async function* (_input, signal): AsyncGenerator<AppEvent, void, void> {
        yield { type: 'library.changed' };
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        hasEnded = true;
      };
    });
    const events = await client.events.subscribe();
    await events.next();
    await wire.close();
    await expect.poll(() => hasEnded).toBe(true);
  });
});

describe('a WebSocket whose peer never reads', () => {
  const large = 'x'.repeat(2 ** 19);

  /** A peer that reads nothing, and one beside it by whose answers time is told. */
  async function deafPeer(change: (handlers: Handlers) => void): Promise<{ deaf: WebSocket; beside: Client }> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const sockets = new WebSocketServer({ server });
    const handlers = ownHandlers();
    change(handlers);
    const router = createRouter(handlers, () => undefined);
    sockets.on('connection', (socket) => servePort(router, webSocketPort(socket)));
    const address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [deaf, other] = [new WebSocket(address), new WebSocket(address)];
    await Promise.all([deaf, other].map((socket) => new Promise((resolve) => socket.once('open', resolve))));
    const close = async (): Promise<void> => {
      for (const socket of [deaf, other, ...sockets.clients]) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    };
    open.push({ core: webSocketPort(other), caller: webSocketPort(other), close });
    return { deaf, beside: createClient(webSocketPort(other)) };
  }

  it('is answered a few calls ahead, and all of them once it reads', async () => {
    let carriedOut = 0;
    const { deaf, beside } = await deafPeer((handlers) => {
      handlers.settings.getView = () => {
        carriedOut++;
        return large;
      };
    });
    deaf.pause();
    const call = (i: number): string => JSON.stringify({ i: String(i), p: { u: '/settings/getView', b: { json: { view: 'x' } } } });
    await Promise.all(Array.from({ length: 200 }, (_, i) => new Promise((resolve) => deaf.send(call(i), resolve))));
    for (let i = 0; i < 200; i++) await beside.host.capabilities();
    expect(carriedOut).toBeGreaterThan(0);
    expect(carriedOut).toBeLessThan(150);
    let answers = 0;
    const all = new Promise<void>((resolve) => deaf.on('message', () => ++answers === 200 && resolve()));
    deaf.resume();
    await all;
    expect(carriedOut).toBe(200);
  });

  it('is refused no more than it is answered', async () => {
    const { deaf, beside } = await deafPeer(() => undefined);
    const sent: Buffer[] = [];
    deaf.pause();
    // Refusals are small; what is counted is that none is lost and the core goes on.
    for (let i = 0; i < 5000; i++) deaf.send(`{"i":"${i}","p":{"u":"//"}}`);
    await beside.host.capabilities();
    const all = new Promise<void>((resolve) => deaf.on('message', (data: Buffer) => sent.push(data) === 5000 && resolve()));
    deaf.resume();
    await all;
    expect(String(sent[0])).toContain('BAD_INPUT');
  });

  it('is sent events no further ahead than it reads', async () => {
    let pulled = 0;
    const { deaf, beside } = await deafPeer((handlers) => {
      handlers.events.subscribe = async function* (_input, signal): AsyncGenerator<AppEvent, void, void> {
        while (!signal.aborted) {
          pulled++;
          yield { type: 'feature.noteChanged', encoderId: 1 as never, feature: 1, text: large };
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
    });
    deaf.pause();
    await new Promise((resolve) => deaf.send('{"i":"1","p":{"u":"/events/subscribe"}}', resolve));
    for (let i = 0; i < 300; i++) await beside.host.capabilities();
    expect(pulled).toBeGreaterThan(0);
    expect(pulled).toBeLessThan(100);
  });

  it('opens no more streams than a window needs', async () => {
    const { beside } = await deafPeer(() => undefined);
    const streams = await Promise.allSettled(Array.from({ length: 40 }, () => beside.events.subscribe()));
    expect(streams.filter(({ status }) => status === 'fulfilled')).toHaveLength(32);
    for (const stream of streams) if (stream.status === 'fulfilled') await stream.value.return?.();
    await expect
      .poll(() =>
        beside.events.subscribe().then(
          () => 'open',
          () => 'refused',
        ),
      )
      .toBe('open');
  });
});

describe('a message that is no call', () => {
  it('is answered by its number, on every port alike', async () => {
    for (const make of Object.values(wires)) {
      const { wire, reported } = await connect(make);
      const odd = [
        '{"i":"1","p":{"u":"//"}}',
        '{"i":"2","p":{"u":"/jobs/unknown"}}',
        '{"i":"3","p":{"u":"/jobs/pause","b":{"json":{"jobId":"x"}}}}',
      ];
      const meta = '{"i":"4","p":{"u":"/jobs/pause","b":{"json":{},"meta":[[7,"a","b"]]}}}';
      const multipart = '{"i":"5","p":{"u":"/jobs/pause","h":{"content-type":"multipart/form-data"},"b":1}}';
      const answers = new Map<string, string>();
      const all = new Promise<void>((resolve) =>
        wire.caller.onMessage((message) => {
          const { i, p } = JSON.parse(String(message)) as { i: string; p: { b: { json: { code: string } } } };
          answers.set(i, p.b.json.code);
          if (answers.size === 5) resolve();
        }),
      );
      for (const message of [...odd, meta, multipart]) wire.caller.send(message);
      await all;
      expect(Object.fromEntries(answers)).toEqual({ 1: 'BAD_INPUT', 2: 'NOT_FOUND', 3: 'BAD_INPUT', 4: 'BAD_INPUT', 5: 'BAD_INPUT' });
      expect(reported).toEqual([]);
    }
  });
});

describe('a WebSocket', () => {
  it('sends a long text in frames, each after the one before it, whole letters in each, and nothing in between', async () => {
    const wire = await webSocketWire();
    open.push(wire);
    const long = `${'x'.repeat(frameCharacters - 1)}\u{1f600}${'é'.repeat(2 * frameCharacters)}`;
    const messages = [long, 'short', new Uint8Array([1, 2, 3]), long, ''];
    const heard: (string | Uint8Array)[] = [];
    const all = new Promise<void>((resolve) =>
      wire.caller.onMessage((message) => {
        heard.push(message);
        if (heard.length === messages.length) resolve();
      }),
    );
    const send = vi.spyOn(WebSocket.prototype, 'send');
    for (const message of messages) wire.core.send(message);
    // One frame is with the socket; the others wait until it was taken.
    expect(send).toHaveBeenCalledTimes(1);
    await all;
    expect(heard.map((message) => (typeof message === 'string' ? message : [...message]))).toEqual([long, 'short', [1, 2, 3], long, '']);
    for (const [frame] of send.mock.calls) expect((frame as string | Uint8Array).length).toBeLessThanOrEqual(frameCharacters + 1);
    vi.restoreAllMocks();
  });
});
