import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FromCore, ToCore } from '../../../../src-main/host/electron/core-messages.ts';
import { createClient, electronPort } from '../../../../src-main/rpc/index.ts';
import type { MessagePortMainLike } from '../../../../src-main/rpc/index.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** The core's entry, run here with a stand-in for Electron's parent port; store, services and wires are the real ones. */
const parentPort = Object.assign(new EventEmitter(), { postMessage: vi.fn((message: FromCore) => void parentPort.emit('said', message)) });
const folder = mkdtempSync(join(tmpdir(), 'earmark-core-'));
const channels: MessageChannel[] = [];
const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);

type Wrapped = MessagePortMainLike & { close(): void };

function wrap(port: MessageChannel['port1']): Wrapped {
  return {
    postMessage: (message: unknown) => port.postMessage(message),
    on: (event: string, listener: (event: { data: unknown }) => void) => port.on(event, (data: unknown) => listener({ data })),
    start: () => port.start(),
    close: () => port.close(),
  };
}

function send(message: ToCore): Wrapped {
  const channel = new MessageChannel();
  channels.push(channel);
  parentPort.emit('message', { data: message, ports: [wrap(channel.port1)] });
  return wrap(channel.port2);
}

function said<Type extends FromCore['type']>(type: Type): Promise<Extract<FromCore, { type: Type }>> {
  return new Promise((resolve) => {
    const hear = (message: FromCore): void => {
      if (message.type !== type) return;
      parentPort.off('said', hear);
      resolve(message as Extract<FromCore, { type: Type }>);
    };
    parentPort.on('said', hear);
  });
}

beforeAll(async () => {
  Object.assign(process, { parentPort });
  await import('../../../../src-main/host/electron/core.ts');
  const ready = said('ready');
  send({ type: 'start', dataDirectory: folder, version: '1.2.3' });
  expect((await ready).theme).toBe('system');
});

afterAll(async () => {
  for (const { port1 } of channels) port1.close();
  exit.mockRestore();
  rmSync(folder, { recursive: true });
});

describe('the core in Electron', () => {
  it('answers a window over its port, as the desktop host', async () => {
    const client = createClient(electronPort(send({ type: 'window' })));
    expect(await client.host.capabilities()).toMatchObject({
      host: 'electron',
      nativeDialogs: true,
      revealsFiles: true,
      version: '1.2.3',
      dataDirectory: folder,
    });
  });

  it('asks main for a dialog and passes the choice on', async () => {
    const client = createClient(electronPort(send({ type: 'window' })));
    const asked = said('question');
    const chosen = client.host.chooseFolder();
    const { id, what } = await asked;
    expect(what).toBe('chooseFolder');
    send({ type: 'answer', id, output: '/music' });
    expect(await chosen).toBe('/music');
  });

  it('tells main when the person changes the theme in a window', async () => {
    const client = createClient(electronPort(send({ type: 'window' })));
    const theme = said('theme');
    await client.settings.set({ theme: 'dark' });
    expect(await theme).toEqual({ type: 'theme', theme: 'dark' });
  });

  it('sets the theme for the menu, and tells of jobs', async () => {
    const theme = said('theme');
    send({ type: 'question', id: 70, what: 'setTheme', input: { theme: 'light' } });
    expect((await theme).theme).toBe('light');
    const answer = said('answer');
    send({ type: 'question', id: 71, what: 'runningJobs', input: null });
    expect(await answer).toEqual({ type: 'answer', id: 71, output: [] });
  });

  it('has no media that is not in the library', async () => {
    const port = send({ type: 'media', order: { kind: 'audio', trackId: 999, range: null } });
    const head = new Promise<unknown>((resolve) => port.on('message', ({ data }) => resolve(data)));
    port.start();
    expect(await head).toMatchObject({ type: 'head', status: 404 });
  });

  it('says why it cannot start where a core runs already', async () => {
    const failed = said('failed');
    send({ type: 'start', dataDirectory: folder, version: '1.2.3' });
    expect((await failed).error.code).toBe('DATA_DIRECTORY_IN_USE');
  });

  it('closes the library and then ends', async () => {
    const answer = said('answer');
    send({ type: 'question', id: 72, what: 'close', input: null });
    expect(await answer).toMatchObject({ id: 72, output: null });
    await waitFor(() => expect(exit).toHaveBeenCalledWith(0));
  });
});
