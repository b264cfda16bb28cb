/**
 * @file Decoded tracks on the disk: one file a track and rate, a header of 16 bytes (mark, version, number of samples) and the samples. Files are
 * written beside their places and moved there; one whose size does not fit its header is made again.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { assert } from '../../base/index.ts';
import { fromKept, toKept } from './samples.ts';

const mark = 0x4350_4d45;
const version = 1;
const headerBytes = 16;
const bytesPerSample = 2;

/** Size of a track's file. */
export function cachedBytes(samples: number): number {
  return headerBytes + bytesPerSample * samples;
}

/** The decoded tracks of one rate. */
export class PcmCache {
  readonly #directory: string;

  /** @param directory the cache's; the rate's folder is made below it @param sampleRate hertz */
  constructor(directory: string, sampleRate: number) {
    assert(endianness() === 'LE', 'this machine stores numbers little-endian');
    this.#directory = join(directory, `pcm-${sampleRate}`);
  }

  /** How many samples of a track are kept; undefined when it is not there or damaged. */
  async length(name: string): Promise<number | undefined> {
    const path = this.#path(name);
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'r');
      const header = Buffer.alloc(headerBytes);
      await file.read(header, 0, headerBytes, 0);
      const samples = header.readUInt32LE(8);
      const isSound = header.readUInt32LE(0) === mark && header.readUInt32LE(4) === version;
      if (!isSound || (await file.stat()).size !== cachedBytes(samples)) return undefined;
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      return samples;
    } catch {
      return undefined;
    } finally {
      await file?.close();
    }
  }

  /** Reads samples `[start, start + length)` of a track that is kept. @throws errors of the file system */
  async read(name: string, start: number, length: number): Promise<Float32Array<ArrayBuffer>> {
    const file = await open(this.#path(name), 'r');
    try {
      const kept = new Int16Array(length);
      const bytes = new Uint8Array(kept.buffer);
      const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, cachedBytes(start));
      assert(bytesRead === bytes.byteLength, 'a kept track has the samples that its header tells');
      return fromKept(kept);
    } finally {
      await file.close();
    }
  }

  /**
   * Keeps a track as it comes from a decoder.
   * @returns how many samples there are @throws what the decoder throws; errors of the file system, after which nothing is left
   */
  async write(name: string, blocks: AsyncIterable<Float32Array>): Promise<number> {
    await mkdir(this.#directory, { recursive: true });
    const temporary = join(this.#directory, `${randomUUID()}.tmp`);
    try {
      const file = await open(temporary, 'wx');
      let samples = 0;
      try {
        for await (const block of blocks) {
          const kept = toKept(block);
          await file.write(new Uint8Array(kept.buffer), 0, kept.byteLength, cachedBytes(samples));
          samples += kept.length;
        }
        const header = Buffer.alloc(headerBytes);
        header.writeUInt32LE(mark, 0);
        header.writeUInt32LE(version, 4);
        header.writeUInt32LE(samples, 8);
        await file.write(header, 0, headerBytes, 0);
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path(name));
      return samples;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Deletes the files that were used longest ago until all take at most `bytes`; those named in `wanted` stay. */
  async shrink(bytes: number, wanted: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    const files = await Promise.all(
      names.map(async (file) => ({ file, ...(await stat(join(this.#directory, file)).catch(() => ({ size: 0, mtimeMs: 0 }))) })),
    );
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { file, size } of files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= bytes) return;
      if (wanted.has(file.replace(/\.i16$/, ''))) continue;
      await rm(join(this.#directory, file), { force: true });
      total -= size;
    }
  }

  #path(name: string): string {
    return join(this.#directory, `${name}.i16`);
  }
}
