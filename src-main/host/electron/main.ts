/** @file Entry of the desktop application: one instance a data directory, then {@link DesktopApp}. Does no work of its own. */
import { app, dialog } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { toAppError } from '../../base/index.ts';
import { goOnAfterDefects, tellDefect } from '../last-line.ts';
import { defaultDataDirectory } from '../../store/index.ts';
import { DesktopApp } from './desktop-app.ts';
import { namedDataDirectory } from './arguments.ts';
import { registerSchemes } from './protocols.ts';

goOnAfterDefects(tellDefect);
app.setName('Earmark');
// Electron takes the switch away when the sandbox is asked for here, and root can have no window with it: then nothing opens and nothing ends.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerSchemes();

const dataDirectory = namedDataDirectory(process.argv) ?? defaultDataDirectory();

/** Electron's own files lie beside the library, so that two data directories can be open at once and one never twice. */
function useDataDirectory(): boolean {
  const own = join(dataDirectory, 'window');
  try {
    mkdirSync(own, { recursive: true });
    app.setPath('userData', own);
    return true;
  } catch (error) {
    dialog.showErrorBox('Earmark cannot start', toAppError(error, `use the data directory ${dataDirectory}`).message);
    return false;
  }
}

function run(): void {
  const desktop = new DesktopApp(dataDirectory);
  app.on('second-instance', () => desktop.show());
  app.on('activate', () => desktop.show());
  app.on('window-all-closed', () => desktop.windowsClosed());
  app.on('before-quit', (event) => desktop.beforeQuit(event));
  void app.whenReady().then(() => {
    // Only now: Chromium sets handlers of its own while it starts, in the place of those that are there, and its own quit as a person does.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => desktop.interrupt());
    desktop.start();
  });
}

if (useDataDirectory() && app.requestSingleInstanceLock()) run();
else app.quit();
