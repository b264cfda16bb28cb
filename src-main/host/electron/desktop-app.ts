/** @file The desktop application: one window, one core, the menu, the tray, and the question at closing. */
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, nativeImage, nativeTheme } from 'electron';
import type { IpcMainEvent, MessagePortMain } from 'electron';
import { join } from 'node:path';
import { contained, toAppError } from '../../base/index.ts';
import type { ErrorData } from '../../base/index.ts';
import { tellDefect } from '../last-line.ts';
import { readPages } from '../serve/pages.ts';
import { isOwnFrame } from './addresses.ts';
import { closingChoice, closingQuestion } from './closing.ts';
import { CoreKeeper } from './core-keeper.ts';
import type { RunningJob, Theme } from './core-messages.ts';
import { chooseFolder, mainAnswers } from './dialogs.ts';
import { askedTracks, dragItem } from './file-drag.ts';
import { forkCore } from './fork-core.ts';
import { menuTemplate } from './menu.ts';
import { handleSchemes } from './protocols.ts';
import { JobTray } from './tray.ts';
import { confineSession, openOutside, openWindow } from './window.ts';

/** Width of the picture under the pointer while files are dragged. */
const dragIconPx = 32;

/** See the file's header. */
export class DesktopApp {
  readonly #stateFile: string;
  readonly #icon = join(app.getAppPath(), 'resources', 'icon.png');
  readonly #keeper: CoreKeeper<MessagePortMain>;
  readonly #tray: JobTray;
  #window: BrowserWindow | undefined;
  /** The schemes are answered; before that a window would show nothing. */
  #hasStarted = false;
  /** The page listens for a port. */
  #isPageReady = false;
  #running: RunningJob[] = [];
  #leaving: 'no' | 'asking' | 'yes' = 'no';

  /** @param dataDirectory the library's place */
  constructor(dataDirectory: string) {
    this.#stateFile = join(dataDirectory, 'window', 'place.json');
    this.#tray = new JobTray(this.#icon, { show: () => this.show(), quit: () => app.quit() });
    this.#keeper = new CoreKeeper({
      fork: () => forkCore(join(app.getAppPath(), 'out', 'main', 'core.js')),
      start: { type: 'start', dataDirectory, version: app.getVersion() },
      answers: mainAnswers,
      nowMs: () => performance.now(),
      onReady: (theme, isAgain) => this.#coreReady(theme, isAgain),
      onGivenUp: (error) => void this.#coreGivenUp(error),
      onTheme: (theme) => this.#useTheme(theme),
      onJobs: (running) => this.#jobsChanged(running),
      onDefect: (text) => console.error(text),
    });
  }

  /** Opens everything; once Electron is ready. */
  start(): void {
    try {
      handleSchemes(readPages(join(app.getAppPath(), 'out', 'renderer')), this.#keeper);
    } catch (error) {
      dialog.showErrorBox('Earmark cannot start', toAppError(error, 'read the interface').message);
      return app.exit(1);
    }
    confineSession();
    ipcMain.on(
      'earmark-ready',
      contained((event: IpcMainEvent) => this.#pageReady(event), tellDefect),
    );
    ipcMain.on(
      'earmark-drag',
      contained((event: IpcMainEvent, trackIds: unknown) => this.#dragFiles(event, trackIds), tellDefect),
    );
    this.#useTheme('system');
    this.#hasStarted = true;
    this.#keeper.start();
    this.show();
  }

  /** Brings the window to the front, opening it if it was closed. */
  show(): void {
    this.#tray.close();
    if (!this.#hasStarted) return;
    if (this.#window === undefined) this.#open();
    else {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
    }
  }

  /** The last window is gone: that is the end, but on a Mac. */
  windowsClosed(): void {
    if (process.platform !== 'darwin') app.quit();
  }

  /** Asks about running jobs and lets the core finish before the program ends. */
  beforeQuit(event: { preventDefault(): void }): void {
    if (this.#leaving === 'yes') return;
    event.preventDefault();
    void this.#leave();
  }

  /** Ends the program without a question: Ctrl-C in the terminal it was started from. */
  interrupt(): void {
    void this.#leave(false);
  }

  #open(): void {
    const preload = join(app.getAppPath(), 'out', 'preload', 'preload.cjs');
    const window = openWindow({ preload, icon: this.#icon, stateFile: this.#stateFile, isDark: nativeTheme.shouldUseDarkColors });
    this.#window = window;
    window.on('close', (event) => this.#windowCloses(event));
    window.on('closed', () => {
      this.#window = undefined;
      this.#isPageReady = false;
    });
    window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#isPageReady = false;
    });
  }

  #windowCloses(event: { preventDefault(): void }): void {
    if (this.#leaving === 'yes' || (this.#running.length === 0 && process.platform === 'darwin')) return;
    event.preventDefault();
    void this.#leave();
  }

  /** Ends the program, unless the person wants the jobs to go on. Comes by closing the window and by quitting alike. */
  async #leave(asks = true): Promise<void> {
    if (this.#leaving === 'yes' || (asks && this.#leaving === 'asking')) return;
    this.#leaving = 'asking';
    const choice = asks ? await this.#askAboutJobs() : 'pause';
    if (choice !== 'pause') {
      this.#leaving = 'no';
      if (choice === 'keep') this.#keepInTray();
      return;
    }
    this.#window?.hide();
    await this.#keeper.ask('pauseAll', null).catch((error: unknown) => console.error(error));
    await this.#keeper.close();
    this.#leaving = 'yes';
    app.quit();
  }

  async #askAboutJobs(): Promise<'keep' | 'pause' | 'stay'> {
    const running = await this.#keeper.ask('runningJobs', null).catch(() => []);
    const question = closingQuestion(running);
    if (question === null) return 'pause';
    const window = this.#window;
    const { response } = window === undefined ? await dialog.showMessageBox(question) : await dialog.showMessageBox(window, question);
    return closingChoice(response);
  }

  #keepInTray(): void {
    this.#window?.hide();
    this.#tray.open(this.#running);
  }

  #pageReady({ senderFrame, sender }: Pick<IpcMainEvent, 'senderFrame' | 'sender'>): void {
    if (!isOwnFrame(senderFrame) || sender !== this.#window?.webContents) return;
    this.#isPageReady = true;
    this.#connect();
  }

  /** Hands the files of tracks to the system while the person drags their rows. */
  async #dragFiles({ senderFrame, sender }: Pick<IpcMainEvent, 'senderFrame' | 'sender'>, given: unknown): Promise<void> {
    const trackIds = askedTracks(given);
    if (trackIds === null || !isOwnFrame(senderFrame) || sender !== this.#window?.webContents) return;
    const files = await this.#keeper.ask('trackFiles', { trackIds }).catch((): string[] => []);
    const item = dragItem(files, nativeImage.createFromPath(this.#icon).resize({ width: dragIconPx }));
    if (item !== null && !sender.isDestroyed()) sender.startDrag(item);
  }

  /** Lays a wire from the page to the core; when either is not there yet, its coming does it. */
  #connect(): void {
    if (this.#window === undefined || !this.#isPageReady || !this.#keeper.isReady) return;
    const { port1, port2 } = new MessageChannelMain();
    this.#keeper.connectWindow(port1);
    this.#window.webContents.postMessage('earmark-port', null, [port2]);
  }

  #coreReady(theme: Theme, isAgain: boolean): void {
    this.#useTheme(theme);
    this.#connect();
    if (!isAgain) return;
    const message = 'Earmark’s core ended unexpectedly and was started again.';
    const detail = 'What was stored is intact, and jobs that ran go on where they were.';
    void dialog.showMessageBox({ type: 'warning', message, detail, buttons: ['OK'] });
  }

  async #coreGivenUp({ code, message }: ErrorData): Promise<void> {
    const buttons = code === 'INTERNAL' ? ['Try again', 'Quit'] : ['Quit'];
    const { response } = await dialog.showMessageBox({ type: 'error', title: 'Earmark', message, buttons, cancelId: buttons.length - 1 });
    if (buttons[response] === 'Try again') return this.#keeper.start();
    this.#leaving = 'yes';
    app.quit();
  }

  #useTheme(theme: Theme): void {
    nativeTheme.themeSource = theme;
    const template = menuTemplate(process.platform, theme, {
      addFolder: () => void this.#addFolder(),
      setTheme: (chosen) => void this.#keeper.ask('setTheme', { theme: chosen }).catch((error: unknown) => this.#sayFailed(error)),
      press: (key) => this.#press(key),
      openOutside,
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  async #addFolder(): Promise<void> {
    const path = await chooseFolder();
    if (path !== null) await this.#keeper.ask('addFolder', { path }).catch((error: unknown) => this.#sayFailed(error));
  }

  #press(keyCode: string): void {
    for (const type of ['keyDown', 'keyUp'] as const) this.#window?.webContents.sendInputEvent({ type, keyCode });
  }

  #sayFailed(error: unknown): void {
    void dialog.showMessageBox({ type: 'error', message: toAppError(error, 'do that').message, buttons: ['OK'] });
  }

  #jobsChanged(running: RunningJob[]): void {
    this.#running = running;
    this.#tray.update(running);
    const fraction = running[0] === undefined ? -1 : (running[0].fraction ?? 2);
    if (this.#window !== undefined && !this.#window.isDestroyed()) this.#window.setProgressBar(fraction);
  }
}
