/**
 * @file Decoded tracks on the disk: one file a track and rate, a header of 16 bytes (mark, version, number of samples, 1 where all are silent) and
 * the samples. Files are written beside their places and moved there; one whose size does not fit its header is made again.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { assert } from '../../base/index.ts';
import { fromKept, toKept } from './samples.ts';

const mark = 0x4350_4d45;
/** What is in the files; 3: decoded in parts, so that a crop that is cut from the track itself has the same samples. */
const version = 3;
const headerBytes = 16;
const bytesPerSample = 2;
/** A file that is being written is left alone for so long; an older one was left behind by a process that was killed. */
const abandonedMs = 3_600_000;

/** A track that is kept. */
export type KeptTrack = { samples: number; isSilent: boolean };

/** Size of a track's file. */
export function cachedBytes(samples: number): number {
  return headerBytes + bytesPerSample * samples;
}

/**
 * Reads samples `[start, start + length)` of a kept track, for threads.
 * @throws errors of the file system, and when the file holds less
 */
export function readKept(path: string, start: number, length: number): Float32Array<ArrayBuffer> {
  const file = openSync(path, 'r');
  try {
    const kept = new Int16Array(length);
    const bytesRead = readSync(file, kept, 0, kept.byteLength, cachedBytes(start));
    assert(bytesRead === kept.byteLength, 'a kept track has the samples that its header tells');
    return fromKept(kept);
  } finally {
    closeSync(file);
  }
}

/** The decoded tracks of one rate. */
export class PcmCache {
  readonly #root: string;
  readonly #directory: string;

  /** @param directory the cache's; the rate's folder is made below it @param sampleRate hertz */
  constructor(directory: string, sampleRate: number) {
    assert(endianness() === 'LE', 'this machine stores numbers little-endian');
    this.#root = directory;
    this.#directory = join(directory, `pcm-${sampleRate}`);
  }

  /** Where a track's file is or would be. */
  pathOf(name: string): string {
    return join(this.#directory, `${name}.i16`);
  }

  /** What is kept of a track, which counts as used now; undefined when it is not there or damaged. */
  async find(name: string): Promise<KeptTrack | undefined> {
    const path = this.pathOf(name);
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
      return { samples, isSilent: header.readUInt32LE(12) === 1 };
    } catch {
      return undefined;
    } finally {
      await file?.close();
    }
  }

  /**
   * Keeps a track as it comes from a decoder.
   * @throws what the decoder throws; errors of the file system, after which nothing is left
   */
  async write(name: string, blocks: AsyncIterable<Float32Array>): Promise<KeptTrack> {
    await mkdir(this.#directory, { recursive: true });
    const temporary = join(this.#directory, `${randomUUID()}.tmp`);
    try {
      const file = await open(temporary, 'wx');
      try {
        const written = await writeSamples(file, blocks);
        const header = Buffer.alloc(headerBytes);
        [mark, version, written.samples, Number(written.isSilent)].forEach((value, i) => header.writeUInt32LE(value, 4 * i));
        await file.write(header, 0, headerBytes, 0);
        await file.sync();
        await file.close();
        await rename(temporary, this.pathOf(name));
        return written;
      } finally {
        await file.close().catch(() => undefined);
      }
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Deletes a track's file. */
  async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true }).catch(() => undefined);
  }

  /**
   * Deletes the files of other tracks and rates that were used longest ago, until those that are left take at most `bytes`.
   * @param wanted names at this rate that stay, and do not count
   */
  async makeRoom(bytes: number, wanted: ReadonlySet<string>): Promise<void> {
    const kept = new Set([...wanted].map((name) => this.pathOf(name)));
    const others = (await listFiles(this.#root)).filter(({ path }) => !kept.has(path));
    let total = others.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size, mtimeMs } of others.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
      const isUnfinished = path.endsWith('.tmp');
      const isAbandoned = isUnfinished && Date.now() - mtimeMs > abandonedMs;
      if (!isAbandoned && (isUnfinished || total <= bytes)) continue;
      await rm(path, { force: true }).catch(() => undefined);
      total -= size;
    }
  }
}

async function writeSamples(file: FileHandle, blocks: AsyncIterable<Float32Array>): Promise<KeptTrack> {
  let samples = 0;
  let isSilent = true;
  for await (const block of blocks) {
    const kept = toKept(block);
    isSilent &&= kept.every((value) => value === 0);
    await file.write(new Uint8Array(kept.buffer), 0, kept.byteLength, cachedBytes(samples));
    samples += kept.length;
  }
  return { samples, isSilent };
}

/** Every file of every rate's folder; what vanishes meanwhile is left out. */
async function listFiles(root: string): Promise<{ path: string; size: number; mtimeMs: number }[]> {
  const folders = (await readdir(root).catch(() => [])).filter((name) => /^pcm-\d+$/.test(name)).map((name) => join(root, name));
  const names = await Promise.all(folders.map(async (folder) => (await readdir(folder).catch(() => [])).map((name) => join(folder, name))));
  const files = await Promise.all(names.flat().map(async (path) => ({ path, stats: await stat(path).catch(() => undefined) })));
  return files.flatMap(({ path, stats }) => (stats === undefined ? [] : [{ path, size: stats.size, mtimeMs: stats.mtimeMs }]));
}
