/** @file Writes zip archives whose members are stored as they are (PKWARE's APPNOTE 6.3): weights do not pack. */
import { crc32 } from 'node:zlib';
import { AppError } from '../../base/index.ts';

const [localSignature, centralSignature, endSignature] = [0x04034b50, 0x02014b50, 0x06054b50] as const;
/** Names are UTF-8. */
const nameFlag = 0x0800;
const version = 20;
/** 1 January 1980, the first day that the format knows: the same contents give the same bytes. */
const firstDay = 0x21;
const mostBytes = 2 ** 32 - 2 ** 20;

/** The bytes of an archive. @throws AppError BAD_INPUT beyond 4 GB */
export function encodeZip(members: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, data] of members) {
    const label = Buffer.from(name, 'utf8');
    const shared = sharedFields(label, data);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(localSignature, 0);
    shared.copy(local, 4);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(centralSignature, 0);
    entry.writeUInt16LE(version, 4);
    shared.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, label, data);
    directory.push(entry, label);
    offset += local.length + label.length + data.byteLength;
    if (offset > mostBytes)
      throw new AppError('BAD_INPUT', 'A bundle may have 4 GB, and this encoder has more. Write a model folder instead.');
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(endSignature, 0);
  end.writeUInt16LE(members.size, 8);
  end.writeUInt16LE(members.size, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

/** What a member's own header and its entry in the directory both say. */
function sharedFields(label: Uint8Array, data: Uint8Array): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(version, 0);
  fields.writeUInt16LE(nameFlag, 2);
  fields.writeUInt16LE(firstDay, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.byteLength, 14);
  fields.writeUInt32LE(data.byteLength, 18);
  fields.writeUInt16LE(label.byteLength, 22);
  return fields;
}
