/**
 * @file A writer of the protocol buffers' wire format, as far as an ONNX file needs it (https://protobuf.dev/programming-guides/encoding).
 * Chunks are collected and joined once, so that large tensors are copied a single time.
 */

const wireVarint = 0;
const wireBytes = 2;
const wireFixed32 = 5;
const text = new TextEncoder();

/** Collects the fields of one message. */
export class MessageWriter {
  readonly #chunks: Uint8Array[] = [];
  #byteLength = 0;

  /** The message's size so far. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** An integer field (int32, int64, enum); negative numbers take ten bytes, as the format wants. */
  integer(field: number, value: number): this {
    this.#tag(field, wireVarint);
    return this.#varint(BigInt(value));
  }

  /** A `float` field. */
  float(field: number, value: number): this {
    this.#tag(field, wireFixed32);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(bytes);
  }

  /** A `string` field. */
  string(field: number, value: string): this {
    return this.bytes(field, text.encode(value));
  }

  /** A `bytes` field; the bytes are not copied until {@link finish}. */
  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, wireBytes);
    this.#varint(BigInt(value.byteLength));
    return this.#push(value);
  }

  /** A message within this one. */
  message(field: number, inner: MessageWriter): this {
    this.#tag(field, wireBytes);
    this.#varint(BigInt(inner.#byteLength));
    for (const chunk of inner.#chunks) this.#push(chunk);
    return this;
  }

  /** The message's bytes. */
  finish(): Uint8Array {
    const whole = new Uint8Array(this.#byteLength);
    let offset = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return whole;
  }

  #tag(field: number, wire: number): void {
    this.#varint(BigInt(field * 8 + wire));
  }

  #varint(value: bigint): this {
    let rest = BigInt.asUintN(64, value);
    const bytes: number[] = [];
    while (rest >= 0x80n) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.#push(Uint8Array.from(bytes));
  }

  #push(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    this.#byteLength += chunk.byteLength;
    return this;
  }
}
