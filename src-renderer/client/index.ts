/** @file The way to the core: picks the wire, gives the typed procedures, events and media addresses. */
import { Connection } from './connection.ts';
import { electronOpener } from './electron-wire.ts';
import { askForFileDrag } from './file-drag.ts';
import { rememberDrag } from '../lib/drag.ts';
import { takeToken } from './token.ts';
import { webSocketOpener } from './websocket-wire.ts';
import { mediaScheme } from '../../src-main/contract/index.ts';

export type { Api, Connection, ConnectionState } from './connection.ts';
export { ClientError, isAbort, isIndexDamage, isRefusal, messageOf } from './errors.ts';

const isElectron = navigator.userAgent.includes('Electron/');
const token = isElectron ? null : takeToken(window);

/** The page's one connection; `start` it once. */
export const connection = new Connection(isElectron ? electronOpener(window) : webSocketOpener(window.location.host, token));

/** Every procedure of the contract, typed. Throws `ClientError`. */
export const api = connection.api;

/**
 * The address of a media path, as a media element or an image takes it.
 * @param path from the contract's `audioPath` or `picturePath`
 */
export function mediaUrl(path: string): string {
  return isElectron ? `${mediaScheme}://library${path}` : `${path}?token=${encodeURIComponent(token ?? '')}`;
}

/**
 * Drags the files of tracks out of the window, to the desktop or another program.
 * @returns false in a browser, where a page cannot
 */
export function dragFilesOut(trackIds: readonly number[]): boolean {
  if (!isElectron) return false;
  rememberDrag(window, trackIds);
  askForFileDrag(window, trackIds);
  return true;
}
