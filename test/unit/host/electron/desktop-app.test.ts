import * as electron from 'electron';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DesktopApp } from '../../../../src-main/host/electron/desktop-app.ts';
import { registerSchemes } from '../../../../src-main/host/electron/protocols.ts';
import { forget, openTrays, StandInProcess, StandInWindow } from './stand-in.ts';
import type { StandIn } from './stand-in.ts';
import { waitFor } from '../../../support/wait-for.ts';

vi.mock('electron', async () => (await import('./stand-in.ts')).standInElectron());
const fake = electron as unknown as StandIn;

let folder = '';
let desktop: DesktopApp;
const job = { title: 'Indexing', fraction: 0.5 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earmark-desktop-'));
  mkdirSync(join(folder, 'out', 'renderer'), { recursive: true });
  writeFileSync(join(folder, 'out', 'renderer', 'index.html'), '<p>Earmark');
  vi.clearAllMocks();
  fake.dialog.showMessageBox.mockResolvedValue({ response: 0 });
  forget();
  fake.app.getAppPath.mockReturnValue(folder);
  fake.ipcMain.removeAllListeners();
  fake.session.defaultSession.removeAllListeners();
  desktop = new DesktopApp(join(folder, 'data'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const window = (): StandInWindow => StandInWindow.all[0] as StandInWindow;
const core = (): StandInProcess => StandInProcess.all.at(-1) as StandInProcess;

function start(): void {
  desktop.start();
  core().emit('message', { type: 'ready', theme: 'dark' });
}

function pageReady(change: { senderFrame?: unknown; sender?: unknown } = {}): void {
  fake.ipcMain.emit('earmark-ready', { senderFrame: window().mainFrame, sender: window().webContents, ...change });
}

const portsToCore = (): unknown[] => core().postMessage.mock.calls.filter(([message]) => (message as { type: string }).type === 'window');

describe('the window', () => {
  it('is isolated, sandboxed and without Node, and shows the app’s own page', () => {
    start();
    expect(window().options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      preload: join(folder, 'out', 'preload', 'preload.cjs'),
    });
    expect(window().loadURL).toHaveBeenCalledWith('earmark-app://app/index.html');
  });

  it('is not opened before the app’s page can be answered', () => {
    desktop.show();
    expect(StandInWindow.all).toHaveLength(0);
    desktop.start();
    desktop.show();
    expect(StandInWindow.all).toHaveLength(1);
  });

  it('goes nowhere else', () => {
    start();
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      const preventDefault = vi.fn();
      window().webContents.emit(event, { url: 'https://example.com/', preventDefault });
      expect(preventDefault, event).toHaveBeenCalledTimes(1);
      window().webContents.emit(event, { url: 'earmark-app://app/index.html', preventDefault });
      expect(preventDefault, event).toHaveBeenCalledTimes(1);
    }
  });

  it('opens no window; a known link opens in the person’s browser, another nowhere', () => {
    start();
    expect(window().openHandler({ url: 'https://arxiv.org/abs/2103.09410' })).toEqual({ action: 'deny' });
    expect(window().openHandler({ url: 'https://example.com/' })).toEqual({ action: 'deny' });
    expect(fake.shell.openExternal.mock.calls).toEqual([['https://arxiv.org/abs/2103.09410']]);
  });

  it('gets no permission, no device and no download', () => {
    start();
    const { setPermissionRequestHandler, setPermissionCheckHandler, setDevicePermissionHandler } = fake.session.defaultSession;
    const answer = vi.fn();
    setPermissionRequestHandler.mock.calls[0]?.[0](null, 'media', answer);
    expect(answer).toHaveBeenCalledWith(false);
    expect(setPermissionCheckHandler.mock.calls[0]?.[0]()).toBe(false);
    expect(setDevicePermissionHandler.mock.calls[0]?.[0]()).toBe(false);
    const preventDefault = vi.fn();
    fake.session.defaultSession.emit('will-download', { preventDefault }, { getURL: () => 'https://example.com/a.exe' });
    fake.session.defaultSession.emit('will-download', { preventDefault }, { getURL: () => 'blob:https://example.com/1' });
    expect(preventDefault).toHaveBeenCalledTimes(2);
  });

  it('may be left by what the app’s own page has written', () => {
    start();
    const preventDefault = vi.fn();
    fake.session.defaultSession.emit('will-download', { preventDefault }, { getURL: () => 'blob:earmark-app://app/1234' });
    expect(preventDefault).not.toHaveBeenCalled();
  });

  it('is a sentence instead when the interface is not built', () => {
    rmSync(join(folder, 'out'), { recursive: true });
    desktop.start();
    expect(fake.dialog.showErrorBox).toHaveBeenCalledWith('Earmark cannot start', expect.stringMatching(/not built/));
    expect(fake.app.exit).toHaveBeenCalledWith(1);
  });
});

describe('dragging tracks out of the window', () => {
  const drag = (trackIds: unknown, change: { senderFrame?: unknown; sender?: unknown } = {}): void =>
    void fake.ipcMain.emit('earmark-drag', { senderFrame: window().mainFrame, sender: window().webContents, ...change }, trackIds);
  const dragged = (): unknown[] => window().webContents.startDrag.mock.calls.map(([item]) => (item as { files: string[] }).files);
  /** Lets what was asked be answered. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('hands over the files that the core names', async () => {
    start();
    drag([7, 8]);
    core().answer('trackFiles', ['/music/seven.flac', '/music/eight.mp3']);
    await settle();
    expect(dragged()).toEqual([['/music/seven.flac', '/music/eight.mp3']]);
    expect(window().webContents.startDrag.mock.calls[0]?.[0]).toMatchObject({
      file: '/music/seven.flac',
      icon: expect.anything() as unknown,
    });
  });

  it('hands over nothing when the core knows none of them', async () => {
    start();
    drag([7]);
    core().answer('trackFiles', []);
    await settle();
    expect(dragged()).toEqual([]);
  });

  it('asks the core for nothing but numbers of tracks, from its own page alone', async () => {
    start();
    for (const given of [['/etc/passwd'], [], '7', null, [0], [1.5], Array.from({ length: 1001 }, (_, i) => i + 1)]) drag(given);
    drag([7], { senderFrame: { url: 'https://example.com/', parent: null } });
    drag([7], { sender: {} });
    await settle();
    expect(core().wasAsked('trackFiles')).toBe(false);
  });
});

describe('the wire from the page to the core', () => {
  it('is laid once both are there, whichever comes first', () => {
    desktop.start();
    pageReady();
    expect(portsToCore()).toHaveLength(0);
    core().emit('message', { type: 'ready', theme: 'dark' });
    expect(portsToCore()).toHaveLength(1);
    expect(window().webContents.postMessage).toHaveBeenCalledWith('earmark-port', null, [expect.objectContaining({ name: 'port2' })]);
  });

  it('is laid again after a reload', () => {
    start();
    pageReady();
    window().webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    pageReady();
    expect(portsToCore()).toHaveLength(2);
  });

  it('is laid again, with a notice, after the core died', () => {
    start();
    pageReady();
    core().emit('exit', 139);
    core().emit('message', { type: 'ready', theme: 'dark' });
    expect(StandInProcess.all).toHaveLength(2);
    expect(portsToCore()).toHaveLength(1);
    expect(fake.dialog.showMessageBox).toHaveBeenCalledWith(
      expect.objectContaining({ message: expect.stringMatching(/started again/) as string }),
    );
  });

  it.each([
    ['a frame inside the page', { senderFrame: { url: 'earmark-app://app/index.html', parent: {} } }],
    ['another page', { senderFrame: { url: 'https://example.com/', parent: null } }],
    ['a frame that has gone', { senderFrame: null }],
    ['another window', { sender: {} }],
  ])('is not laid for %s', (_, change) => {
    start();
    pageReady(change);
    expect(portsToCore()).toHaveLength(0);
    expect(window().webContents.postMessage).not.toHaveBeenCalled();
  });
});

describe('the schemes', () => {
  const handler = (scheme: string): ((request: Request) => Promise<Response> | Response) =>
    (fake.protocol.handle.mock.calls as [string, (request: Request) => Response][]).find(([name]) => name === scheme)?.[1] as (
      request: Request,
    ) => Response;
  const request = (url: string, range?: string): Request =>
    ({ url, method: 'GET', headers: new Headers(range === undefined ? {} : { range }) }) as Request;

  it('are secure, of their own origin, and bypass no policy', () => {
    registerSchemes();
    const [schemes] = fake.protocol.registerSchemesAsPrivileged.mock.calls[0] as [
      { scheme: string; privileges: Record<string, boolean> }[],
    ];
    expect(schemes.map(({ scheme }) => scheme)).toEqual(['earmark-app', 'earmark-media']);
    for (const { privileges } of schemes) {
      expect(privileges).toMatchObject({ standard: true, secure: true });
      expect(privileges['bypassCSP']).toBeUndefined();
    }
  });

  it('answer the page’s files', async () => {
    start();
    expect(await (await handler('earmark-app')(request('earmark-app://app/index.html'))).text()).toBe('<p>Earmark');
  });

  it('order media from the core with the range that was asked for', () => {
    start();
    void handler('earmark-media')(request('earmark-media://library/media/audio/42', 'bytes=100-'));
    const [message, ports] = core().postMessage.mock.calls.at(-1) ?? [];
    expect(message).toEqual({ type: 'media', order: { kind: 'audio', trackId: 42, range: 'bytes=100-' } });
    expect(ports).toHaveLength(1);
  });

  it('refuse media that are no track’s, and say when there is no core', async () => {
    desktop.start();
    expect((await handler('earmark-media')(request('earmark-media://library/etc/passwd'))).status).toBe(404);
    const asked = handler('earmark-media')(request('earmark-media://library/media/audio/42'));
    core().emit('message', { type: 'failed', error: { code: 'DATA_DIRECTORY_IN_USE', message: 'Another Earmark uses it.', details: {} } });
    expect((await asked).status).toBe(503);
  });
});

describe('what the core asks', () => {
  it('opens the system’s dialog and brings the choice', async () => {
    start();
    fake.dialog.showOpenDialog.mockResolvedValueOnce({ canceled: false, filePaths: ['/music'] });
    core().emit('message', { type: 'question', id: 1, what: 'chooseFolder', input: null });
    await waitFor(() => expect(core().postMessage).toHaveBeenLastCalledWith({ type: 'answer', id: 1, output: '/music' }, []));
    core().emit('message', { type: 'question', id: 2, what: 'chooseWeights', input: null });
    await waitFor(() => expect(core().postMessage).toHaveBeenLastCalledWith({ type: 'answer', id: 2, output: null }, []));
  });

  it('shows a file that is there, and says when it is gone', async () => {
    start();
    const path = join(folder, 'a.mp3');
    core().emit('message', { type: 'question', id: 1, what: 'reveal', input: { path } });
    await waitFor(() =>
      expect(core().postMessage).toHaveBeenLastCalledWith(
        expect.objectContaining({ type: 'refusal', id: 1, error: expect.objectContaining({ code: 'FILE_GONE' }) as object }),
        [],
      ),
    );
    writeFileSync(path, '');
    core().emit('message', { type: 'question', id: 2, what: 'reveal', input: { path } });
    await waitFor(() => expect(fake.shell.showItemInFolder).toHaveBeenCalledWith(path));
  });
});

describe('the menu', () => {
  it('adds a folder through the core', async () => {
    start();
    const file = (fake.Menu.buildFromTemplate.mock.lastCall?.[0] as { label?: string; submenu: { click(): void }[] }[]).find(
      ({ label }) => label === '&File',
    );
    fake.dialog.showOpenDialog.mockResolvedValueOnce({ canceled: false, filePaths: ['/music'] });
    file?.submenu[0]?.click();
    await waitFor(() =>
      expect(core().postMessage).toHaveBeenLastCalledWith(expect.objectContaining({ what: 'addFolder', input: { path: '/music' } }), []),
    );
  });

  it('follows the theme that the person set in the page', () => {
    start();
    expect(fake.nativeTheme.themeSource).toBe('dark');
    core().emit('message', { type: 'theme', theme: 'light' });
    expect(fake.nativeTheme.themeSource).toBe('light');
  });
});

describe('closing', () => {
  async function closeWith(running: object[], response: number): Promise<void> {
    start();
    core().emit('message', { type: 'jobs', running });
    fake.dialog.showMessageBox.mockResolvedValue({ response });
    expect(window().close()).toBe(true);
    await waitFor(() => core().answer('runningJobs', running));
  }

  async function finish(): Promise<void> {
    await waitFor(() => expect(core().wasAsked('pauseAll')).toBe(true));
    core().answer('pauseAll', null);
    await waitFor(() => expect(core().wasAsked('close')).toBe(true));
    core().emit('exit', 0);
    await waitFor(() => expect(fake.app.quit).toHaveBeenCalled());
  }

  it('asks nothing when no job runs, and lets the core finish', async () => {
    start();
    const preventDefault = vi.fn();
    desktop.beforeQuit({ preventDefault });
    expect(preventDefault).toHaveBeenCalled();
    core().answer('runningJobs', []);
    await finish();
    expect(fake.dialog.showMessageBox).not.toHaveBeenCalled();
    expect(window().close()).toBe(false);
    expect(StandInProcess.all).toHaveLength(1);
  });

  it('pauses the jobs before it quits when the person says so', async () => {
    await closeWith([job], 1);
    await finish();
    expect(fake.dialog.showMessageBox).toHaveBeenCalledTimes(1);
  });

  it('keeps going in the tray, which says how far the work is and brings the window back', async () => {
    await closeWith([job], 0);
    await waitFor(() => expect(openTrays()).toHaveLength(1));
    expect(window().hide).toHaveBeenCalled();
    expect(core().wasAsked('pauseAll')).toBe(false);
    core().emit('message', { type: 'jobs', running: [{ ...job, fraction: 0.75 }] });
    expect(openTrays()[0]?.setToolTip).toHaveBeenLastCalledWith('Earmark: Indexing 75 %');
    openTrays()[0]?.emit('click');
    expect(window().show).toHaveBeenCalled();
    expect(openTrays()).toHaveLength(0);
  });

  it('stays as it was when the person cancels, and asks again the next time', async () => {
    await closeWith([job], 2);
    await waitFor(() => expect(fake.dialog.showMessageBox).toHaveBeenCalledTimes(1));
    expect(window().hide).not.toHaveBeenCalled();
    await new Promise((resolve) => setImmediate(resolve));
    core().postMessage.mockClear();
    expect(window().close()).toBe(true);
    expect(core().wasAsked('runningJobs')).toBe(true);
  });

  it('asks once, however often the window is closed meanwhile', async () => {
    start();
    core().emit('message', { type: 'jobs', running: [job] });
    window().close();
    window().close();
    desktop.beforeQuit({ preventDefault: vi.fn() });
    const asked = core().postMessage.mock.calls.filter(([message]) => (message as { what?: string }).what === 'runningJobs');
    expect(asked).toHaveLength(1);
  });

  it('asks nothing on Ctrl-C', async () => {
    start();
    desktop.interrupt();
    await finish();
    expect(fake.dialog.showMessageBox).not.toHaveBeenCalled();
  });

  it('says why the core cannot start, and quits', async () => {
    desktop.start();
    core().emit('message', { type: 'failed', error: { code: 'DATA_DIRECTORY_IN_USE', message: 'Another Earmark uses it.', details: {} } });
    await waitFor(() => expect(fake.app.quit).toHaveBeenCalled());
    expect(fake.dialog.showMessageBox).toHaveBeenCalledWith(
      expect.objectContaining({ message: 'Another Earmark uses it.', buttons: ['Quit'] }),
    );
  });
});
