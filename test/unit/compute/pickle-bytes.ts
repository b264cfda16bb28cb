/** Writes pickles instruction by instruction, and zip archives with stored members, for tests. */

export const op = {
  proto: Buffer.from([0x80, 2]),
  stop: Buffer.from('.'),
  mark: Buffer.from('('),
  tuple: Buffer.from('t'),
  emptyTuple: Buffer.from(')'),
  emptyDict: Buffer.from('}'),
  emptyList: Buffer.from(']'),
  setItem: Buffer.from('s'),
  append: Buffer.from('a'),
  reduce: Buffer.from('R'),
  build: Buffer.from('b'),
  newObject: Buffer.from([0x81]),
  newObjectEx: Buffer.from([0x92]),
  object: Buffer.from('o'),
  pop: Buffer.from('0'),
  none: Buffer.from('N'),
  stackGlobal: Buffer.from([0x93]),
  persistent: Buffer.from('Q'),
  extension: Buffer.from([0x82, 1]),
};
export const global = (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`);
export const instance = (module: string, name: string): Buffer => Buffer.from(`i${module}\n${name}\n`);
export const text = (value: string): Buffer => Buffer.concat([Buffer.from([0x58]), uint32(Buffer.byteLength(value)), Buffer.from(value)]);
export const integer = (value: number): Buffer => Buffer.concat([Buffer.from('J'), uint32(value)]);
export const put = (index: number): Buffer => Buffer.from([0x71, index]);
export const get = (index: number): Buffer => Buffer.from([0x68, index]);
export const tupleOf = (...items: Buffer[]): Buffer => Buffer.concat([op.mark, ...items, op.tuple]);
export const pickle = (...parts: Buffer[]): Buffer => Buffer.concat([op.proto, ...parts, op.stop]);

/** A tensor of float32 as PyTorch pickles it. */
export function tensor(key: string, elements: number, shape: number[], strides: number[], offset = 0): Buffer {
  const storage = Buffer.concat([
    tupleOf(text('storage'), global('torch', 'FloatStorage'), text(key), text('cpu'), integer(elements)),
    op.persistent,
  ]);
  const sizes = (list: number[]): Buffer => tupleOf(...list.map(integer));
  const hooks = Buffer.concat([global('collections', 'OrderedDict'), op.emptyTuple, op.reduce]);
  const given = tupleOf(storage, integer(offset), sizes(shape), sizes(strides), Buffer.from([0x89]), hooks);
  return Buffer.concat([global('torch._utils', '_rebuild_tensor_v2'), given, op.reduce]);
}

/** A dictionary of texts to anything. */
export const dictionary = (entries: Record<string, Buffer>): Buffer =>
  Buffer.concat([op.emptyDict, ...Object.entries(entries).flatMap(([key, value]) => [text(key), value, op.setItem])]);

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** An archive with stored members, as `torch.save` writes; checksums are left out, since nothing here reads them. */
export function zip(members: Record<string, Uint8Array>, { zip64 = false } = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(members)) {
    const label = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(label.length, 26);
    locals.push(local, label, Buffer.from(data));
    const extra = zip64 ? Buffer.alloc(28) : Buffer.alloc(0);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(zip64 ? 0xffffffff : data.length, 20);
    entry.writeUInt32LE(zip64 ? 0xffffffff : data.length, 24);
    entry.writeUInt16LE(label.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(zip64 ? 0xffffffff : offset, 42);
    if (zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      [data.length, data.length, offset].forEach((value, index) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
    }
    directory.push(entry, label, extra);
    offset += 30 + label.length + data.length;
  }
  const central = Buffer.concat(directory);
  const count = Object.keys(members).length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(zip64 ? 0xffff : count, 10);
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 16);
  return Buffer.concat([...locals, central, ...(zip64 ? [zip64End(count, offset, central.length)] : []), end]);
}

function zip64End(count: number, directoryAt: number, directoryBytes: number): Buffer {
  const bytes = Buffer.alloc(56 + 20);
  bytes.writeUInt32LE(0x06064b50, 0);
  bytes.writeBigUInt64LE(BigInt(count), 32);
  bytes.writeBigUInt64LE(BigInt(directoryAt), 48);
  bytes.writeUInt32LE(0x07064b50, 56);
  bytes.writeBigUInt64LE(BigInt(directoryAt + directoryBytes), 64);
  return bytes;
}
