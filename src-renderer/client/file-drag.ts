/** @file Dragging files out of a window: the page asks, and the program around it hands the files of those tracks to the system. */

/** What the page says to the preload script. */
const dragMessage = 'earmark-drag';

/**
 * Asks for the files of tracks to be dragged; the page's own drag is to be given up.
 * @param trackIds tracks of the library; the core looks their files up
 */
export function askForFileDrag(page: Pick<Window, 'postMessage' | 'location'>, trackIds: readonly number[]): void {
  page.postMessage({ type: dragMessage, trackIds: [...trackIds] }, page.location.origin === 'null' ? '*' : page.location.origin);
}
