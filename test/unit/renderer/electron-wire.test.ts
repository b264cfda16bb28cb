/** @file The renderer's wire in Electron: ports that the preload script posts, whenever they come. */
import { describe, expect, it } from 'vitest';
import { electronOpener } from '../../../src-renderer/client/electron-wire.ts';

/** As much of a window as the opener uses. */
class FakePage extends EventTarget {
  readonly location = { origin: 'null' };
  readonly posted: unknown[] = [];

  postMessage(message: unknown): void {
    this.posted.push(message);
  }

  /** What the preload script does; `source` is another window when the message is forged. */
  deliver(data: unknown, port: MessagePort, source: unknown = this): void {
    const event = new Event('message');
    this.dispatchEvent(Object.assign(event, { data, ports: [port], source }));
  }

  get asWindow(): Window {
    return this as unknown as Window;
  }
}

const never = new AbortController().signal;

/** Sends a word through a wire's far end and back. */
async function hears(page: FakePage, open: ReturnType<typeof electronOpener>, deliver: (port: MessagePort) => void): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  const opening = open(never);
  deliver(port1);
  const wire = await opening;
  const heard = new Promise((resolve) => wire.port.on('message', (event) => resolve(event?.data)));
  port2.postMessage(`hello ${page.posted.length}`);
  const word = await heard;
  wire.close();
  port2.close();
  return word;
}

describe('the wire in Electron', () => {
  it('tells the preload script that it listens', () => {
    const page = new FakePage();
    electronOpener(page.asWindow);
    expect(page.posted).toEqual(['earmark-ready']);
  });

  it('waits for a port, and takes the next one when the core is started again', async () => {
    const page = new FakePage();
    const open = electronOpener(page.asWindow);
    expect(await hears(page, open, (port) => page.deliver('earmark-port', port))).toBe('hello 1');
    expect(await hears(page, open, (port) => page.deliver('earmark-port', port))).toBe('hello 1');
  });

  it('takes a port that came before it was asked for', async () => {
    const page = new FakePage();
    const open = electronOpener(page.asWindow);
    const { port1, port2 } = new MessageChannel();
    page.deliver('earmark-port', port1);
    const wire = await open(never);
    wire.close();
    port2.close();
  });

  it('takes no port from another window, and none with another word', async () => {
    const page = new FakePage();
    const open = electronOpener(page.asWindow);
    const given = new AbortController();
    const { port1, port2 } = new MessageChannel();
    const opening = open(given.signal);
    page.deliver('earmark-port', port1, new FakePage());
    page.deliver('something', port1);
    given.abort();
    await expect(opening).rejects.toThrow('Given up.');
    port1.close();
    port2.close();
  });
});
