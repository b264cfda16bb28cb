/**
 * @file Files that are brought for a query: they come in pieces, are kept under names of the core's own until they are encoded, and deleted then. Of
 * each, its embeddings are kept until it is forgotten: {@link mostFiles} of them, and so many segments altogether; beyond that the oldest go.
 */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError, toAppError } from '../../base/index.ts';
import { isWeightsName } from '../encoders/weights-name.ts';
import { isAudioName } from '../../audio/about.ts';
import { queryPieceBytes } from '../../contract/index.ts';
import type { EncoderId, QueryFile, QueryFileId, TrackId } from '../../contract/index.ts';
import { embedFile } from '../indexing/embed.ts';
import type { Embedded } from '../indexing/embed.ts';
import { ProgressMeter } from '../jobs/progress-meter.ts';
import type { Tools } from '../tools.ts';
import type { FileEmbeddings } from './query.ts';

/** Files that are kept at a time. */
export const mostFiles = 20;
/** Numbers of embeddings that are kept at a time: 512 MiB, a week of music at 512 neurons. */
const mostValues = 2 ** 27;

/** Tracks without an index whose embeddings are kept at a time. */
const mostUnindexed = 20;

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

type Brought = {
  name: string;
  /** The copy that was made of it, which is deleted; null for a person's own file, which never is. */
  copy: string | null;
  bytes: number;
  received: number;
  /** Open while pieces come; null once it is encoded, or being so. */
  handle: FileHandle | null;
  encoded: (FileEmbeddings & { encoderId: EncoderId }) | null;
};

/** `durationMs`: null where it is not known before the end. */
type Encoding = { name: string; path: string; durationMs: number | null; encoderId: EncoderId; signal: AbortSignal };

/** Takes in files and encodes them in the index process; nothing is decoded in the core. */
export class QueryFiles {
  readonly #tools: Pick<Tools, 'store' | 'entries' | 'events'>;
  readonly #folder: string;
  readonly #files = new Map<QueryFileId, Brought>();
  /** Tracks that no index holds yet, encoded when they were asked for. */
  readonly #unindexed = new Map<string, Promise<FileEmbeddings>>();
  readonly #closing = new AbortController();
  /** One file is encoded at a time: each takes a process with a device. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Ends what is being encoded now; null when nothing is. */
  #stop: AbortController | null = null;
  #nextId = 1;

  /** Deletes what an earlier process left. */
  constructor(tools: Pick<Tools, 'store' | 'entries' | 'events'>) {
    this.#tools = tools;
    this.#folder = tools.store.paths.cached('query');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Makes room for a file. @throws AppError DISK_FULL and the like */
  async open(name: string, bytes: number): Promise<QueryFileId> {
    const path = join(this.#folder, `${randomUUID()}${isAudioName(name) || isWeightsName(name) ? extname(name).toLowerCase() : ''}`);
    try {
      await mkdir(this.#folder, { recursive: true });
      const handle = await open(path, 'wx', 0o600);
      const fileId = this.#nextId++ as QueryFileId;
      this.#files.set(fileId, { name, copy: path, bytes, received: 0, handle, encoded: null });
      await this.#forgetOldest();
      return fileId;
    } catch (error) {
      throw toAppError(error, `keep ${name}`);
    }
  }

  /**
   * Takes the next piece.
   * @param piece base64
   * @throws AppError BAD_INPUT for a piece that does not follow the one before, or goes beyond the file; DISK_FULL
   */
  async send(fileId: QueryFileId, offset: number, piece: string): Promise<void> {
    const file = this.#get(fileId);
    const handle = file.handle;
    if (handle === null) throw new AppError('BAD_INPUT', `${file.name} is complete; no more of it is taken. Bring it again as a new file.`);
    if (!base64.test(piece) || piece.length % 4 !== 0) throw new AppError('BAD_INPUT', `A piece of ${file.name} is not base64.`);
    const bytes = Buffer.from(piece, 'base64');
    if (offset !== file.received || bytes.length > queryPieceBytes || offset + bytes.length > file.bytes)
      throw new AppError('BAD_INPUT', `A piece of ${file.name} does not continue it: ${pieceSays(file, offset, bytes.length)}.`, {
        details: { offset, expectedOffset: file.received, bytes: file.bytes },
      });
    file.received += bytes.length;
    try {
      for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
    } catch (error) {
      await this.forget(fileId);
      throw toAppError(error, `keep ${file.name}`);
    }
  }

  /**
   * Encodes a file that was brought whole, and deletes it, whatever comes of it. One that cannot be encoded is forgotten.
   * @throws AppError BAD_INPUT while pieces are missing, for silence, and when it was encoded with another encoder; NOT_AUDIO, TOO_SHORT …; CANCELLED
   */
  async encode(fileId: QueryFileId, encoderId: EncoderId, signal: AbortSignal): Promise<QueryFile> {
    const file = this.#get(fileId);
    if (file.encoded === null && file.received < file.bytes)
      throw new AppError('BAD_INPUT', `${file.name} is not there yet: ${file.received} of ${file.bytes} bytes came.`);
    const { handle, copy } = file;
    if (handle === null || copy === null) throw new AppError('BAD_INPUT', `${file.name} was taken for encoding already. Bring it again.`);
    file.handle = null;
    try {
      await handle.close();
      return await this.#encode(fileId, file, { name: file.name, path: copy, durationMs: null, encoderId, signal });
    } catch (error) {
      this.#files.delete(fileId);
      throw namedError(error, file.name, copy);
    } finally {
      await rm(copy, { force: true });
    }
  }

  /**
   * Hands a file that was brought whole to somebody who reads it, and deletes it, whatever comes of it.
   * @param use is given its path, which ends as its name does, and its name
   * @throws AppError BAD_INPUT while pieces are missing; what `use` throws, with the file's own name
   */
  async lend<Result>(fileId: QueryFileId, use: (path: string, name: string) => Promise<Result>): Promise<Result> {
    const file = this.#get(fileId);
    const { handle, copy, name } = file;
    if (file.received < file.bytes)
      throw new AppError('BAD_INPUT', `${name} is not there yet: ${file.received} of ${file.bytes} bytes came.`);
    if (handle === null || copy === null) throw new AppError('BAD_INPUT', `${name} was taken already. Bring it again.`);
    file.handle = null;
    try {
      await handle.close();
      return await use(copy, name);
    } catch (error) {
      throw namedError(error, name, copy);
    } finally {
      this.#files.delete(fileId);
      await rm(copy, { force: true });
    }
  }

  /** Encodes a person's own file where it lies, which stays as it is; the command line's way. @throws AppError as `encode` does */
  async encodeLocal(path: string, encoderId: EncoderId, signal: AbortSignal): Promise<QueryFile> {
    const fileId = this.#nextId++ as QueryFileId;
    const file: Brought = { name: path, copy: null, bytes: 0, received: 0, handle: null, encoded: null };
    return this.#encode(fileId, file, { name: path, path, durationMs: null, encoderId, signal });
  }

  /**
   * Encodes a track of the library that its index does not hold yet, so that nobody waits for all others; the last few are kept, and stay in no index.
   * @throws AppError NOT_FOUND for no track of the library, FILE_GONE, TOO_SHORT, BAD_INPUT for silence …
   */
  async unindexed(encoderId: EncoderId, trackId: TrackId): Promise<FileEmbeddings> {
    const { store } = this.#tools;
    const media = store.tracks.media(trackId);
    const { title, durationMs } = store.tracks.get(trackId, null);
    if (media === null)
      throw new AppError('FILE_GONE', `The file of “${title}” is gone, and it was never indexed. Attach its drive, or scan its folder.`);
    const hopSamples = store.index.current(encoderId)?.hopSamples ?? 0;
    const key = `${encoderId} ${trackId} ${media.audioHash} ${hopSamples}`;
    const kept = this.#unindexed.get(key);
    if (kept !== undefined) return kept;
    const made = this.#embed({ name: title, path: media.path, durationMs, encoderId, signal: this.#closing.signal }).then(
      ({ isSilent, embeddings, hopMs }) => {
        if (isSilent) throw new AppError('BAD_INPUT', `“${title}” holds nothing but silence: there is nothing in it to look for.`);
        return { name: title, embeddings, hopMs };
      },
    );
    this.#unindexed.set(key, made);
    made.catch(() => this.#unindexed.delete(key));
    for (const oldest of [...this.#unindexed.keys()].slice(0, -mostUnindexed)) this.#unindexed.delete(oldest);
    return made;
  }

  /** A file's embeddings. @throws AppError NOT_FOUND when it was forgotten, BAD_INPUT when another encoder encoded it */
  embeddings(fileId: QueryFileId, encoderId: EncoderId): FileEmbeddings {
    const { encoded, name } = this.#get(fileId);
    if (encoded === null) throw new AppError('BAD_INPUT', `${name} is not encoded yet. Wait until it is.`);
    if (encoded.encoderId !== encoderId)
      throw new AppError('BAD_INPUT', `${name} was encoded with another encoder, and is not kept. Bring it again for this one.`);
    return encoded;
  }

  /** Forgets a file and deletes what there is of it. One that is not there is no error. */
  async forget(fileId: QueryFileId): Promise<void> {
    const file = this.#files.get(fileId);
    if (file === undefined) return;
    this.#files.delete(fileId);
    await file.handle?.close().catch(() => undefined);
    if (file.copy !== null) await rm(file.copy, { force: true });
  }

  /** Ends encodings and deletes all files. */
  async close(): Promise<void> {
    this.#closing.abort(new AppError('CANCELLED', 'Earmark is closing.'));
    await Promise.all([...this.#files.keys()].map(async (fileId) => this.forget(fileId)));
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Ends the encoding that goes on, if one does. */
  stop(): void {
    this.#stop?.abort();
  }

  /** Encodes one file after the other. */
  async #embed(encoding: Encoding): Promise<Embedded> {
    const work = this.#turn.then(() => this.#embedNow(encoding));
    this.#turn = work.catch(() => undefined);
    return work;
  }

  /** Encodes a file and tells every window how far it is. @throws AppError CANCELLED when it was stopped; as `embedFile` */
  async #embedNow({ name, path, durationMs, encoderId, signal: asked }: Encoding): Promise<Embedded> {
    const { store, entries, events } = this.#tools;
    const stop = new AbortController();
    this.#stop = stop;
    const signal = AbortSignal.any([asked, this.#closing.signal, stop.signal]);
    const encoder = store.encoders.get(encoderId);
    const hopSamples = store.index.current(encoderId)?.hopSamples ?? encoder.cropSamples;
    const { device } = store.settings.get();
    const totalSeconds = durationMs === null ? null : durationMs / 1000;
    const meter = new ProgressMeter(() => performance.now());
    meter.start();
    const tell = (segments: number): void => {
      const audioSeconds = Math.min((segments * hopSamples) / encoder.sampleRate, totalSeconds ?? Infinity);
      const report = { done: audioSeconds, total: totalSeconds, unit: 'seconds', audioSeconds, detail: '', failed: 0 };
      const { secondsLeft } = meter.measure(report);
      events.emit({ type: 'similar.encoding', encoding: { name, audioSeconds, totalSeconds, secondsLeft } });
    };
    try {
      tell(0);
      return await embedFile({ store, entries, encoder, path, hopSamples, device, signal, onSegments: tell });
    } catch (error) {
      if (stop.signal.aborted) throw new AppError('CANCELLED', `Listening to “${name}” was stopped.`, { cause: error });
      throw error;
    } finally {
      this.#stop = null;
      events.emit({ type: 'similar.encoding', encoding: null });
    }
  }

  async #encode(fileId: QueryFileId, file: Brought, encoding: Encoding): Promise<QueryFile> {
    const { encoderId } = encoding;
    const made = await this.#embed(encoding);
    if (made.isSilent) throw new AppError('BAD_INPUT', `${file.name} holds nothing but silence: there is nothing in it to look for.`);
    const { embeddings, hopMs, durationMs, segments, truncated } = made;
    if (file.copy !== null && !this.#files.has(fileId)) throw new AppError('CANCELLED', `${file.name} was forgotten while it was encoded.`);
    file.encoded = { name: file.name, embeddings, hopMs, encoderId };
    this.#files.set(fileId, file);
    await this.#forgetOldest();
    return { fileId, name: file.name, durationMs, segments, truncated };
  }

  #get(fileId: QueryFileId): Brought {
    const file = this.#files.get(fileId);
    if (file !== undefined) return file;
    throw new AppError('NOT_FOUND', 'This file is no longer kept for queries. Bring it again.', { details: { fileId } });
  }

  /** Files of the command line stay: it names them all at once, and ends soon. */
  async #forgetOldest(): Promise<void> {
    const copies = (): [QueryFileId, Brought][] => [...this.#files].filter(([, { copy }]) => copy !== null);
    const isTooMuch = (kept: [QueryFileId, Brought][]): boolean =>
      kept.length > mostFiles ||
      (kept.length > 1 && kept.reduce((sum, [, { encoded }]) => sum + (encoded?.embeddings.length ?? 0), 0) > mostValues);
    for (let kept = copies(); isTooMuch(kept); kept = copies()) await this.forget(kept[0]?.[0] as QueryFileId);
  }
}

function pieceSays(file: Brought, offset: number, bytes: number): string {
  if (offset !== file.received) return `it begins at byte ${offset}, and byte ${file.received} is next`;
  return bytes > queryPieceBytes ? 'it is too large' : `the file was said to have ${file.bytes} bytes`;
}

/** The error with the file's own name in place of the one that it was kept under. */
function namedError(error: unknown, name: string, copy: string): AppError {
  const known = toAppError(error, `encode ${name}`);
  return new AppError(known.code, known.message.replaceAll(copy, name), { details: { name }, cause: error });
}
