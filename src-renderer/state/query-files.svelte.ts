/** @file Bringing a file that is not in the library to the core, piece by piece, so that it can be an example. The same in a browser and in a window. */
import type { Api } from '../client/index.ts';
import { mostQueryFileBytes, queryPieceBytes, toBase64 } from '../../src-main/contract/index.ts';
import type { EncoderId, QueryEncoding, QueryFile, QueryFileId } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type FilesApi = { similar: Pick<Api['similar'], 'openFile' | 'sendPiece' | 'encodeFile' | 'forgetFile' | 'stopEncoding'> };

/** What is used of a file; the page's `File` has it. */
export type BroughtFile = { readonly name: string; readonly size: number; slice(from: number, to: number): Pick<Blob, 'arrayBuffer'> };

/** A file on its way. */
export type FileOnItsWay = {
  readonly name: string;
  /** Bytes that have arrived, and all of them. */
  readonly sent: number;
  readonly bytes: number;
  /** All is there, and the encoder listens to it. */
  readonly isEncoding: boolean;
};

/** Files that are being brought, one after the other. */
export class QueryFilesState {
  readonly #api: FilesApi;
  #current = $state.raw<FileOnItsWay | null>(null);
  #encoding = $state.raw<QueryEncoding | null>(null);
  #cancel: AbortController | null = null;

  constructor(api: FilesApi) {
    this.#api = api;
  }

  /** The file that is being brought; null when none is. */
  get current(): FileOnItsWay | null {
    return this.#current;
  }

  /** What is being encoded for a query, a file that was brought or a track that no index holds; null when nothing is. */
  get encoding(): QueryEncoding | null {
    return this.#encoding;
  }

  /** Takes what the core tells of an encoding. */
  hear(encoding: QueryEncoding | null): void {
    this.#encoding = encoding;
  }

  /** Gives up the file that is being brought. */
  cancel(): void {
    this.#cancel?.abort();
  }

  /** Gives up the file that is being brought, else what is being encoded. */
  async giveUp(): Promise<void> {
    if (this.#cancel !== null) this.cancel();
    else await this.#api.similar.stopEncoding();
  }

  /**
   * Brings a file and lets an encoder listen to it.
   * @returns null when it was given up
   * @throws ClientError with a sentence when it is no audio, too large or silent
   */
  bring(file: BroughtFile, encoderId: EncoderId): Promise<QueryFile | null> {
    return this.bringFor(file, (fileId, signal) => this.#api.similar.encodeFile({ encoderId, fileId }, { signal }));
  }

  /**
   * Brings a file and hands it on once it is whole.
   * @returns null when it was given up
   */
  async bringFor<Result>(file: BroughtFile, take: (fileId: QueryFileId, signal: AbortSignal) => Promise<Result>): Promise<Result | null> {
    this.cancel();
    const cancel = new AbortController();
    this.#cancel = cancel;
    let fileId: QueryFileId | null = null;
    try {
      this.#tell(cancel, file, 0, false);
      if (file.size === 0) throw new Error(`${file.name} is empty.`);
      if (file.size > mostQueryFileBytes) throw new Error(`${file.name} is larger than ${mostQueryFileBytes / 1024 ** 3} GB.`);
      ({ fileId } = await this.#api.similar.openFile({ name: file.name, bytes: file.size }));
      for (let offset = 0; offset < file.size && !cancel.signal.aborted; offset += queryPieceBytes) {
        const piece = await file.slice(offset, Math.min(file.size, offset + queryPieceBytes)).arrayBuffer();
        await this.#api.similar.sendPiece({ fileId, offset, piece: toBase64(new Uint8Array(piece)) }, { signal: cancel.signal });
        this.#tell(cancel, file, Math.min(file.size, offset + piece.byteLength), false);
      }
      cancel.signal.throwIfAborted();
      this.#tell(cancel, file, file.size, true);
      return await take(fileId, cancel.signal);
    } catch (error) {
      if (fileId !== null) await this.#api.similar.forgetFile({ fileId }).catch(() => undefined);
      if (cancel.signal.aborted) return null;
      throw error;
    } finally {
      if (this.#cancel === cancel) {
        this.#cancel = null;
        this.#current = null;
      }
    }
  }

  #tell(cancel: AbortController, file: BroughtFile, sent: number, isEncoding: boolean): void {
    if (this.#cancel === cancel) this.#current = { name: file.name, sent, bytes: file.size, isEncoding };
  }
}
