/**
 * @file Reads what `torch.save` writes: a zip with a pickle and one member for each storage (PyTorch 1.6 on), or a chain of pickles followed by the
 * storages (before). Nothing in the file is run; see `pickle-objects.ts`.
 */
import { defined } from '../../base/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import { Budget } from './budget.ts';
import { withFile } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { bytesPerElement, elementReader, toFloat32 } from './element-types.ts';
import { TensorReference } from './pickle-objects.ts';
import type { PickleValue, StorageReference } from './pickle-objects.ts';
import { readAll } from './tensor-source.ts';
import type { TensorSource } from './tensor-source.ts';
import { unpickle } from './unpickler.ts';
import { Malformed, unreadable } from './unreadable.ts';
import { ZipArchive } from './zip.ts';

/** A storage's bytes, by its key. */
type Storages = (storage: StorageReference) => Uint8Array;

const legacyMagic = 0x1950a86a20f9469cfc6cn;
const legacyVersion = 1001;
/** A file of the older kind is read as a whole; PyTorch writes none since 2020. */
const legacyLimit = 2 ** 30;

/** True for bytes that begin as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5 || bytes[2] === 6);
}

/** True for an archive that `torch.save` wrote. */
export function isPyTorchArchive(archive: ZipArchive): boolean {
  return pickleNameOf(archive) !== undefined;
}

function pickleNameOf({ names }: ZipArchive): string | undefined {
  return names.find((name) => /^([^/]+\/)?data\.pkl$/.test(name));
}

/** True for bytes that begin as a pickle of protocol 2 or later does. */
export function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5;
}

/**
 * All tensors of a PyTorch file.
 * @throws AppError `WEIGHTS_UNREADABLE`, `WEIGHTS_UNSAFE`, or of the file system
 */
export async function readPyTorch(path: string): Promise<Map<string, WeightArray>> {
  try {
    return withFile(path, (source) => readAll(openPyTorch(source, path)));
  } catch (error) {
    if (error instanceof Malformed) throw unreadable(path, error.message, error);
    throw error;
  }
}

/**
 * The tensors of a PyTorch file: those of its `state_dict` (Lightning), `model`, `model_state_dict` or `weights` if it has one, else its own.
 * @param budget that of the archive which the file lies in, where it lies in one
 * @throws Malformed, AppError `WEIGHTS_UNSAFE`
 */
export function openPyTorch(source: ByteSource, path: string, budget = new Budget(source.size)): TensorSource {
  const opened = isZip(source.read(0, Math.min(4, source.size))) ? readZip(source, path, budget) : readLegacy(source, path, budget);
  const storages = remembered(opened.storages);
  const tensors = stateDictionary(opened.value);
  return {
    kind: 'pytorch',
    shapes: new Map([...tensors].map(([name, { shape }]) => [name, shape])),
    read: (name) => materialise(name, defined(tensors.get(name), name), { storages, budget }),
  };
}

/** A storage that several tensors are views of is unpacked once. */
function remembered(storages: Storages): Storages {
  const known = new Map<string, Uint8Array>();
  return (storage) => {
    const bytes = known.get(storage.key) ?? storages(storage);
    known.set(storage.key, bytes);
    return bytes;
  };
}

function readZip(source: ByteSource, path: string, budget: Budget): { value: PickleValue; storages: Storages } {
  const archive = new ZipArchive(source, budget);
  const pickleName = pickleNameOf(archive);
  if (pickleName === undefined) throw new Malformed('it is a zip archive, but not one of PyTorch (no data.pkl)');
  const folder = pickleName.slice(0, -'data.pkl'.length);
  const order = archive.names.includes(`${folder}byteorder`) ? new TextDecoder().decode(archive.read(`${folder}byteorder`)) : 'little';
  if (order.trim() !== 'little') throw new Malformed(`its numbers are stored ${order.trim()}-endian, which Earmark does not read`);
  const { value } = unpickle(archive.read(pickleName), { path, budget });
  return { value, storages: ({ key }) => archive.read(`${folder}data/${key}`) };
}

function readLegacy(source: ByteSource, path: string, budget: Budget): { value: PickleValue; storages: Storages } {
  if (source.size > legacyLimit)
    throw new Malformed('it is of the kind before PyTorch 1.6 and larger than 1 GB; save it again with a newer PyTorch');
  budget.takeBytes(source.size, 'it');
  const bytes = source.read(0, source.size);
  if (!isPickle(bytes)) throw new Malformed('it is neither a safetensors file nor one of PyTorch');
  const magic = unpickle(bytes, { path, budget });
  if (magic.value !== legacyMagic) throw new Malformed('it is a pickle, but not one of PyTorch');
  const version = unpickle(bytes, { path, budget, start: magic.end });
  if (version.value !== legacyVersion) throw new Malformed('it comes from an unknown version of PyTorch');
  const system = unpickle(bytes, { path, budget, start: version.end });
  const content = unpickle(bytes, { path, budget, start: system.end });
  const keys = unpickle(bytes, { path, budget, start: content.end });
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

function stateDictionary(value: PickleValue): Map<string, TensorReference> {
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
  return new Map(tensors);
}

function materialise(
  name: string,
  { storage, offset, shape, strides }: TensorReference,
  { storages, budget }: { storages: Storages; budget: Budget },
): WeightArray {
  const count = shape.reduce((product, length) => product * length, 1);
  budget.takeBytes(count * 4, `${name} reaches beyond its numbers: it`);
  const bytes = storages(storage);
  const size = bytesPerElement(storage.elementType);
  const available = Math.floor(bytes.byteLength / size);
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), offset);
  if (available < storage.elements) throw new Malformed(`the numbers of ${name} are cut short`);
  if (count > 0 && last >= available) throw new Malformed(`${name} reaches beyond its numbers`);
  if (isContiguous(shape, strides)) return { shape, data: toFloat32(bytes.subarray(offset * size), storage.elementType, count) };
  const element = elementReader(bytes, storage.elementType);
  const data = new Float32Array(count);
  const index = shape.map(() => 0);
  for (let i = 0, from = offset; i < count; i++) {
    data[i] = element(from);
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
