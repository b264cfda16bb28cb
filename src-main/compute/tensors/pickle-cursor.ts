/** @file Reads the operands of a pickle's instructions, checking the end before every byte. */
import { Malformed } from './unreadable.ts';

const text = new TextDecoder();

/** A position in bytes that moves as they are read. */
export class PickleCursor {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
  }

  bytes(length: number): Uint8Array {
    return this.#bytes.subarray(this.#take(length), this.at);
  }

  skip(length: number): void {
    this.#take(length);
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  uint64(): number {
    const value = this.#view.getBigUint64(this.#take(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Malformed('its pickle has an impossible length');
    return Number(value);
  }

  float64BigEndian(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  text(length: number): string {
    return text.decode(this.bytes(length));
  }

  /** Up to the next line feed, without it. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new Malformed('its pickle ends within a line');
    const line = text.decode(this.#bytes.subarray(this.at, end));
    this.at = end + 1;
    return line;
  }

  /** A text in Python's quotes; escapes stay as they are. */
  quoted(): string {
    return this.line().slice(1, -1);
  }

  decimal(): number {
    const line = this.line().replace(/L$/, '');
    if (!/^-?\d+$/.test(line)) throw new Malformed('its pickle has a number that is none');
    return Number(line);
  }

  /** Protocol 0 writes booleans as the numbers `00` and `01`. */
  decimalOrBoolean(): number | boolean {
    const start = this.at;
    const line = this.line();
    if (line === '00' || line === '01') return line === '01';
    this.at = start;
    return this.decimal();
  }

  /** A little-endian two's complement integer of any length. */
  long(length: number): number | bigint {
    const bytes = this.bytes(length);
    if (length > 64) throw new Malformed('its pickle has an impossibly long number');
    const hex = [...bytes.toReversed()].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const value = length === 0 ? 0n : BigInt.asIntN(length * 8, BigInt(`0x${hex}`));
    const isSafe = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
    return isSafe ? Number(value) : value;
  }

  #take(length: number): number {
    const start = this.at;
    if (length < 0 || start + length > this.#bytes.byteLength) throw new Malformed('its pickle ends too early; the file may be cut');
    this.at = start + length;
    return start;
  }
}
