/**
 * @file Fetches one file from a server: the only place in Earmark that reaches beyond this machine, and only when a person has asked for that file. What
 * came is kept when the connection is cut, and the next attempt goes on behind it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, toAppError, writeWhole } from '../../base/index.ts';

/** What is to be fetched. `sha256`: null where it was not published. */
export type WantedFile = { address: string; target: string; sha256: string | null };

/** What a server says of a file. `sha256`: where it tells it, as Hugging Face does. `version`: by which it knows whether the file has changed. */
export type RemoteFile = { address: string; bytes: number | null; sha256: string | null; version: string | null };

export type FetchOptions = { signal?: AbortSignal | undefined; onBytes?: (done: number, total: number | null) => void };

const mostRedirects = 8;
const mostBytes = 2 ** 33;
/** A server that says nothing for this long has gone. */
const silentMs = 60_000;
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Asks for a file's size without fetching it; null where there is no such file. @throws AppError NETWORK_FAILED, CANCELLED */
export async function askForFile(address: string, { signal }: FetchOptions = {}): Promise<RemoteFile | null> {
  const answer = await request(address, { method: 'HEAD', signal });
  if (answer.response.status === 404) return null;
  if (!answer.response.ok) throw failed(address, `the server answered ${answer.response.status}`);
  return remoteOf(answer);
}

/**
 * Fetches a file, checks it, and puts it in its place.
 * @throws AppError NETWORK_FAILED when the server cannot be reached, has no such file, or the connection is cut: what came is kept; or when the size or
 *   hash is another than was told: what came is thrown away; DISK_FULL, CANCELLED
 */
export async function fetchFile({ address, target, sha256 }: WantedFile, options: FetchOptions = {}): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const part = `${target}.part`;
  const known = await readMark(part, address);
  const have = known === null ? 0 : await sizeOf(part);
  if (known !== null && known.bytes === have) return finish(part, { address, target, remote: known, sha256 });
  const headers = have > 0 && typeof known?.version === 'string' ? { range: `bytes=${have}-`, 'if-range': known.version } : {};
  const answer = await request(address, { method: 'GET', headers, signal: options.signal });
  const { status } = answer.response;
  if (status === 404) throw failed(address, 'the server has no such file. It may have moved; its page tells where');
  if (status === 416) {
    await forget(part);
    throw failed(address, 'the file has changed at the server. Start again to fetch it anew');
  }
  if (!answer.response.ok) throw failed(address, `the server answered ${status}`);
  const isRest = status === 206 && answer.response.headers.get('content-range')?.startsWith(`bytes ${have}-`) === true;
  const start = isRest ? have : 0;
  const told = remoteOf(answer);
  const remote: RemoteFile = isRest && known !== null ? { ...known, bytes: known.bytes ?? told.bytes } : told;
  if (remote.bytes !== null && remote.bytes > mostBytes) throw failed(address, `it has ${megabytes(remote.bytes)}, more than any encoder`);
  await writeWhole(`${part}.json`, JSON.stringify({ ...remote, asked: address }), `write ${part}.json`);
  await receive(answer.response, { address, part, start, total: remote.bytes, options });
  await finish(part, { address, target, remote, sha256 });
}

/** Everything has come: it is checked, and takes its place. */
async function finish(part: string, { target, ...wanted }: WantedFile & { remote: RemoteFile }): Promise<void> {
  await check(part, wanted);
  await rename(part, target);
  await rm(`${part}.json`, { force: true });
}

type Answer = { response: Response; hops: Headers[] };
type Request = { method: 'GET' | 'HEAD'; headers?: Record<string, string>; signal?: AbortSignal | undefined };

/** Follows redirects by hand, since a file's hash stands in the headers of one of them, and none may lead away from encryption. */
async function request(address: string, { method, headers = {}, signal }: Request): Promise<Answer> {
  const hops: Headers[] = [];
  if (!URL.canParse(address)) throw failed(address, 'this is no address');
  let url = new URL(address);
  for (let hop = 0; hop < mostRedirects; hop++) {
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.has(url.hostname)))
      throw failed(address, 'its address is not encrypted (https)');
    // Packed on the way, a file's length would be another than is told.
    const asked = { method, redirect: 'manual' as const, headers: { 'accept-encoding': 'identity', ...headers } };
    // Until the headers have come; what comes then may take as long as it likes, as long as it comes (see receive).
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new Error('the server says nothing')), silentMs);
    const both = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
    const response = await fetch(url, { ...asked, signal: both })
      .catch((error: unknown) => {
        throw unreachable(address, error, signal);
      })
      .finally(() => clearTimeout(timer));
    hops.push(response.headers);
    const to = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || to === null) return { response, hops };
    await response.body?.cancel();
    if (!URL.canParse(to, url)) throw failed(address, 'the server sends on to what is no address');
    url = new URL(to, url);
  }
  throw failed(address, 'the server sends from one address to the next without end');
}

function remoteOf({ response, hops }: Answer): RemoteFile {
  const header = (name: string): string | null => hops.map((headers) => headers.get(name)).find((value) => value !== null) ?? null;
  const range = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  const length = header('x-linked-size') ?? range ?? (response.status === 206 ? null : response.headers.get('content-length'));
  const bytes = length === null ? Number.NaN : Number(length);
  const linked = header('x-linked-etag')?.replaceAll('"', '') ?? '';
  const version = response.headers.get('etag');
  return {
    address: response.url,
    bytes: Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null,
    sha256: /^[0-9a-f]{64}$/.test(linked) ? linked : null,
    // A weak one does not promise the same bytes.
    version: version === null || version.startsWith('W/') ? response.headers.get('last-modified') : version,
  };
}

type Receiving = { address: string; part: string; start: number; total: number | null; options: FetchOptions };

/** Writes what comes behind what is there. */
async function receive(response: Response, { address, part, start, total, options }: Receiving): Promise<void> {
  const file = await open(part, start > 0 ? 'r+' : 'w').catch((error: unknown) => {
    throw toAppError(error, `write ${part}`);
  });
  let done = start;
  let timer: NodeJS.Timeout | undefined;
  const reader = response.body?.getReader();
  try {
    await file.truncate(start);
    for (;;) {
      const silent = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('the server fell silent')), silentMs);
      });
      const next = reader === undefined ? { done: true, value: undefined } : await Promise.race([reader.read(), silent]);
      clearTimeout(timer);
      options.signal?.throwIfAborted();
      if (next.value === undefined) break;
      if (done + next.value.byteLength > Math.min(total ?? mostBytes, mostBytes))
        throw failed(address, 'the server sends more than it told');
      await file.write(next.value, 0, next.value.byteLength, done);
      done += next.value.byteLength;
      options.onBytes?.(done, total);
    }
  } catch (error) {
    await reader?.cancel().catch(() => undefined);
    throw cut(error, { address, done, total, signal: options.signal });
  } finally {
    clearTimeout(timer);
    await file.sync().catch(() => undefined);
    await file.close();
  }
  if (total !== null && done < total) throw cut(new Error('it ended early'), { address, done, total, signal: options.signal });
}

/** Compares what came with what was told and published; what is wrong is thrown away. */
async function check(
  part: string,
  { address, remote, sha256 }: { address: string; remote: RemoteFile; sha256: string | null },
): Promise<void> {
  const size = await sizeOf(part);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(part)) hash.update(chunk as Buffer);
  const found = hash.digest('hex');
  const wanted = [sha256, remote.sha256].find((one) => one !== null && one !== found);
  const isRightSize = remote.bytes === null || remote.bytes === size;
  if (isRightSize && wanted === undefined) return;
  await forget(part);
  const why = isRightSize ? `its SHA-256 is ${found} instead of ${wanted}` : `it has ${size} bytes instead of ${remote.bytes}`;
  throw failed(address, `what came is not what was published: ${why}. It was thrown away`);
}

/** What is known of what came; null where nothing did, or from another address. */
async function readMark(part: string, asked: string): Promise<RemoteFile | null> {
  try {
    const value = JSON.parse(await readFile(`${part}.json`, 'utf8')) as Partial<RemoteFile & { asked: string }>;
    if (value.asked !== asked) return null;
    return { address: String(value.address), bytes: value.bytes ?? null, sha256: value.sha256 ?? null, version: value.version ?? null };
  } catch {
    return null;
  }
}

async function forget(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.json`, { force: true });
}

/** A file's length; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function failed(address: string, why: string, cause?: unknown): AppError {
  return new AppError('NETWORK_FAILED', `Could not fetch ${address}: ${why}.`, { details: { address }, cause });
}

function unreachable(address: string, error: unknown, signal: AbortSignal | undefined): AppError {
  if (signal?.aborted === true) return new AppError('CANCELLED', 'The fetching was cancelled.', { cause: error });
  const says = `the server cannot be reached (${whyUnreachable(error)})`;
  return failed(address, `${says}. Check the connection, or fetch the file elsewhere and import it`, error);
}

/** What systems say when there is no network, or nobody at the other end. */
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known here; there may be no network',
  EAI_AGAIN: 'its name could not be looked up; there may be no network',
  ENETUNREACH: 'there is no way to it; there may be no network',
  EHOSTUNREACH: 'there is no way to it',
  ECONNREFUSED: 'it takes no connections',
  ECONNRESET: 'it ended the connection',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
};

/** The reason that lies under an error of `fetch`: of several addresses that were tried, the first that has one. */
function whyUnreachable(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const all = cause instanceof AggregateError ? (cause.errors as unknown[]) : [cause];
  const [first = error] = all.filter((one) => one instanceof Error && one.message !== '');
  const code = first instanceof Error && 'code' in first ? String(first.code) : '';
  return reasons[code] ?? (first instanceof Error ? first.message : String(first));
}

type Cut = { address: string; done: number; total: number | null; signal: AbortSignal | undefined };

function cut(error: unknown, { address, done, total, signal }: Cut): AppError {
  if (signal?.aborted === true) return new AppError('CANCELLED', 'The fetching was cancelled. What came is kept.', { cause: error });
  if (error instanceof AppError) return error;
  const system = toAppError(error, `write what came of ${address}`);
  if (system.code !== 'INTERNAL') return system;
  const of = total === null ? '' : ` of ${megabytes(total)}`;
  return failed(address, `the connection was cut after ${megabytes(done)}${of}. What came is kept: start again to go on from there`, error);
}

/** `3.1 MB` */
export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
