/** @file The window: where it opens, what it shows, and everything that it may not do. */
import { BrowserWindow, screen, session, shell } from 'electron';
import { isOwnBlob, isOwnPage, mayOpenOutside, pageAddress } from './addresses.ts';
import { loadWindowState, saveWindowState, smallest } from './window-state.ts';

/** What a window is opened with. */
export type WindowOptions = { preload: string; icon: string; stateFile: string; isDark: boolean };

/** The page's own background, so that nothing flashes before it is there. */
const background = { light: '#fafafa', dark: '#161616' };

/** Opens the window on the app's page. */
export function openWindow({ preload, icon, stateFile, isDark }: WindowOptions): BrowserWindow {
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const { isMaximized, ...bounds } = loadWindowState(stateFile, areas);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Earmark',
    icon,
    backgroundColor: isDark ? background.dark : background.light,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  if (isMaximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => saveWindowState(stateFile, window.getNormalBounds(), window.isMaximized()));
  confine(window);
  void window.loadURL(pageAddress);
  return window;
}

/** No way out of the app's page: no navigation, no further windows, no frame of another site. */
function confine(window: BrowserWindow): void {
  const { webContents } = window;
  const refuse = (event: { preventDefault(): void }, address: string): void => {
    if (!isOwnPage(address)) event.preventDefault();
  };
  webContents.on('will-navigate', (event) => refuse(event, event.url));
  webContents.on('will-redirect', (event) => refuse(event, event.url));
  webContents.on('will-frame-navigate', (event) => refuse(event, event.url));
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: 'deny' };
  });
}

/**
 * No permission and no device for any page, and no download but of what the app's own page has written (a playlist), which asks where it goes;
 * once, before the first window.
 */
export function confineSession(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
  session.defaultSession.on('will-download', (event, item) => {
    if (!isOwnBlob(item.getURL())) event.preventDefault();
  });
}

/** Opens a link in the person's browser if it is one that the app knows. */
export function openOutside(address: string): void {
  if (mayOpenOutside(address)) void shell.openExternal(address);
}
