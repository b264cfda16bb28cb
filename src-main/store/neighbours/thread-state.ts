/** @file What a scanning thread keeps between tasks: kernels over the shared spaces, a memory of its own, and open files. */
import { defined } from '../../base/index.ts';
import { ChunkFiles } from '../activations/chunk-files.ts';
import { makeKernel, makeMemory, scratchOf } from './kernel.ts';
import type { Kernel, Scratch } from './kernel.ts';
import { spaceRowBytes } from './space.ts';
import type { Space } from './space.ts';

/** The files of an index. `scale`: what each feature of a row is multiplied by, where features have units of their own; float32 `[dimensions]`. */
export type Source = { directory: string; dimensions: number; scale: Float32Array | null };

/** A space as a thread sees it. */
export type OpenSpace = Space & { kernel: Kernel; scratch: Scratch; rowBytes: number };

/** One thread's state. */
export class ThreadState {
  /** The thread's number, from 0. */
  readonly thread: number;
  readonly #spaces = new Map<number, OpenSpace>();
  #work: { kernel: Kernel; bytes: number } | null = null;
  #files: { files: ChunkFiles; source: Source } | null = null;

  constructor(thread: number) {
    this.thread = thread;
  }

  open(space: Space): void {
    const rowBytes = spaceRowBytes(space);
    const kernel = makeKernel(space.memory);
    this.#spaces.set(space.id, { ...space, kernel, scratch: scratchOf(rowBytes, this.thread), rowBytes });
  }

  close(spaceId: number): void {
    this.#spaces.delete(spaceId);
  }

  space(spaceId: number): OpenSpace {
    return defined(this.#spaces.get(spaceId), `space ${spaceId}`);
  }

  /** The kernel over a memory that no other thread has, of at least so many bytes; what was in it is not kept. */
  work(bytes: number): Kernel {
    if (this.#work === null || this.#work.bytes < bytes) this.#work = { kernel: makeKernel(makeMemory(bytes)), bytes };
    return this.#work.kernel;
  }

  /** The files of an index; those of the index before are closed. */
  files(source: Source): ChunkFiles {
    const known = this.#files;
    if (known !== null && known.source.directory === source.directory && known.source.dimensions === source.dimensions) return known.files;
    this.closeFiles();
    const files = new ChunkFiles(source.directory, source.dimensions);
    this.#files = { files, source };
    return files;
  }

  closeFiles(): void {
    this.#files?.files.close();
    this.#files = null;
  }
}
