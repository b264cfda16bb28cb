/** @file Dragging tracks: within the page as ids, and in a window out of it as files, to the desktop or another program. */
import { dragFilesOut } from '../../client/index.ts';
import { writeTracks } from '../../lib/drag.ts';

/**
 * Puts tracks on a drag.
 * @returns true when the window has taken the drag over, and the page's own is to be given up
 */
export function dragTracks(dataTransfer: DataTransfer, ids: readonly number[]): boolean {
  writeTracks(dataTransfer, ids);
  return ids.length > 0 && dragFilesOut(ids);
}
