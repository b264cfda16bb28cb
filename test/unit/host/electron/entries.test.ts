import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../../../src-main/contract/index.ts';
import { coreAnswers, runningJobs } from '../../../../src-main/host/electron/core-answers.ts';

const ipcRenderer = new EventEmitter() as EventEmitter & { send: (channel: string, ...content: unknown[]) => void };
const app = Object.assign(new EventEmitter(), {
  setName: vi.fn(),
  enableSandbox: vi.fn(),
  commandLine: { hasSwitch: vi.fn((_name: string) => false) },
  setPath: vi.fn(),
  requestSingleInstanceLock: vi.fn(() => false),
  quit: vi.fn(),
  whenReady: vi.fn(() => new Promise<void>(() => undefined)),
});
const desktops = vi.hoisted(() => [] as string[]);
const did = vi.hoisted(() => [] as string[]);
const dialog = { showErrorBox: vi.fn() };
const protocol = { registerSchemesAsPrivileged: vi.fn() };
vi.mock('electron', () => ({ ipcRenderer, app, dialog, protocol, MessageChannelMain: class {} }));
vi.mock('../../../../src-main/host/electron/desktop-app.ts', () => ({
  DesktopApp: class {
    constructor(dataDirectory: string) {
      desktops.push(dataDirectory);
    }
    show = vi.fn();
    start = (): void => void did.push('start');
    interrupt = (): void => void did.push('interrupt');
  },
}));

beforeEach(() => {
  vi.resetModules();
  vi.clearAllMocks();
  ipcRenderer.removeAllListeners();
  desktops.length = did.length = 0;
});

describe('preload', () => {
  const origin = 'earmark-app://app';
  let page: EventEmitter & { postMessage: ReturnType<typeof vi.fn>; location: { origin: string } };
  const hear = (data: unknown, change: object = {}): void => void page.emit('message', { source: page, origin, data, ...change });

  beforeEach(async () => {
    ipcRenderer.send = vi.fn();
    page = Object.assign(new EventEmitter(), { postMessage: vi.fn(), location: { origin } });
    vi.stubGlobal(
      'window',
      Object.assign(page, { addEventListener: (name: string, listener: () => void) => void page.on(name, listener) }),
    );
    await import('../../../../src-main/host/electron/preload.ts');
  });
  afterEach(() => vi.unstubAllGlobals());

  it('tells main that the page listens, and nothing else that the page says', () => {
    hear('earmark-ready');
    hear('something');
    hear({ type: 'earmark-ready' });
    expect(vi.mocked(ipcRenderer.send).mock.calls).toEqual([['earmark-ready']]);
  });

  it('tells main which tracks are dragged out of the page, as numbers alone', () => {
    hear({ type: 'earmark-drag', trackIds: [3, 5] });
    hear({ type: 'earmark-drag', trackIds: ['/etc/passwd'] });
    hear({ type: 'earmark-drag', trackIds: 3 });
    hear({ type: 'earmark-drag', trackIds: [3] }, { origin: 'https://example.com' });
    expect(vi.mocked(ipcRenderer.send).mock.calls).toEqual([['earmark-drag', [3, 5]]]);
  });

  it('does not listen to another frame or origin', () => {
    hear('earmark-ready', { source: {} });
    hear('earmark-ready', { origin: 'https://example.com' });
    expect(ipcRenderer.send).not.toHaveBeenCalled();
  });

  it('hands the page every port that main sends, at its own origin alone', () => {
    ipcRenderer.emit('earmark-port', { ports: ['port'] });
    expect(page.postMessage).toHaveBeenCalledWith('earmark-port', origin, ['port']);
  });
});

describe('main', () => {
  let folder = '';
  const before = process.argv;
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const listeners = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM'), SIGHUP: process.listeners('SIGHUP') };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'earmark-main-'));
    process.argv = ['electron', '.', '--data', join(folder, 'data')];
  });
  afterEach(() => {
    process.argv = before;
    for (const signal of signals)
      for (const listener of process.listeners(signal)) if (!listeners[signal].includes(listener)) process.off(signal, listener);
    rmSync(folder, { recursive: true });
  });
  const run = (): Promise<unknown> => import('../../../../src-main/host/electron/main.ts');

  it('opens one app on the data directory that was named, with Electron’s files beside the library', async () => {
    app.requestSingleInstanceLock.mockReturnValueOnce(true);
    await run();
    expect(desktops).toEqual([join(folder, 'data')]);
    expect(app.setPath).toHaveBeenCalledWith('userData', join(folder, 'data', 'window'));
    expect(app.enableSandbox).toHaveBeenCalled();
    expect(protocol.registerSchemesAsPrivileged).toHaveBeenCalledTimes(1);
  });

  it('keeps the sandbox off where it was asked to, since Electron would take that switch away again', async () => {
    app.commandLine.hasSwitch.mockImplementationOnce((name) => name === 'no-sandbox');
    await run();
    expect(app.enableSandbox).not.toHaveBeenCalled();
  });

  it('listens to signals once Electron is ready, since Chromium replaces handlers that were there before', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    app.requestSingleInstanceLock.mockReturnValueOnce(true);
    app.whenReady.mockReturnValueOnce(promise);
    await run();
    const added = (): NodeJS.SignalsListener[] =>
      signals.flatMap((signal) => process.listeners(signal).filter((one) => !listeners[signal].includes(one)));
    expect(added()).toEqual([]);
    resolve();
    await promise;
    expect(did).toEqual(['start']);
    for (const listener of added()) listener('SIGINT');
    expect(did).toEqual(['start', 'interrupt', 'interrupt', 'interrupt']);
  });

  it('ends at once when another instance has the data directory', async () => {
    await run();
    expect(desktops).toEqual([]);
    expect(app.quit).toHaveBeenCalledTimes(1);
  });

  it('says so when the data directory cannot be used', async () => {
    writeFileSync(join(folder, 'data'), 'a file');
    await run();
    expect(dialog.showErrorBox).toHaveBeenCalledWith('Earmark cannot start', expect.stringContaining(join(folder, 'data')));
    expect([desktops, app.quit.mock.calls.length]).toEqual([[], 1]);
  });
});

describe('what the core answers main', () => {
  const progress = { done: 30, total: 120, unit: 'tracks', audioSeconds: 0, rate: 0, secondsLeft: null, detail: '', failed: 0 };
  const job = (state: Job['state'], change: Partial<Job['progress']> = {}): Job =>
    ({ state, title: state, progress: { ...progress, ...change } }) as Job;

  it('names jobs that run or wait, with their share', () => {
    const activeJobs = (): Job[] => [job('running'), job('queued', { total: null }), job('paused'), job('running', { total: 0 })];
    expect(runningJobs({ activeJobs })).toEqual([
      { title: 'running', fraction: 0.25 },
      { title: 'queued', fraction: null },
      { title: 'running', fraction: null },
    ]);
  });

  it('refuses while there is no core', () => {
    const answers = coreAnswers(() => undefined, vi.fn());
    expect(() => answers.runningJobs(null)).toThrow(/not started yet/);
  });

  it('names the files of tracks that are there, and no others', async () => {
    const paths: Record<number, { state: string; path: string }> = {
      3: { state: 'indexed', path: '/music/three.flac' },
      4: { state: 'missing', path: '/music/four.flac' },
      6: { state: 'indexed', path: '/music/six\u{10FFE9}.mp3' },
      5: { state: 'waiting', path: '/music/five.mp3' },
    };
    const track = ({ trackId }: { trackId: number }): unknown => {
      if (paths[trackId] === undefined) throw new Error('There is no such track.');
      return paths[trackId];
    };
    const answers = coreAnswers(() => ({ services: { handlers: { library: { track } } } }) as never, vi.fn());
    expect(await answers.trackFiles({ trackIds: [5, 9, 4, -1, 6, 3] })).toEqual(['/music/five.mp3', '/music/three.flac']);
  });

  it('ends the process only after the core has closed and the answer was sent', async () => {
    const order: string[] = [];
    const core = { close: async () => void order.push('closed') };
    const ended = new Promise<void>((resolve) => {
      const answers = coreAnswers(
        () => core as never,
        () => {
          order.push('ended');
          resolve();
        },
      );
      void Promise.resolve(answers.close(null)).then(() => order.push('answered'));
    });
    await ended;
    expect(order).toEqual(['closed', 'answered', 'ended']);
  });
});
