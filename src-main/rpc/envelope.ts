/** @file The outer form of what a window sends. The renderer is not trusted: what does not have this form is dropped before anything takes it apart. */

/** Kinds of messages on the wire of oRPC 1.16: request (the default), a piece of a stream, an abort. */
const kinds = new Set<unknown>([undefined, 1, 3, 4]);

/** True for text that is a request, a piece of a stream or an abort. Whether the procedure exists and the input fits is checked later. */
export function isEnvelope(message: unknown): message is string {
  if (typeof message !== 'string') return false;
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    return false;
  }
  if (!isRecord(parsed) || typeof parsed['i'] !== 'string' || !kinds.has(parsed['t'])) return false;
  if (parsed['t'] === 4) return true;
  const payload = parsed['p'];
  if (!isRecord(payload)) return false;
  if (parsed['t'] === 3) return true;
  const headers = payload['h'];
  const hasPlainHeaders =
    headers === undefined || (isRecord(headers) && Object.values(headers).every((value) => typeof value === 'string'));
  const method = payload['m'];
  return hasPlainHeaders && (method === undefined || typeof method === 'string') && isProcedurePath(payload['u']);
}

function isProcedurePath(url: unknown): boolean {
  return typeof url === 'string' && /^(?:http:\/\/orpc)?\/[A-Za-z]+\/[A-Za-z][A-Za-z0-9]*$/.test(url);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
