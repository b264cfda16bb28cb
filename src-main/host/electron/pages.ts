/** @file Answers the page's own scheme from the built renderer: a fixed set of files, each with the content security policy. */
import { mediaScheme } from '../../contract/index.ts';
import type { Page } from '../serve/pages.ts';
import { pageScheme } from './addresses.ts';

const media = `${mediaScheme}:`;

/** Content security policy of the page in Electron: its own files and the library's media, nothing else. */
export const electronPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  `img-src 'self' data: blob: ${media}`,
  `media-src 'self' blob: ${media}`,
  "font-src 'self'",
  `connect-src 'self' ${media}`,
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Answers one request for a page's file.
 * @param pages the built renderer, by path
 * @param address the whole address that was asked for
 */
export function answerPage(pages: Map<string, Page>, address: string): Response {
  const url = URL.parse(address);
  const page = url?.protocol === `${pageScheme}:` && url.host === 'app' ? pages.get(url.pathname) : undefined;
  if (page === undefined) return new Response('There is no such page.\n', { status: 404, headers: { 'Content-Type': 'text/plain' } });
  return new Response(Uint8Array.from(page.bytes), {
    headers: {
      'Content-Type': page.type,
      'Content-Security-Policy': electronPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
    },
  });
}
