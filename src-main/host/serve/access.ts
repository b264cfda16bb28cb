/** @file Who may speak to `serve`: programs on this machine that hold the token, from the page that `serve` itself handed out. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A fresh token of 192 random bits, safe in an address. */
export function createToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Compares without telling by its duration how much agrees. */
export function isSameToken(given: string | null | undefined, token: string): boolean {
  if (typeof given !== 'string') return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

/** True when the request names this server as its host; a foreign name that was made to point here does not pass. */
export function isOwnHost(request: IncomingMessage, port: number): boolean {
  const host = request.headers.host;
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/** True when no other site's page sent the request. Requests without `Origin` (typed address, media element) pass here and need the token. */
export function isOwnOrigin(request: IncomingMessage, port: number): boolean {
  const origin = request.headers.origin;
  return origin === undefined || origin === `http://127.0.0.1:${port}` || origin === `http://localhost:${port}`;
}

/** The token that a WebSocket upgrade carries: its second subprotocol, after `earmark`. */
export function upgradeToken(request: IncomingMessage): string | undefined {
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  return protocols[0] === 'earmark' ? protocols[1] : undefined;
}
