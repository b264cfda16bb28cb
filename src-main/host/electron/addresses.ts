/** @file Addresses inside the desktop app: its page, its media, and which addresses of the world may be opened in the person's browser. */
import { mediaScheme, parseMediaPath } from '../../contract/index.ts';
import type { MediaKind } from '../../contract/index.ts';

/** Scheme of the app's own page; a scheme of its own has an origin, which `file:` has not. */
export const pageScheme = 'earmark-app';

/** Origin of the app's own page. */
export const pageOrigin = `${pageScheme}://app`;

/** The page that a window shows. */
export const pageAddress = `${pageOrigin}/index.html`;

/** Sites that the app links to: papers, and its own home. Anything else stays closed. */
const outside = ['arxiv.org', 'doi.org', 'github.com', 'www.gnu.org'];

/** True for an address of the app's own page. */
export function isOwnPage(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${pageScheme}:` && url.host === 'app' && url.username === '' && url.password === '';
}

/** True for something that the app's own page has made, as a download. */
export function isOwnBlob(address: string): boolean {
  return address.startsWith(`blob:${pageOrigin}/`);
}

/** True when a link may be handed to the person's browser: https, a known site, nothing hidden in it. */
export function mayOpenOutside(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '') return false;
  return outside.includes(url.hostname);
}

/** Reads `earmark-media://library/media/audio/ID`; null when it is none. */
export function parseMediaAddress(address: string): { kind: MediaKind; trackId: number } | null {
  const url = URL.parse(address);
  if (url === null || url.protocol !== `${mediaScheme}:` || url.host !== 'library') return null;
  return parseMediaPath(url.pathname);
}

/** What is used of Electron's `WebFrameMain`. */
export type Frame = { readonly url: string; readonly parent: unknown };

/** True when a message was sent by the top frame of the app's own page. A frame that has gone is null. */
export function isOwnFrame(frame: Frame | null): boolean {
  return frame !== null && frame.parent === null && isOwnPage(frame.url);
}
