/**
 * @file The only code of Earmark's beside the page in its process: hands the page its port to the core, a new one whenever the core was started again.
 * Sandboxed, so it has `ipcRenderer` and nothing of Node, and the page cannot reach it but by the two messages below: that it listens, and that the
 * files of some tracks are being dragged out of it.
 */
import { ipcRenderer } from 'electron';

const portMessage = 'earmark-port';
const readyMessage = 'earmark-ready';
const dragMessage = 'earmark-drag';

/** Track ids of a message that asks for a drag; null for any other message. Main checks them again. */
function draggedTracks(data: unknown): number[] | null {
  if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== dragMessage || !('trackIds' in data)) return null;
  const { trackIds } = data;
  return Array.isArray(trackIds) && trackIds.every((id) => Number.isInteger(id)) ? trackIds : null;
}

// The page says that it listens; a port that came earlier would be lost.
window.addEventListener('message', (event) => {
  if (event.source !== window || event.origin !== window.location.origin) return;
  if (event.data === readyMessage) ipcRenderer.send(readyMessage);
  const trackIds = draggedTracks(event.data);
  if (trackIds !== null) ipcRenderer.send(dragMessage, trackIds);
});

ipcRenderer.on(portMessage, ({ ports }) => window.postMessage(portMessage, window.location.origin, [...ports]));
