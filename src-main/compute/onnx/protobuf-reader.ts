/** @file Reads the protocol buffers' wire format field by field, as far as an ONNX file needs it. Nothing is trusted: every length is checked. */
import { Malformed } from '../tensors/unreadable.ts';

/** One field: an integer, or the bytes of a text, message or packed list. `whole`: the field with its tag. */
export type ProtobufField = { field: number; integer: number; bytes: Uint8Array | null; whole: Uint8Array };

const [wireVarint, wireFixed64, wireBytes, wireFixed32] = [0, 1, 2, 5] as const;
const text = new TextDecoder();

/** All fields of a message, in their order. @throws Malformed */
export function* fieldsOf(message: Uint8Array): Generator<ProtobufField> {
  const cursor = { at: 0 };
  while (cursor.at < message.byteLength) {
    const start = cursor.at;
    const tag = varint(message, cursor);
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    let integer = 0;
    let bytes: Uint8Array | null = null;
    if (wire === wireVarint) integer = varint(message, cursor);
    else if (wire === wireBytes) bytes = section(message, cursor, varint(message, cursor));
    else if (wire === wireFixed32) section(message, cursor, 4);
    else if (wire === wireFixed64) section(message, cursor, 8);
    else throw new Malformed('it is no ONNX file: it has a field of an unknown kind');
    yield { field, integer, bytes, whole: message.subarray(start, cursor.at) };
  }
}

/** Messages, texts or packed lists of one field. @throws Malformed */
export function parts(message: Uint8Array, field: number): Uint8Array[] {
  return [...fieldsOf(message)].flatMap((one) => (one.field === field && one.bytes !== null ? [one.bytes] : []));
}

/** Texts of one field. @throws Malformed */
export function texts(message: Uint8Array, field: number): string[] {
  return parts(message, field).map((bytes) => text.decode(bytes));
}

/** Integers of one field, packed or not. @throws Malformed */
export function integers(message: Uint8Array, field: number): number[] {
  return [...fieldsOf(message)].flatMap((one) => (one.field !== field ? [] : one.bytes === null ? [one.integer] : packed(one.bytes)));
}

function packed(bytes: Uint8Array): number[] {
  const cursor = { at: 0 };
  const found: number[] = [];
  while (cursor.at < bytes.byteLength) found.push(varint(bytes, cursor));
  return found;
}

/** Numbers beyond 2^53, which no length or size reaches, come out rounded, and negative ones as large ones. */
function varint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new Malformed('it is no ONNX file, or it is cut');
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new Malformed('it is no ONNX file: a number in it has no end');
}

function section(bytes: Uint8Array, cursor: { at: number }, length: number): Uint8Array {
  const end = cursor.at + length;
  if (end > bytes.byteLength) throw new Malformed('it is no ONNX file, or it is cut');
  const found = bytes.subarray(cursor.at, end);
  cursor.at = end;
  return found;
}
