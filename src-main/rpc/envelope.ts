/** @file The outer form of what a window sends. The renderer is not trusted: what does not have this form is answered or dropped before anything takes it apart. */

/** Kinds of messages on the wire of oRPC 1.16: request (the default) and abort. Pieces of a stream go from the core to the window alone. */
const kinds = new Set<unknown>([undefined, 1, 4]);

/** The longest message that is taken apart; a playlist of 100 000 entries fits. */
export const mostMessageCharacters = 64 * 2 ** 20;

/** What a message is: a call, the end of one, something that names a call and is none, or nothing that could be answered. */
export type Envelope =
  | { kind: 'call'; id: string; path: string; text: string }
  | { kind: 'abort'; id: string; text: string }
  | { kind: 'refused'; id: string; why: string }
  | { kind: 'none' };

/** Looks at a message's outer form. Whether the procedure exists and the input fits is checked later. */
export function readEnvelope(message: string | Uint8Array): Envelope {
  if (typeof message !== 'string') return { kind: 'none' };
  if (message.length > mostMessageCharacters) return tooLong(message);
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    return { kind: 'none' };
  }
  if (!isRecord(parsed) || typeof parsed['i'] !== 'string') return { kind: 'none' };
  const id = parsed['i'];
  if (!kinds.has(parsed['t'])) return { kind: 'none' };
  if (parsed['t'] === 4) return { kind: 'abort', id, text: message };
  const path = callPath(parsed['p']);
  return path === null ? { kind: 'refused', id, why: 'It does not have the form of a call.' } : { kind: 'call', id, path, text: message };
}

/** Without taking it apart: the call's number is the first thing that every client writes. */
function tooLong(message: string): Envelope {
  const id = /^\{"i":"([^"\\]{1,100})"/.exec(message.slice(0, 200))?.[1];
  const why = `It is longer than ${mostMessageCharacters / 2 ** 20} million characters. Send less at a time.`;
  return id === undefined ? { kind: 'none' } : { kind: 'refused', id, why };
}

/** The path of a call's procedure; null for a payload that is none. */
function callPath(payload: unknown): string | null {
  if (!isRecord(payload)) return null;
  const headers = payload['h'];
  const hasPlainHeaders =
    headers === undefined || (isRecord(headers) && Object.values(headers).every((value) => typeof value === 'string'));
  const [method, url] = [payload['m'], payload['u']];
  if (!hasPlainHeaders || (method !== undefined && typeof method !== 'string') || typeof url !== 'string') return null;
  return /^(?:http:\/\/orpc)?(\/[A-Za-z]+\/[A-Za-z][A-Za-z0-9]*)$/.exec(url)?.[1] ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
