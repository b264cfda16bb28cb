/**
 * @file Reads what `torch.save` writes: a zip with a pickle and one member for each storage (PyTorch 1.6 on), or a chain of pickles followed by the
 * storages (before). Nothing in the file is run; see `pickle-objects.ts`.
 */
import { readFile } from 'node:fs/promises';
import { toAppError } from '../../base/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import { bytesPerElement, toFloat32 } from './element-types.ts';
import { TensorReference } from './pickle-objects.ts';
import type { PickleValue, StorageReference } from './pickle-objects.ts';
import { unpickle } from './unpickler.ts';
import { Malformed, unreadable } from './unreadable.ts';
import { ZipArchive } from './zip.ts';

/** A storage's bytes, by its key. */
type Storages = (storage: StorageReference) => Uint8Array;

const legacyMagic = 0x1950a86a20f9469cfc6cn;
const legacyVersion = 1001;
/** Largest tensor that is built, in elements; an expanded view in a small file could claim any size. */
const elementLimit = 2 ** 28;

/** True for bytes that begin as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5 || bytes[2] === 6);
}

/** True for bytes that begin as a pickle of protocol 2 or later does. */
export function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5;
}

/**
 * The tensors of a PyTorch file: those of its `state_dict` (Lightning), `model`, `model_state_dict` or `weights` if it has one, else its own.
 * @throws AppError `WEIGHTS_UNREADABLE`, `WEIGHTS_UNSAFE`, or of the file system
 */
export async function readPyTorch(path: string): Promise<Map<string, WeightArray>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw toAppError(error, `read the weights in ${path}`);
  }
  return parsePyTorch(bytes, path);
}

/** The same from bytes in memory. */
export function parsePyTorch(bytes: Uint8Array, path: string): Map<string, WeightArray> {
  try {
    const { value, storages } = isZip(bytes) ? readZip(bytes, path) : readLegacy(bytes, path);
    return stateDictionary(value, storages);
  } catch (error) {
    if (error instanceof Malformed) throw unreadable(path, error.message, error);
    throw error;
  }
}

function readZip(bytes: Uint8Array, path: string): { value: PickleValue; storages: Storages } {
  const archive = new ZipArchive(bytes);
  const pickleName = archive.names.find((name) => /^([^/]+\/)?data\.pkl$/.test(name));
  if (pickleName === undefined) throw new Malformed('it is a zip archive, but not one of PyTorch (no data.pkl)');
  const folder = pickleName.slice(0, -'data.pkl'.length);
  const order = archive.names.includes(`${folder}byteorder`) ? new TextDecoder().decode(archive.read(`${folder}byteorder`)) : 'little';
  if (order.trim() !== 'little') throw new Malformed(`its numbers are stored ${order.trim()}-endian, which Earmark does not read`);
  const { value } = unpickle(archive.read(pickleName), path);
  return { value, storages: ({ key }) => archive.read(`${folder}data/${key}`) };
}

function readLegacy(bytes: Uint8Array, path: string): { value: PickleValue; storages: Storages } {
  if (!isPickle(bytes)) throw new Malformed('it is neither a safetensors file nor one of PyTorch');
  const magic = unpickle(bytes, path);
  if (magic.value !== legacyMagic) throw new Malformed('it is a pickle, but not one of PyTorch');
  const version = unpickle(bytes, path, magic.end);
  if (version.value !== legacyVersion) throw new Malformed('it comes from an unknown version of PyTorch');
  const system = unpickle(bytes, path, version.end);
  const content = unpickle(bytes, path, system.end);
  const keys = unpickle(bytes, path, content.end);
  if (!Array.isArray(keys.value)) throw new Malformed('it has no list of its storages');
  const found = legacyStorages(bytes, keys.value, keys.end, content.storages);
  const storages: Storages = ({ key }) => {
    const storage = found.get(key);
    if (storage === undefined) throw new Malformed(`it lacks the storage ${key}`);
    return storage;
  };
  return { value: content.value, storages };
}

/** After the pickles, for each key in order: the number of elements, then the elements, whose type the pickle told. */
function legacyStorages(
  bytes: Uint8Array,
  keys: readonly PickleValue[],
  start: number,
  known: readonly StorageReference[],
): Map<PickleValue, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = new Map<PickleValue, number>(known.map(({ key, elementType }) => [key, bytesPerElement(elementType)]));
  const found = new Map<PickleValue, Uint8Array>();
  let at = start;
  for (const key of keys) {
    const size = sizes.get(key);
    if (size === undefined || found.has(key)) throw new Malformed('its list of storages does not fit its tensors');
    if (at + 8 > bytes.byteLength) throw new Malformed('it ends before its last storage; the file may be cut');
    const elements = Number(view.getBigInt64(at, true));
    const end = at + 8 + elements * size;
    if (elements < 0 || end > bytes.byteLength) throw new Malformed('it ends within a storage; the file may be cut');
    found.set(key, bytes.subarray(at + 8, end));
    at = end;
  }
  return found;
}

function stateDictionary(value: PickleValue, storages: Storages): Map<string, WeightArray> {
  if (!(value instanceof Map))
    throw new Malformed('it holds no dictionary of tensors (a whole model, perhaps); save its state dictionary instead');
  const inner = ['state_dict', 'model_state_dict', 'model', 'weights']
    .map((key) => value.get(key))
    .find((candidate) => candidate instanceof Map);
  const dictionary = inner ?? value;
  const tensors = [...dictionary].filter(
    (pair): pair is [string, TensorReference] => typeof pair[0] === 'string' && pair[1] instanceof TensorReference,
  );
  if (tensors.length === 0) throw new Malformed('it holds no tensors');
  return new Map(tensors.map(([name, tensor]) => [name, materialise(name, tensor, storages)]));
}

function materialise(name: string, { storage, offset, shape, strides }: TensorReference, storages: Storages): WeightArray {
  const bytes = storages(storage);
  const size = bytesPerElement(storage.elementType);
  const available = Math.floor(bytes.byteLength / size);
  const count = shape.reduce((product, length) => product * length, 1);
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), offset);
  if (available < storage.elements) throw new Malformed(`the numbers of ${name} are cut short`);
  if (count > elementLimit || (count > 0 && last >= available)) throw new Malformed(`${name} reaches beyond its numbers`);
  if (isContiguous(shape, strides)) return { shape, data: toFloat32(bytes.subarray(offset * size), storage.elementType, count) };
  const all = toFloat32(bytes, storage.elementType, available);
  const data = new Float32Array(count);
  const index = shape.map(() => 0);
  for (let i = 0, from = offset; i < count; i++) {
    data[i] = all[from] ?? 0;
    from = advance(index, shape, strides, from);
  }
  return { shape, data };
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  return shape.every((_, reversed) => {
    const axis = shape.length - 1 - reversed;
    const isNext = shape[axis] === 1 || strides[axis] === expected;
    expected *= shape[axis] ?? 1;
    return isNext;
  });
}

/** Moves to the next element in row-major order and gives its place in the storage. */
function advance(index: number[], shape: readonly number[], strides: readonly number[], from: number): number {
  let place = from;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const position = (index[axis] ?? 0) + 1;
    const stride = strides[axis] ?? 0;
    if (position < (shape[axis] ?? 0)) {
      index[axis] = position;
      return place + stride;
    }
    place -= (position - 1) * stride;
    index[axis] = 0;
  }
  return place;
}
