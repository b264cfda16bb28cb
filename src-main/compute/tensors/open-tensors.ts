/** @file Opens a file of tensors of any known kind; the kind is told by the contents. */
import type { Budget } from './budget.ts';
import { withFile } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { isPickle, isZip, openPyTorch } from './pytorch.ts';
import { openSafetensors } from './safetensors.ts';
import type { TensorSource } from './tensor-source.ts';
import { Malformed, unreadable } from './unreadable.ts';

/** A file's tensors, and what is said beside them. */
export type OpenTensors = { tensors: TensorSource; metadata: ReadonlyMap<string, string> };

/**
 * @param budget that of the archive which the file lies in, where it lies in one
 * @throws Malformed for a file of no known kind, or that is damaged
 */
export function openTensors(source: ByteSource, path: string, budget?: Budget): OpenTensors {
  const start = source.read(0, Math.min(16, source.size));
  if (start.byteLength === 0) throw new Malformed('it is empty');
  if (isZip(start) || isPickle(start)) return { tensors: openPyTorch(source, path, budget), metadata: new Map() };
  if (start[8] === 0x7b) return openSafetensors(source);
  throw new Malformed('it is neither a safetensors file nor one of PyTorch');
}

/** Looks at a file's tensors and reads those that are wanted. @throws AppError `WEIGHTS_UNREADABLE`, `WEIGHTS_UNSAFE`, and what `read` throws */
export async function readTensors<Result>(path: string, read: (tensors: TensorSource) => Result): Promise<Result> {
  try {
    return await withFile(path, (source) => read(openTensors(source, path).tensors));
  } catch (error) {
    if (error instanceof Malformed) throw unreadable(path, error.message, error);
    throw error;
  }
}
