/** @file Where the window was: kept between starts, and brought back only where a screen still is. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../base/index.ts';

/** A rectangle on the desktop, in device-independent pixels. */
export type Rectangle = { x: number; y: number; width: number; height: number };

/** A window's place; without `x` and `y` the system chooses. */
export type WindowState = { x?: number; y?: number; width: number; height: number; isMaximized: boolean };

/** The smallest window that the views are made for. */
export const smallest = { width: 1024, height: 640 };

const usual: WindowState = { width: 1440, height: 900, isMaximized: false };

/** So much of the window's top edge must lie on a screen that it can be grasped. */
const graspable = { width: 120, height: 40 };

type Saved = Rectangle & { isMaximized: boolean };

/**
 * The place for a new window.
 * @param path the file that {@link saveWindowState} wrote; absent or damaged, the usual place is taken
 * @param screens work areas of the screens there are now
 */
export function loadWindowState(path: string, screens: Rectangle[]): WindowState {
  try {
    return fitWindow(readSaved(JSON.parse(readFileSync(path, 'utf8'))), screens);
  } catch {
    return { ...usual };
  }
}

/** Writes the window's place. A disk that is full costs the place, nothing else. */
export function saveWindowState(path: string, bounds: Rectangle, isMaximized: boolean): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify({ ...bounds, isMaximized }));
  } catch {
    // The next start takes the usual place.
  }
}

/** Keeps a window's size within its screen and its place only if it can be seen. */
export function fitWindow(saved: Saved, screens: Rectangle[]): WindowState {
  const screen = screens.find((area) => isGraspable(saved, area));
  const room = screen ?? screens[0];
  const width = Math.max(smallest.width, Math.min(saved.width, room?.width ?? saved.width));
  const height = Math.max(smallest.height, Math.min(saved.height, room?.height ?? saved.height));
  const size = { width, height, isMaximized: saved.isMaximized };
  return screen === undefined ? size : { ...size, x: saved.x, y: saved.y };
}

function readSaved(value: unknown): Saved {
  const { x, y, width, height, isMaximized } = value as Saved;
  if (![x, y, width, height].every((pixels) => Number.isInteger(pixels) && Math.abs(pixels) < 1e6))
    throw new AppError('BAD_INPUT', 'The saved place of the window is not a rectangle.');
  return { x, y, width, height, isMaximized: isMaximized === true };
}

function isGraspable(window: Rectangle, area: Rectangle): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return width >= graspable.width && window.y >= area.y && window.y + graspable.height <= area.y + area.height;
}
