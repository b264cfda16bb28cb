/** @file The renderer's connection: calls, errors, events, and reaching the core again; over a memory port to a seeded core. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-main/base/index.ts';
import { memoryPorts, servePort } from '../../../src-main/rpc/index.ts';
import { Connection } from '../../../src-renderer/client/connection.ts';
import type { ConnectionState } from '../../../src-renderer/client/connection.ts';
import { ClientError } from '../../../src-renderer/client/errors.ts';
import { takeToken } from '../../../src-renderer/client/token.ts';
import { RefusedError } from '../../../src-renderer/client/wire.ts';
import type { Wire } from '../../../src-renderer/client/wire.ts';
import { seededTests } from '../../support/connected.ts';
import type { ConnectedOptions } from '../../support/connected.ts';

const connected = seededTests({ tracks: 12 });

/** A core that can be cut off and reached again. */
function harness(options: ConnectedOptions = {}) {
  const { core, api } = connected(options);
  const cuts: (() => void)[] = [];
  const reach: { attempt: () => void } = { attempt: () => undefined };
  const waits: number[] = [];
  const open = (): Promise<Wire> => {
    reach.attempt();
    const [own, other] = memoryPorts();
    servePort(core.router, other);
    cuts.push(() => own.close());
    const port: Wire['port'] = {
      postMessage: (message) => own.send(message as string),
      on: (event, listener) => {
        if (event === 'message') own.onMessage((data) => listener({ data }));
        if (event === 'close') own.onClose(() => listener());
      },
    };
    return Promise.resolve({ port, onClose: (listener) => own.onClose(listener), close: () => own.close() });
  };
  const connection = new Connection(open, (ms) => {
    waits.push(ms);
    return new Promise((resolve) => setImmediate(resolve));
  });
  return { api, connection, cuts, reach, waits };
}

function until(connection: Connection, state: ConnectionState): Promise<void> {
  return new Promise((resolve) => {
    const stop = connection.onState((now) => {
      if (now !== state) return;
      stop();
      resolve();
    });
  });
}

describe('the connection', () => {
  it('lets calls wait for the first connection', async () => {
    const { connection } = harness();
    const early = connection.api.library.summary();
    void connection.start();
    expect((await early).tracks).toBe(12);
    connection.stop();
  });

  it('turns an error of the core into a code, a sentence and details', async () => {
    const failing = { 'library.summary': new AppError('DATABASE_DAMAGED', 'The database is damaged.', { details: { path: '/x' } }) };
    const { connection } = harness({ failing });
    void connection.start();
    const error = await connection.api.library.summary().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({ code: 'DATABASE_DAMAGED', message: 'The database is damaged.', details: { path: '/x' } });
    connection.stop();
  });

  it('says in words that a value was refused', async () => {
    const { connection } = harness();
    void connection.start();
    const error = await connection.api.library.peaks({ trackId: -1 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('because a value in the request is not allowed. At ') as string,
    });
    connection.stop();
  });

  it('brings events to those who hear their type', async () => {
    const { connection } = harness();
    const heard = new Promise<string>((resolve) => connection.on('feature.noteChanged', ({ text }) => resolve(text)));
    const others: string[] = [];
    connection.on('library.changed', ({ type }) => others.push(type));
    void connection.start();
    await connection.api.listen.setNote({ encoderId: 1, feature: 51, text: 'guitars' });
    expect(await heard).toBe('guitars');
    expect(others).toEqual([]);
    connection.stop();
  });

  it('reaches the core again after a loss, and hears its events again', async () => {
    const { connection, cuts, api } = harness();
    const opened = until(connection, 'open');
    void connection.start();
    await opened;
    const [lost, again] = [until(connection, 'lost'), until(connection, 'open')];
    cuts[0]?.();
    await lost;
    await again;
    const heard = new Promise<void>((resolve) => connection.on('library.changed', () => resolve()));
    expect((await connection.api.library.summary()).tracks).toBe(12);
    await api.library.removeFolder({ folderId: 1 });
    await heard;
    expect(cuts).toHaveLength(2);
    connection.stop();
  });

  it('fails calls at once while the core is away, and calls under way when it goes', async () => {
    const { connection, cuts, reach } = harness({ delayMs: 20 });
    const opened = until(connection, 'open');
    void connection.start();
    await opened;
    reach.attempt = () => {
      throw new Error('not there');
    };
    const underWay = connection.api.library.summary().catch((caught: unknown) => caught);
    const lost = until(connection, 'lost');
    cuts[0]?.();
    await lost;
    expect(await underWay).toMatchObject({ code: 'CORE_STOPPED' });
    await expect(connection.api.library.summary()).rejects.toMatchObject({ code: 'CORE_STOPPED' });
    connection.stop();
  });

  it('waits longer from attempt to attempt', async () => {
    const { connection, reach, waits } = harness();
    let left = 6;
    reach.attempt = () => {
      if (left-- > 0) throw new Error('not there');
    };
    const opened = until(connection, 'open');
    void connection.start();
    await opened;
    expect(waits).toEqual([200, 500, 1000, 2000, 4000, 4000]);
    connection.stop();
  });

  it('does not try again when it is refused', async () => {
    const { connection, reach } = harness();
    let attempts = 0;
    reach.attempt = () => {
      attempts++;
      throw new RefusedError('no token');
    };
    await connection.start();
    expect(connection.state).toBe('refused');
    expect(attempts).toBe(1);
    await expect(connection.api.jobs.list()).rejects.toMatchObject({ code: 'CORE_STOPPED' });
  });
});

describe('the token', () => {
  function page(hash: string, kept: Record<string, string> = {}) {
    const replaced: string[] = [];
    return {
      kept,
      replaced,
      location: { hash, pathname: '/', search: '' },
      history: { replaceState: (_data: unknown, _unused: string, url: string) => void replaced.push(url) },
      sessionStorage: {
        getItem: (key: string) => kept[key] ?? null,
        setItem: (key: string, value: string) => void (kept[key] = value),
      },
    };
  }

  it('is taken from the link, kept for the tab, and leaves the address', () => {
    const first = page('#token=abc_-9');
    expect(takeToken(first)).toBe('abc_-9');
    expect(first.replaced).toEqual(['/']);
    expect(takeToken(page('#/listen', first.kept))).toBe('abc_-9');
  });

  it('is null when there is none', () => {
    expect(takeToken(page('#/library'))).toBeNull();
  });
});
