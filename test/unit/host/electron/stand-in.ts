/** @file A stand-in for the module `electron`: as much as the desktop host touches, recorded, with the shapes of Electron's own types kept by `tsc` on the host's side. */
import { EventEmitter } from 'node:events';
import { vi } from 'vitest';

/** A window that shows nothing. */
export class StandInWindow extends EventEmitter {
  static all: StandInWindow[] = [];
  static getAllWindows = (): StandInWindow[] => StandInWindow.all;
  static getFocusedWindow = (): StandInWindow | null => null;
  readonly options: Record<string, unknown> & { webPreferences: Record<string, unknown> };
  readonly mainFrame = { url: 'earmark-app://app/index.html', parent: null };
  openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  readonly webContents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: typeof this.openHandler) => void (this.openHandler = handler),
    postMessage: vi.fn(),
    sendInputEvent: vi.fn(),
    startDrag: vi.fn<(item: unknown) => void>(),
    isDestroyed: () => false,
  });
  readonly loadURL = vi.fn(async () => undefined);
  readonly show = vi.fn();
  readonly hide = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  readonly maximize = vi.fn();
  readonly setProgressBar = vi.fn();
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => false;
  isDestroyed = (): boolean => false;
  getNormalBounds = (): object => ({ x: 10, y: 20, width: 1300, height: 800 });

  constructor(options: StandInWindow['options']) {
    super();
    this.options = options;
    StandInWindow.all.push(this);
  }

  /** The person closes the window; tells whether something prevented it. */
  close(): boolean {
    let isPrevented = false;
    this.emit('close', { preventDefault: () => (isPrevented = true) });
    if (!isPrevented) {
      StandInWindow.all = StandInWindow.all.filter((window) => window !== this);
      this.emit('closed');
    }
    return isPrevented;
  }
}

/** A core process that does as the test says. */
export class StandInProcess extends EventEmitter {
  static all: StandInProcess[] = [];
  readonly postMessage = vi.fn<(message: unknown, ports: unknown[]) => void>();
  readonly kill = vi.fn(() => this.emit('exit', 9));

  constructor() {
    super();
    StandInProcess.all.push(this);
  }

  /** Answers the last question of this name. */
  answer(what: string, output: unknown): void {
    const asked = this.postMessage.mock.calls
      .map(([message]) => message as { id?: number; what?: string })
      .findLast((message) => message.what === what);
    if (asked === undefined) throw new Error(`The core was not asked ${what}.`);
    this.emit('message', { type: 'answer', id: asked.id, output });
  }

  /** True when a question of this name came. */
  wasAsked(what: string): boolean {
    return this.postMessage.mock.calls.some(([message]) => (message as { what?: string }).what === what);
  }
}

class StandInChannel {
  readonly port1 = Object.assign(new EventEmitter(), { name: 'port1', postMessage: vi.fn(), start: vi.fn(), close: vi.fn() });
  readonly port2 = Object.assign(new EventEmitter(), { name: 'port2', postMessage: vi.fn(), start: vi.fn(), close: vi.fn() });
}

class StandInTray extends EventEmitter {
  static all: StandInTray[] = [];
  readonly setToolTip = vi.fn();
  readonly setContextMenu = vi.fn();
  readonly destroy = vi.fn();

  constructor() {
    super();
    StandInTray.all.push(this);
  }
}

/** Everything that the host imports from `electron`. */
const standIn = {
  app: Object.assign(new EventEmitter(), {
    getAppPath: vi.fn(() => ''),
    getVersion: () => '0.1.0',
    quit: vi.fn(),
    exit: vi.fn(),
  }),
  BrowserWindow: StandInWindow,
  dialog: {
    showMessageBox: vi.fn(async () => ({ response: 0 })),
    showOpenDialog: vi.fn(async () => ({ canceled: true, filePaths: [] as string[] })),
    showErrorBox: vi.fn(),
  },
  ipcMain: new EventEmitter(),
  Menu: { buildFromTemplate: vi.fn((template: unknown) => template), setApplicationMenu: vi.fn() },
  MessageChannelMain: StandInChannel,
  nativeImage: { createFromPath: () => ({ resize: () => ({}) }) },
  nativeTheme: { themeSource: 'system', shouldUseDarkColors: false },
  protocol: { registerSchemesAsPrivileged: vi.fn(), handle: vi.fn() },
  screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
  session: {
    defaultSession: Object.assign(new EventEmitter(), {
      setPermissionRequestHandler:
        vi.fn<(handle: (contents: unknown, permission: string, answer: (isAllowed: boolean) => void) => void) => void>(),
      setPermissionCheckHandler: vi.fn<(check: () => boolean) => void>(),
      setDevicePermissionHandler: vi.fn<(check: () => boolean) => void>(),
    }),
  },
  shell: { openExternal: vi.fn(), showItemInFolder: vi.fn() },
  Tray: StandInTray,
  utilityProcess: { fork: vi.fn(() => new StandInProcess()) },
};

/** The module, as `vi.mock` takes it. */
export type StandIn = typeof standIn;

/** The module in place of `electron`. */
export function standInElectron(): StandIn {
  return standIn;
}

/** Forgets what an earlier test opened. */
export function forget(): void {
  StandInWindow.all = [];
  StandInProcess.all = [];
  StandInTray.all = [];
}

/** Trays that are shown. */
export function openTrays(): StandInTray[] {
  return StandInTray.all.filter((tray) => tray.destroy.mock.calls.length === 0);
}
