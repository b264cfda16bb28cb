/** @file The tray, shown only while Earmark keeps going with its window closed. */
import { Menu, nativeImage, Tray } from 'electron';
import { trayText } from './closing.ts';
import type { RunningJob } from './core-messages.ts';

/** What the tray's menu does. */
export type TrayActions = { show(): void; quit(): void };

/** See the file's header. */
export class JobTray {
  readonly #icon: string;
  readonly #actions: TrayActions;
  #tray: Tray | undefined;
  #text = '';

  constructor(icon: string, actions: TrayActions) {
    this.#icon = icon;
    this.#actions = actions;
  }

  /** Shows the tray. */
  open(running: RunningJob[]): void {
    if (this.#tray !== undefined) return;
    const size = process.platform === 'darwin' ? 18 : 22;
    this.#tray = new Tray(nativeImage.createFromPath(this.#icon).resize({ width: size, height: size }));
    this.#tray.on('click', () => this.#actions.show());
    this.#text = '';
    this.update(running);
  }

  /** Says how far the jobs are. */
  update(running: RunningJob[]): void {
    const text = trayText(running);
    if (this.#tray === undefined || text === this.#text) return;
    this.#text = text;
    this.#tray.setToolTip(text);
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: text, enabled: false },
        { type: 'separator' },
        { label: 'Show Earmark', click: () => this.#actions.show() },
        { label: 'Quit', click: () => this.#actions.quit() },
      ]),
    );
  }

  /** Takes the tray away. */
  close(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
  }
}
