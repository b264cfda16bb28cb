/** @file Turns the element types of checkpoints into float32; all are little-endian on disk. */
import { defined } from '../../base/index.ts';

/** Element types that checkpoints have, by one name for all file kinds. */
export type ElementType = 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'int16' | 'int8' | 'uint8' | 'bool';

const bytesOf: Record<ElementType, number> = {
  float64: 8,
  int64: 8,
  float32: 4,
  int32: 4,
  float16: 2,
  bfloat16: 2,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Bytes of one element. */
export function bytesPerElement(type: ElementType): number {
  return bytesOf[type];
}

/**
 * Reads elements as float32; integers beyond 2^24 are rounded.
 * @param bytes at least `count` elements
 */
export function toFloat32(bytes: Uint8Array, type: ElementType, count: number): Float32Array {
  const result = new Float32Array(count);
  if (type === 'float32') {
    new Uint8Array(result.buffer).set(bytes.subarray(0, count * 4));
    return result;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = defined(readers[type], type);
  const step = bytesOf[type];
  for (let i = 0; i < count; i++) result[i] = read(view, i * step);
  return result;
}

/** Reads elements as 64-bit numbers; `float64` and integers up to 2^53 keep every digit. */
export function toFloat64(bytes: Uint8Array, type: ElementType, count: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = type === 'float32' ? (at: number): number => view.getFloat32(at, true) : readElement(view, type);
  const step = bytesOf[type];
  return Float64Array.from({ length: count }, (_, index) => read(index * step));
}

/** A function that reads one element as float32 wherever it lies, by its number. */
export function elementReader(bytes: Uint8Array, type: ElementType): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = type === 'float32' ? (at: number): number => view.getFloat32(at, true) : readElement(view, type);
  const step = bytesOf[type];
  return (index) => read(index * step);
}

function readElement(view: DataView, type: Exclude<ElementType, 'float32'>): (at: number) => number {
  const read = readers[type];
  return (at) => read(view, at);
}

const bits = new DataView(new ArrayBuffer(4));

function bfloat16(view: DataView, at: number): number {
  bits.setUint32(0, view.getUint16(at, true) * 65536);
  return bits.getFloat32(0);
}

const readers: Record<Exclude<ElementType, 'float32'>, (view: DataView, at: number) => number> = {
  float64: (view, at) => view.getFloat64(at, true),
  float16: (view, at) => halfToNumber(view.getUint16(at, true)),
  bfloat16,
  int64: (view, at) => Number(view.getBigInt64(at, true)),
  int32: (view, at) => view.getInt32(at, true),
  int16: (view, at) => view.getInt16(at, true),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
