/**
 * @file The only code of Earmark's beside the page in its process: hands the page its port to the core, a new one whenever the core was started again.
 * Sandboxed, so it has `ipcRenderer` and nothing of Node, and the page cannot reach it but by the one message below.
 */
import { ipcRenderer } from 'electron';

const portMessage = 'earmark-port';
const readyMessage = 'earmark-ready';

// The page says that it listens; a port that came earlier would be lost.
window.addEventListener('message', (event) => {
  if (event.source === window && event.origin === window.location.origin && event.data === readyMessage) ipcRenderer.send(readyMessage);
});

ipcRenderer.on(portMessage, ({ ports }) => window.postMessage(portMessage, window.location.origin, [...ports]));
