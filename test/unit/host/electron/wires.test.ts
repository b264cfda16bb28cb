import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../src-main/base/index.ts';
import { CoreKeeper } from '../../../../src-main/host/electron/core-keeper.ts';
import type { CoreProcess } from '../../../../src-main/host/electron/core-keeper.ts';
import type { FromCore, ToCore } from '../../../../src-main/host/electron/core-messages.ts';
import { receiveMedia, sendMedia } from '../../../../src-main/host/electron/media-stream.ts';
import type { MediaPort } from '../../../../src-main/host/electron/media-stream.ts';
import { Questions } from '../../../../src-main/host/electron/questions.ts';
import { waitFor } from '../../../support/wait-for.ts';

const channels: MessageChannel[] = [];
afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close();
});

/** A real message channel in the shape of Electron's ports. */
function portPair(): [MediaPort, MediaPort] {
  const channel = new MessageChannel();
  channels.push(channel);
  const wrap = (port: typeof channel.port1): MediaPort => ({
    postMessage: (message) => port.postMessage(message),
    on: (event: string, listener: (event: { data: unknown }) => void) => port.on(event, (data: unknown) => listener({ data })),
    start: () => port.start(),
    close: () => port.close(),
  });
  return [wrap(channel.port1), wrap(channel.port2)];
}

type Wire = { double: { input: number; output: number }; fail: { input: null; output: null } };

describe('Questions', () => {
  function pair(answers: { double(input: number): number; fail(): null }): Questions<Wire, never> {
    const asking: Questions<Wire, never> = new Questions((message) => answering.receive(message), {} as never);
    const answering = new Questions<never, Wire>((message) => asking.receive(message), answers);
    return asking;
  }
  const doubled = {
    double: (input: number) => input * 2,
    fail: (): null => {
      throw new AppError('NOT_FOUND', 'It is gone.');
    },
  };

  it('brings each answer to its own question', async () => {
    const asking = pair(doubled);
    expect(await Promise.all([1, 2, 3].map((number) => asking.ask('double', number)))).toEqual([2, 4, 6]);
  });

  it('brings an error with its code and its sentence', async () => {
    await expect(pair(doubled).ask('fail', null)).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'It is gone.' });
  });

  it('refuses what nobody answers, names of every object among it', async () => {
    const asking = pair(doubled) as unknown as Questions<Record<string, { input: null; output: null }>, never>;
    await expect(asking.ask('other', null)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(asking.ask('constructor', null)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('fails what was asked when the other side goes', async () => {
    const asking = new Questions<Wire, never>(() => undefined, {} as never);
    const asked = asking.ask('double', 1);
    asking.failAll(new AppError('INTERNAL', 'Gone.'));
    await expect(asked).rejects.toMatchObject({ message: 'Gone.' });
  });
});

describe('a media response over a port', () => {
  const order = { kind: 'audio' as const, trackId: 5, range: 'bytes=0-9' };
  const origin = 'earmark-app://app';

  function source(
    chunks: number,
    onCancel = vi.fn(),
  ): { reads: () => number; onCancel: typeof onCancel; body: ReadableStream<Uint8Array> } {
    let reads = 0;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      if (reads === chunks) return controller.close();
      controller.enqueue(new Uint8Array(4).fill(reads++));
    };
    return { reads: () => reads, onCancel, body: new ReadableStream({ pull, cancel: onCancel }, { highWaterMark: 0 }) };
  }

  it('arrives whole, with status, headers and the page’s permission to read it', async () => {
    const [here, there] = portPair();
    const open = vi.fn(async () => ({ status: 206, headers: { 'Content-Range': 'bytes 0-9/12' }, body: source(3).body }));
    void sendMedia({ open }, order, there);
    const response = await receiveMedia(here, origin);
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 0-9/12');
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(open).toHaveBeenCalledWith(expect.objectContaining(order));
  });

  it('arrives without a body', async () => {
    const [here, there] = portPair();
    void sendMedia({ open: async () => ({ status: 416, headers: {}, body: null }) }, order, there);
    const response = await receiveMedia(here, origin);
    expect([response.status, response.body]).toEqual([416, null]);
  });

  it('reads no further than the page does', async () => {
    const [here, there] = portPair();
    const { reads, body } = source(1000);
    void sendMedia({ open: async () => ({ status: 200, headers: {}, body }) }, order, there);
    const reader = (await receiveMedia(here, origin)).body?.getReader();
    await reader?.read();
    await reader?.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(reads()).toBe(2);
    await reader?.cancel();
  });

  it('lets go of the file when the page stops reading', async () => {
    const [here, there] = portPair();
    const { onCancel, body } = source(1000);
    void sendMedia({ open: async () => ({ status: 200, headers: {}, body }) }, order, there);
    const reader = (await receiveMedia(here, origin)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await waitFor(() => expect(onCancel).toHaveBeenCalledTimes(1));
  });

  it('fails in the middle when the core goes away', async () => {
    const [here, there] = portPair();
    void sendMedia({ open: async () => ({ status: 200, headers: {}, body: source(1000).body }) }, order, there);
    const reader = (await receiveMedia(here, origin)).body?.getReader();
    await reader?.read();
    there.close();
    await expect(async () => {
      for (let step = 0; step < 1000; step++) await reader?.read();
    }).rejects.toThrow(/core stopped/);
  });

  it('is a 503 when the core goes away before it answers', async () => {
    const [here, there] = portPair();
    const response = receiveMedia(here, origin);
    there.close();
    expect((await response).status).toBe(503);
  });

  it('fails when the file cannot be read on', async () => {
    const [here, there] = portPair();
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('EIO')) }, { highWaterMark: 0 });
    void sendMedia({ open: async () => ({ status: 200, headers: {}, body }) }, order, there);
    await expect((await receiveMedia(here, origin)).arrayBuffer()).rejects.toThrow();
  });
});

type FakeCore = CoreProcess<string> & {
  sent: [ToCore, string[]][];
  say(message: FromCore): void;
  die(code: number): void;
  isKilled: boolean;
};

function fakeCore(): FakeCore {
  let heard: (message: FromCore) => void = () => undefined;
  let exited: (code: number) => void = () => undefined;
  const core: FakeCore = {
    sent: [],
    isKilled: false,
    post: (message, ports = []) => void core.sent.push([message, ports]),
    onMessage: (listener) => void (heard = listener),
    onExit: (listener) => void (exited = listener),
    kill: () => {
      core.isKilled = true;
      exited(9);
    },
    say: (message) => heard(message),
    die: (code) => exited(code),
  };
  return core;
}

describe('CoreKeeper', () => {
  const cores: FakeCore[] = [];
  let nowMs = 0;
  const heard = { onReady: vi.fn(), onGivenUp: vi.fn(), onTheme: vi.fn(), onJobs: vi.fn(), onDefect: vi.fn() };
  const newest = (): FakeCore => cores.at(-1) as FakeCore;

  function keeper(): CoreKeeper<string> {
    return new CoreKeeper<string>({
      fork: () => {
        cores.push(fakeCore());
        return newest();
      },
      start: { type: 'start', dataDirectory: '/data', version: '1' },
      answers: { chooseFolder: () => '/music', chooseWeights: () => null, reveal: () => null },
      nowMs: () => nowMs,
      ...heard,
    });
  }

  beforeEach(() => {
    cores.length = 0;
    nowMs = 0;
    vi.clearAllMocks();
  });

  it('starts one core and says what it is to open', () => {
    const own = keeper();
    own.start();
    own.start();
    expect(cores).toHaveLength(1);
    expect(newest().sent).toEqual([[{ type: 'start', dataDirectory: '/data', version: '1' }, []]]);
  });

  const order = { kind: 'audio' as const, trackId: 1, range: null };

  it('hands over ports only once the core answers', async () => {
    const own = keeper();
    own.start();
    own.connectWindow('early');
    newest().say({ type: 'ready', theme: 'dark' });
    expect(heard.onReady).toHaveBeenCalledWith('dark', false);
    own.connectWindow('window');
    expect(await own.orderMedia(order, 'media')).toBe(true);
    expect(
      newest()
        .sent.slice(1)
        .map(([message, ports]) => [message.type, ports]),
    ).toEqual([
      ['window', ['window']],
      ['media', ['media']],
    ]);
  });

  it('keeps media that are asked for while the core starts, at first and after it died, until it answers', async () => {
    const own = keeper();
    own.start();
    const early = own.orderMedia(order, 'early');
    newest().die(139);
    newest().say({ type: 'ready', theme: 'dark' });
    expect(await early).toBe(true);
    newest().die(139);
    const meanwhile = own.orderMedia(order, 'meanwhile');
    newest().say({ type: 'ready', theme: 'dark' });
    expect(await meanwhile).toBe(true);
    expect(cores.map(({ sent }) => sent.slice(1).flatMap(([, ports]) => ports))).toEqual([[], ['early'], ['meanwhile']]);
  });

  it('says that there are no media where no core is to come: before its start, when it cannot start, dies often, or closes', async () => {
    const ends: ((own: CoreKeeper<string>) => void)[] = [
      () => newest().say({ type: 'failed', error: { code: 'NEWER_DATABASE', message: 'Newer.', details: {} } }),
      () => {
        for (let death = 0; death < 4; death++) newest().die(1);
      },
      (own) => void own.close(),
    ];
    for (const end of ends) {
      const own = keeper();
      expect(await own.orderMedia(order, 'before')).toBe(false);
      own.start();
      const asked = own.orderMedia(order, 'waits');
      end(own);
      expect(await asked).toBe(false);
      expect(await own.orderMedia(order, 'after')).toBe(false);
    }
  });

  it('answers what the core asks', async () => {
    keeper().start();
    newest().say({ type: 'question', id: 4, what: 'chooseFolder', input: null });
    await waitFor(() => expect(newest().sent.at(-1)?.[0]).toEqual({ type: 'answer', id: 4, output: '/music' }));
  });

  it('starts a core that died again, says so, and fails what it was asked', async () => {
    const own = keeper();
    own.start();
    newest().say({ type: 'ready', theme: 'system' });
    const asked = own.ask('runningJobs', null);
    newest().die(139);
    await expect(asked).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(cores).toHaveLength(2);
    expect(own.isReady).toBe(false);
    newest().say({ type: 'ready', theme: 'system' });
    expect(heard.onReady).toHaveBeenLastCalledWith('system', true);
  });

  it('hears nothing more of a core that died', () => {
    const own = keeper();
    own.start();
    const first = newest();
    first.die(1);
    first.say({ type: 'ready', theme: 'dark' });
    expect(heard.onReady).not.toHaveBeenCalled();
  });

  it('gives up after four deaths within a minute, and starts again when asked', () => {
    const own = keeper();
    own.start();
    for (let death = 0; death < 4; death++) newest().die(1);
    expect(cores).toHaveLength(4);
    expect(heard.onGivenUp).toHaveBeenCalledTimes(1);
    own.start();
    expect(cores).toHaveLength(5);
  });

  it('goes on when deaths are rare', () => {
    keeper().start();
    for (let death = 0; death < 10; death++) {
      nowMs += 30_000;
      newest().die(1);
    }
    expect(cores).toHaveLength(11);
    expect(heard.onGivenUp).not.toHaveBeenCalled();
  });

  it('does not start again what cannot start', () => {
    keeper().start();
    const error = { code: 'NEWER_DATABASE' as const, message: 'Newer.', details: {} };
    newest().say({ type: 'failed', error });
    expect(heard.onGivenUp).toHaveBeenCalledWith(error);
    expect([cores.length, newest().isKilled]).toEqual([1, true]);
  });

  it('lets the core finish before it closes, and starts none after', async () => {
    const own = keeper();
    own.start();
    newest().say({ type: 'ready', theme: 'system' });
    const closed = own.close();
    expect(newest().sent.at(-1)?.[0]).toMatchObject({ type: 'question', what: 'close' });
    newest().die(0);
    await closed;
    own.start();
    expect(cores).toHaveLength(1);
  });

  it('ends a core that does not close', async () => {
    vi.useFakeTimers();
    try {
      const own = keeper();
      own.start();
      newest().say({ type: 'ready', theme: 'system' });
      const closed = own.close();
      await vi.advanceTimersByTimeAsync(25_000);
      await closed;
      expect(newest().isKilled).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
