/** @file What reading a foreign file may cost: memory in proportion to the file's size, whatever the file says of itself. */
import { Malformed } from './unreadable.ts';

/** Half precision doubles in float32, bytes become four; packed members are counted twice, as they are and as numbers. */
const perFileByte = 8;
const freeBytes = 16 * 2 ** 20;
/** Containers that a pickle may make, and values that it may copy from one into another; the largest checkpoints have a tenth of it. */
const mostValues = 4_000_000;

/** One file's budget. */
export class Budget {
  readonly #fileBytes: number;
  #bytes: number;
  #values = mostValues;

  constructor(fileBytes: number) {
    this.#fileBytes = fileBytes;
    this.#bytes = freeBytes + perFileByte * fileBytes;
  }

  /** Takes memory. @throws Malformed when there is not so much left */
  takeBytes(bytes: number, what: string): void {
    if (!(bytes >= 0 && bytes <= this.#bytes))
      throw new Malformed(`${what} would take ${megabytes(bytes)}, which a file of ${megabytes(this.#fileBytes)} cannot hold`);
    this.#bytes -= bytes;
  }

  /** Takes values of a pickle, or nodes of a graph. @throws Malformed when there are too many */
  takeValues(values: number): void {
    this.#values -= values;
    if (this.#values < 0) throw new Malformed('it makes more values than any checkpoint has');
  }
}

function megabytes(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KB` : `${Math.ceil(bytes / 2 ** 20)} MB`;
}
