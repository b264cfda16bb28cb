/** @file Reads zip archives as PyTorch writes them: members mostly stored, sizes beyond 4 GB through zip64 (PKWARE's APPNOTE 6.3). */
import { inflateRawSync } from 'node:zlib';
import type { Budget } from './budget.ts';
import { memorySource, sectionOf } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { Malformed } from './unreadable.ts';

type Member = { method: number; isEncrypted: boolean; packedBytes: number; bytes: number; headerAt: number };

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const longestComment = 65_535;
const full16 = 0xffff;
const full32 = 0xffffffff;

/** The members of an archive. What is unpacked is taken from a budget. */
export class ZipArchive {
  readonly #source: ByteSource;
  readonly #budget: Budget;
  readonly #members = new Map<string, Member>();

  /** @throws Malformed when the directory cannot be read */
  constructor(source: ByteSource, budget: Budget) {
    this.#source = source;
    this.#budget = budget;
    this.#readDirectory();
  }

  /** Names of all members. */
  get names(): string[] {
    return [...this.#members.keys()];
  }

  /** A member's contents, of which only what is asked for is read where it is not packed. @throws as {@link read} */
  source(name: string): ByteSource {
    const member = this.#members.get(name);
    if (member === undefined || member.method !== 0 || member.isEncrypted || member.packedBytes !== member.bytes)
      return memorySource(this.read(name));
    return sectionOf(this.#source, this.#startOf(name, member), member.bytes);
  }

  /** A member's contents. @throws Malformed when it is absent, encrypted, damaged, too large, or packed in an unknown way */
  read(name: string): Uint8Array {
    const member = this.#members.get(name);
    if (member === undefined) throw new Malformed(`its archive has no ${name}`);
    const { method, isEncrypted, packedBytes, bytes } = member;
    if (isEncrypted) throw new Malformed(`${name} in its archive is encrypted`);
    const start = this.#startOf(name, member);
    this.#budget.takeBytes(Math.max(packedBytes, bytes), `${name} in its archive`);
    const packed = this.#source.read(start, packedBytes);
    if (method === 0) {
      if (packedBytes !== bytes) throw new Malformed(`${name} has two different sizes in its archive`);
      return packed;
    }
    if (method !== 8) throw new Malformed(`${name} is packed with method ${method}, which Earmark does not read`);
    return inflate(name, packed, bytes);
  }

  #startOf(name: string, { headerAt }: Member): number {
    if (this.#uint32(headerAt) !== localSignature) throw new Malformed(`${name} is not where its archive says`);
    return headerAt + 30 + this.#uint16(headerAt + 26) + this.#uint16(headerAt + 28);
  }

  #readDirectory(): void {
    const end = this.#findEnd();
    let count = this.#uint16(end + 10);
    let at = this.#uint32(end + 16);
    if (count === full16 || at === full32) {
      if (end < 20 || this.#uint32(end - 20) !== locator64Signature) throw new Malformed('its archive lacks its zip64 locator');
      const end64 = this.#uint64(end - 20 + 8);
      if (this.#uint32(end64) !== end64Signature) throw new Malformed('its archive lacks its zip64 directory');
      count = this.#uint64(end64 + 32);
      at = this.#uint64(end64 + 48);
    }
    for (let i = 0; i < count; i++) at = this.#readEntry(at);
  }

  #findEnd(): number {
    const length = Math.min(this.#source.size, endBytes + longestComment);
    const tail = Buffer.from(this.#source.read(this.#source.size - length, length));
    for (let at = length - endBytes; at >= 0; at--) if (tail.readUInt32LE(at) === endSignature) return this.#source.size - length + at;
    throw new Malformed('its archive has no directory at the end; the file may be cut');
  }

  #readEntry(at: number): number {
    if (this.#uint32(at) !== centralSignature) throw new Malformed('its archive’s directory is damaged');
    this.#budget.takeValues(1);
    const [nameBytes, extraBytes, commentBytes] = [this.#uint16(at + 28), this.#uint16(at + 30), this.#uint16(at + 32)];
    const name = new TextDecoder().decode(this.#source.read(at + 46, nameBytes));
    const member: Member = {
      isEncrypted: (this.#uint16(at + 8) & 1) === 1,
      method: this.#uint16(at + 10),
      packedBytes: this.#uint32(at + 20),
      bytes: this.#uint32(at + 24),
      headerAt: this.#uint32(at + 42),
    };
    this.#widen(member, at + 46 + nameBytes, extraBytes);
    // Which of two is meant nobody could say.
    if (this.#members.has(name)) throw new Malformed(`its archive has two files called ${name}`);
    this.#members.set(name, member);
    return at + 46 + nameBytes + extraBytes + commentBytes;
  }

  /** Takes the sizes that did not fit from the zip64 field, which holds exactly those, in this order. */
  #widen(member: Member, extraAt: number, extraBytes: number): void {
    for (let at = extraAt; at + 4 <= extraAt + extraBytes; at += 4 + this.#uint16(at + 2)) {
      if (this.#uint16(at) !== 1) continue;
      let field = at + 4;
      for (const key of ['bytes', 'packedBytes', 'headerAt'] as const) {
        if (member[key] !== full32) continue;
        member[key] = this.#uint64(field);
        field += 8;
      }
    }
  }

  #view(at: number, length: number): DataView {
    const bytes = this.#source.read(at, length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  #uint16(at: number): number {
    return this.#view(at, 2).getUint16(0, true);
  }

  #uint32(at: number): number {
    return this.#view(at, 4).getUint32(0, true);
  }

  #uint64(at: number): number {
    const value = this.#view(at, 8).getBigUint64(0, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Malformed('its archive has an impossible size');
    return Number(value);
  }
}

function inflate(name: string, packed: Uint8Array, bytes: number): Uint8Array {
  let whole: Uint8Array;
  try {
    whole = inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch {
    throw new Malformed(`${name} in its archive is damaged`);
  }
  if (whole.byteLength !== bytes) throw new Malformed(`${name} in its archive is damaged`);
  return whole;
}
