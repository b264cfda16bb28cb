import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src-main/base/index.ts';
import type { AppEvent, Handlers, TrackId } from '../../src-main/contract/index.ts';
import { createClient, createRouter, electronPort, fromRemote, memoryPorts, servePort, webSocketPort } from '../../src-main/rpc/index.ts';
import type { Client, MessagePortMainLike, Port } from '../../src-main/rpc/index.ts';
import { fakeHandlers } from '../support/fake-core.ts';

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
  const handlers = fakeHandlers();
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
    const failure = await failureOf(client.library.track({ trackId: 9 as TrackId }));
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
            await new Promise((resolve) => setTimeout(resolve, 1));
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
