/**
 * @file The scan over vectors as WebAssembly (`scan.wat`), over one shared memory. Rows are filled up with zeros to a multiple of 64 bytes; at the
 * memory's start every thread has a place of its own for queries and scores.
 */
import { plainBytes, relaxedBytes } from './scan-bytes.ts';

/** Rows scored at a time: their scores, 16 KB, stay in the processor's nearest cache. */
export const pieceRows = 4096;

/** Bytes of a memory page. */
const pageBytes = 65_536;

/** What the modules export; every argument is an address or a number of rows or bytes, but for thresholds and scales. */
type PlainExports = {
  dots(query: number, rows: number, rowBytes: number, count: number, out: number): void;
  weightedDots(query: number, weights: number, rows: number, rowBytes: number, count: number, out: number): void;
  codeScores: CodeScores;
  crossDots(a: number, countA: number, rows: number, count: number, rowBytes: number, out: number): void;
  reaching(scores: number, count: number, threshold: number, out: number): number;
  centre(rows: number, rowBytes: number, count: number, mean: number): void;
};
type QueryArguments = [query: number, queryLead: number, queryScale: number];
type CodeArguments = [codes: number, rowBytes: number, count: number, groups: number];
type CodeScores = (...values: [...QueryArguments, ...CodeArguments, out: number]) => void;

/** What relaxed SIMD does better. */
type RelaxedExports = Pick<PlainExports, 'codeScores' | 'crossDots'>;

/** The functions of `scan.wat` over one memory. */
export type Kernel = PlainExports & { memory: WebAssembly.Memory };

const plain = new WebAssembly.Module(Buffer.from(plainBytes, 'base64'));
const relaxedSource = Buffer.from(relaxedBytes, 'base64');

/** True where the machine's JavaScript engine knows relaxed SIMD. */
export const hasRelaxed = WebAssembly.validate(relaxedSource);
const relaxed = hasRelaxed ? new WebAssembly.Module(relaxedSource) : null;

/** Makes the functions over a memory; `usesRelaxed: false` takes the plain instructions also where the machine has better ones. */
export function makeKernel(memory: WebAssembly.Memory, { usesRelaxed = hasRelaxed }: { usesRelaxed?: boolean } = {}): Kernel {
  const imports = { space: { memory } };
  const own = new WebAssembly.Instance(plain, imports).exports as unknown as PlainExports;
  const { dots, weightedDots, reaching, centre } = own;
  const { codeScores, crossDots } =
    usesRelaxed && relaxed !== null ? (new WebAssembly.Instance(relaxed, imports).exports as unknown as RelaxedExports) : own;
  return { memory, dots, weightedDots, reaching, centre, codeScores, crossDots };
}

/** A memory that threads can share. @throws RangeError when the machine has none left */
export function makeMemory(bytes: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / pageBytes)), maximum: pageBytes, shared: true });
}

/** Most bytes that one memory can have. */
export const mostMemoryBytes = pageBytes * pageBytes;

/** Bytes of a row of float32 features. */
export function rowBytesOf(dimensions: number): number {
  return Math.max(64, Math.ceil(dimensions / 16) * 64);
}

/** Addresses in a thread's own place. */
export type Scratch = { query: number; weights: number; mean: number; scores: number; hits: number };

/** Bytes of a thread's own place. */
export function scratchBytes(rowBytes: number): number {
  return 3 * rowBytes + 2 * pieceRows * Float32Array.BYTES_PER_ELEMENT;
}

/** Where a thread (from 0) has its place. */
export function scratchOf(rowBytes: number, thread: number): Scratch {
  const query = thread * scratchBytes(rowBytes);
  const scores = query + 3 * rowBytes;
  const hits = scores + pieceRows * Float32Array.BYTES_PER_ELEMENT;
  return { query, weights: query + rowBytes, mean: query + 2 * rowBytes, scores, hits };
}
