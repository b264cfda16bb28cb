/** @file Audio and pictures of tracks for a window's player. A request names a track, never a path; what is no track of the library is not there. */
import { mkdirSync } from 'node:fs';
import { readdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlayableInBrowser, mimeTypeOf } from '../../audio/about.ts';
import { AppError, openRegularFile, toAppError, toSystemPath } from '../../base/index.ts';
import type { MediaKind, TrackId } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { MediaWorker } from '../processes/media-worker.ts';
import type { MediaAnswers } from '../processes/messages.ts';
import { parseByteRange } from './byte-range.ts';
import { fileBody } from './file-body.ts';

/** What a host asks for; `range` is the request's header. */
export type MediaRequest = { kind: MediaKind; trackId: number; range: string | null; signal: AbortSignal };

/** What a host answers with. */
export type MediaResponse = { status: number; headers: Record<string, string>; body: ReadableStream<Uint8Array> | null };

/** Transcoded copies of what browsers do not play, or not at the right place, may take this much of the disk. */
const cacheBytes = 2 * 2 ** 30;

/** Files of which is kept how they are played. */
const mostKnown = 10_000;

/** Opens audio and pictures. */
export class MediaSource {
  readonly #store: Store;
  readonly #media: MediaWorker;
  readonly #transcoding = new Map<string, Promise<void>>();
  /** By path and the audio's hash (a header that tells the length is not part of it): whether a browser finds every place in the file. */
  readonly #exact = new Map<string, Promise<boolean>>();

  constructor(store: Store, media: MediaWorker) {
    this.#store = store;
    this.#media = media;
  }

  /** Answers one request; never throws. */
  async open(request: MediaRequest): Promise<MediaResponse> {
    try {
      const file = this.#store.tracks.media(request.trackId as TrackId);
      if (file === null) return says(404, 'There is no such track in the library.');
      if (request.kind === 'picture') return await this.#picture(file.path);
      const isPlayed = request.kind === 'audio' && isPlayableInBrowser(file) && (await this.#seeksExactly(file));
      if (isPlayed) return await sendFile(toSystemPath(file.path), mimeTypeOf(file), request);
      return await sendFile(await this.#transcoded(file), 'audio/flac', request);
    } catch (error) {
      const known = toAppError(error, 'read this track');
      const status = known.code === 'FILE_GONE' ? 410 : known.code === 'NOT_ALLOWED' ? 403 : 422;
      return says(status, known.message);
    }
  }

  /** Whether a track has a picture that {@link open} answers with. Never throws: a file that cannot be read shows none. */
  async hasPicture(trackId: TrackId): Promise<boolean> {
    const file = this.#store.tracks.media(trackId);
    if (file === null) return false;
    return this.#readPicture(file.path).then(
      (picture) => picture !== null,
      () => false,
    );
  }

  /** A file that cannot be read is left to the player, which says why. */
  #seeksExactly({ path, audioHash }: { path: string; audioHash: string }): Promise<boolean> {
    const key = `${audioHash} ${path}`;
    const known = this.#exact.get(key);
    if (known !== undefined) return known;
    if (this.#exact.size >= mostKnown) this.#exact.clear();
    const asked = this.#media.run({ type: 'seeks', path }).catch(() => {
      this.#exact.delete(key);
      return true;
    });
    this.#exact.set(key, asked);
    return asked;
  }

  async #picture(path: string): Promise<MediaResponse> {
    const picture = await this.#readPicture(path);
    if (picture === null) return says(404, 'This track has no picture.');
    const headers = {
      'Content-Type': picture.mimeType,
      'Content-Length': String(picture.data.length),
      'Cache-Control': 'private, max-age=3600',
    };
    return { status: 200, headers, body: new Blob([Uint8Array.from(picture.data)]).stream() };
  }

  /** The picture of a file, if it is of a kind that browsers show. */
  async #readPicture(path: string): Promise<MediaAnswers['picture']> {
    const picture = await this.#media.run({ type: 'picture', path });
    return picture !== null && /^image\/(jpeg|png|gif|webp|bmp)$/.test(picture.mimeType) ? picture : null;
  }

  /** Path of a copy that a browser plays, made now if need be. */
  async #transcoded({ path, audioHash }: { path: string; audioHash: string }): Promise<string> {
    const directory = this.#store.paths.cached('playable');
    const target = join(directory, `${audioHash}.flac`);
    try {
      const now = new Date();
      await utimes(target, now, now);
      return target;
    } catch {
      // Not there yet.
    }
    mkdirSync(directory, { recursive: true });
    const making =
      this.#transcoding.get(target) ?? this.#media.run({ type: 'transcode', path, outPath: target }).then(() => trim(directory, target));
    this.#transcoding.set(target, making);
    await making.finally(() => this.#transcoding.delete(target));
    return target;
  }
}

/** Deletes the copies that were not played for longest until the remaining ones fit. */
async function trim(directory: string, keep: string): Promise<void> {
  const names = await readdir(directory);
  const files = await Promise.all(names.map(async (name) => ({ path: join(directory, name), info: await stat(join(directory, name)) })));
  files.sort((a, b) => b.info.mtimeMs - a.info.mtimeMs);
  let total = 0;
  for (const { path, info } of files) {
    total += info.size;
    if (total > cacheBytes && path !== keep) await unlink(path);
  }
}

async function sendFile(path: string | Buffer, type: string, { range: header, signal }: MediaRequest): Promise<MediaResponse> {
  const { file: handle, size } = await openRegularFile(path);
  try {
    const range = parseByteRange(header, size);
    if (range === 'unsatisfiable') {
      await handle.close();
      return { status: 416, headers: { 'Content-Range': `bytes */${size}` }, body: null };
    }
    const { first, last } = range === 'all' ? { first: 0, last: size - 1 } : range;
    const headers: Record<string, string> = {
      'Content-Type': type,
      'Accept-Ranges': 'bytes',
      'Content-Length': String(last - first + 1),
      'Cache-Control': 'private, no-cache',
    };
    if (range !== 'all') headers['Content-Range'] = `bytes ${first}-${last}/${size}`;
    if (size === 0) throw new AppError('FILE_EMPTY', 'The file is empty.');
    return { status: range === 'all' ? 200 : 206, headers, body: fileBody(handle, { first, last }, signal) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function says(status: number, message: string): MediaResponse {
  const body = new Blob([`${message}\n`]).stream();
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body };
}
