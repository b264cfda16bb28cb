/** @file The application's menu as data. Playback items press the page's own keys, so the page decides what they mean. */
import type { MenuItemConstructorOptions } from 'electron';
import type { Theme } from './core-messages.ts';

/** What menu items do. */
export type MenuActions = {
  addFolder(): void;
  setTheme(theme: Theme): void;
  /** Presses a key in the page, for example `Space`. */
  press(key: string): void;
  openOutside(address: string): void;
};

const themes: { theme: Theme; label: string }[] = [
  { theme: 'system', label: 'Like the system' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
];

const playback: { label: string; key: string }[] = [
  { label: 'Play or Pause', key: 'Space' },
  { label: 'Next Row', key: 'Down' },
  { label: 'Previous Row', key: 'Up' },
];

const licence = 'https://www.gnu.org/licenses/gpl-3.0.html';

/**
 * The whole menu.
 * @param platform as in `process.platform`; a Mac has a menu of the application first
 */
export function menuTemplate(platform: string, theme: Theme, actions: MenuActions): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        { label: 'Add Folder…', accelerator: 'CmdOrCtrl+O', click: () => actions.addFolder() },
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    { label: '&View', submenu: viewItems(theme, actions) },
    { label: '&Playback', submenu: playback.map(({ label, key }) => pageItem(label, key, isMac, actions)) },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        pageItem('Keys', '?', isMac, actions),
        { label: 'Licence (GPL 3)', click: () => actions.openOutside(licence) },
        ...(isMac ? [] : [{ type: 'separator' as const }, { role: 'about' as const }]),
      ],
    },
  ];
}

function viewItems(theme: Theme, actions: MenuActions): MenuItemConstructorOptions[] {
  return [
    {
      label: 'Theme',
      submenu: themes.map((choice) => ({
        label: choice.label,
        type: 'radio',
        checked: choice.theme === theme,
        click: () => actions.setTheme(choice.theme),
      })),
    },
    { type: 'separator' },
    { role: 'reload' },
    { role: 'togglefullscreen' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'toggleDevTools' },
  ];
}

/**
 * An item that presses one of the page's keys. Its key is only shown: registered, it would take the space bar from every text field. A Mac
 * registers every accelerator that it shows, so there none is given.
 */
function pageItem(label: string, key: string, isMac: boolean, actions: MenuActions): MenuItemConstructorOptions {
  const shown = isMac ? {} : { accelerator: key, registerAccelerator: false };
  return { label, ...shown, click: () => actions.press(key) };
}
