/**
 * @file Reads and writes safetensors files (https://huggingface.co/docs/safetensors): eight bytes of header length, a JSON header, the data.
 * The header is not trusted: every range is checked against the file, and no two may overlap.
 */
import { endianness } from 'node:os';
import { assert, defined, openRegularFile, toAppError, writeWhole } from '../../base/index.ts';
import type { WeightArray, WeightArrays } from '../../learn/index.ts';
import type { ByteSource } from './byte-source.ts';
import { memorySource } from './byte-source.ts';
import { bytesPerElement, toFloat32, toFloat64 } from './element-types.ts';
import type { ElementType } from './element-types.ts';
import { readAll } from './tensor-source.ts';
import type { TensorSource } from './tensor-source.ts';
import { Malformed, unreadable } from './unreadable.ts';

/** What a safetensors file holds; all numbers are converted to float32. */
export type TensorFile = { tensors: Map<string, WeightArray>; metadata: Map<string, string> };

type Entry = { name: string; type: ElementType; shape: number[]; begin: number; end: number };

/** The format's own limit for the header, in bytes. */
const headerLimit = 100_000_000;
const prefixBytes = 8;

const elementTypes: Readonly<Record<string, ElementType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};

/**
 * Reads a file, or bytes that were read already.
 * @param source a path, or the bytes
 * @param label what to call the bytes in an error
 * @throws AppError `WEIGHTS_UNREADABLE` when anything about it is wrong; codes of the file system when it cannot be read
 */
export async function readSafetensors(source: string | Uint8Array, label = 'these bytes'): Promise<TensorFile> {
  if (typeof source !== 'string') return parseSafetensors(source, label);
  return parseSafetensors(await readWhole(source), source);
}

/** The tensors of a safetensors file, as {@link writeSafetensorsFile} stored them. @throws as {@link readSafetensors} */
export async function readWeightsFile(path: string): Promise<Map<string, WeightArray>> {
  return (await readSafetensors(path)).tensors;
}

/** The tensors of a file as 64-bit numbers, for figures whose every digit counts. @throws as {@link readSafetensors} */
export async function readDoubles(path: string): Promise<Map<string, { shape: readonly number[]; data: Float64Array }>> {
  const bytes = await readWhole(path);
  try {
    const { entries, dataStart } = parseHeader(memorySource(bytes));
    return new Map(
      entries.map(({ name, type, shape, begin, end }) => {
        const count = (end - begin) / bytesPerElement(type);
        return [name, { shape, data: toFloat64(bytes.subarray(dataStart + begin, dataStart + end), type, count) }];
      }),
    );
  } catch (error) {
    if (error instanceof Malformed) throw unreadable(path, error.message, error);
    throw error;
  }
}

/** A regular file's bytes. @throws AppError of the file system */
async function readWhole(path: string): Promise<Uint8Array> {
  const { file } = await openRegularFile(path);
  try {
    return await file.readFile();
  } catch (error) {
    throw toAppError(error, `read the weights in ${path}`);
  } finally {
    await file.close();
  }
}

function parseSafetensors(bytes: Uint8Array, label: string): TensorFile {
  try {
    const { tensors, metadata } = openSafetensors(memorySource(bytes));
    return { tensors: readAll(tensors), metadata };
  } catch (error) {
    if (error instanceof Malformed) throw unreadable(label, error.message, error);
    throw error;
  }
}

/** The tensors of a safetensors file; ranges do not overlap, so that all of them take no more than the file does, or four times that. @throws Malformed */
export function openSafetensors(source: ByteSource): { tensors: TensorSource; metadata: Map<string, string> } {
  const { entries, metadata, dataStart } = parseHeader(source);
  const places = new Map(entries.map((entry) => [entry.name, entry]));
  const read = (name: string): WeightArray => {
    const { type, shape, begin, end } = defined(places.get(name), name);
    const count = (end - begin) / bytesPerElement(type);
    return { shape, data: toFloat32(source.read(dataStart + begin, end - begin), type, count) };
  };
  return { tensors: { kind: 'safetensors', shapes: new Map(entries.map(({ name, shape }) => [name, shape])), read }, metadata };
}

function parseHeader(source: ByteSource): { entries: Entry[]; metadata: Map<string, string>; dataStart: number } {
  if (source.size < prefixBytes) throw new Malformed('it is too short to be a safetensors file');
  const length = Number(Buffer.from(source.read(0, prefixBytes)).readBigUInt64LE());
  if (length > headerLimit) throw new Malformed(`its header claims ${length} bytes, more than a safetensors file may have`);
  const dataStart = prefixBytes + length;
  if (dataStart > source.size) throw new Malformed('it ends within its header');
  const header = parseJson(source.read(prefixBytes, length));
  const metadata = new Map<string, string>();
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name !== '__metadata__') entries.push(parseEntry(name, value, source.size - dataStart));
    else if (isRecord(value)) for (const [key, text] of Object.entries(value)) metadata.set(key, String(text));
  }
  refuseOverlap(entries);
  return { entries, metadata, dataStart };
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Malformed('its header is not JSON');
  }
  if (!isRecord(header)) throw new Malformed('its header is not a JSON object');
  return header;
}

function parseEntry(name: string, value: unknown, dataBytes: number): Entry {
  if (!isRecord(value)) throw new Malformed(`the header’s entry for ${name} is not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  const type = typeof dtype === 'string' && Object.hasOwn(elementTypes, dtype) ? elementTypes[dtype] : undefined;
  if (type === undefined) throw new Malformed(`${name} has the element type ${JSON.stringify(dtype)}, which Earmark does not read`);
  if (!isSizes(shape)) throw new Malformed(`the shape of ${name} is not a list of sizes`);
  if (!isSizes(offsets) || offsets.length !== 2) throw new Malformed(`the place of ${name} is not two offsets`);
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > dataBytes)
    throw new Malformed(`${name} lies outside the file (bytes ${begin} to ${end} of ${dataBytes}); the file may be cut`);
  const wanted = shape.reduce((product, size) => product * size, bytesPerElement(type));
  if (wanted !== end - begin) throw new Malformed(`${name} has ${end - begin} bytes where its shape needs ${wanted}`);
  return { name, type, shape, begin, end };
}

function refuseOverlap(entries: readonly Entry[]): void {
  const sorted = entries.filter(({ begin, end }) => end > begin).toSorted((a, b) => a.begin - b.begin);
  sorted.reduce<Entry | undefined>((before, entry) => {
    if (before !== undefined && entry.begin < before.end) throw new Malformed(`${before.name} and ${entry.name} overlap`);
    return entry;
  }, undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/** The bytes of a safetensors file with float32 tensors. */
export function encodeSafetensors(tensors: WeightArrays, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  assert(endianness() === 'LE', 'this machine stores numbers little-endian');
  let offset = 0;
  const header: Record<string, unknown> = Object.keys(metadata).length === 0 ? {} : { __metadata__: metadata };
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.byteLength / prefixBytes) * prefixBytes;
  const bytes = new Uint8Array(prefixBytes + padded + offset).fill(0x20, prefixBytes, prefixBytes + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, prefixBytes);
  let at = prefixBytes + padded;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** Writes a file as a whole, so that a reader never sees half of it. @throws AppError of the file system */
export function writeSafetensorsFile(path: string, tensors: WeightArrays, metadata: Readonly<Record<string, string>> = {}): Promise<void> {
  return writeWhole(path, encodeSafetensors(tensors, metadata), `write the weights to ${path}`);
}
