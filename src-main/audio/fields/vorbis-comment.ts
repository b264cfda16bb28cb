/** @file Vorbis comments, the tags of FLAC, Ogg Vorbis and Opus: a vendor's name and lines of `NAME=value` in UTF-8 (xiph.org, Vorbis I, section 5). */
import { AppError } from '../../base/index.ts';
import { ownName } from './open-tag.ts';
import type { Field, OpenTag } from './open-tag.ts';

/** The list of comments, parsed. `rest` is what follows them in their packet. */
export type Comments = { vendor: Buffer; lines: Buffer[]; rest: Buffer };

/** Reads a list. @throws AppError BAD_INPUT for a list that is cut off */
export function parseComments(bytes: Buffer): Comments {
  let at = 0;
  const number = (): number => {
    if (at + 4 > bytes.length) throw damaged();
    at += 4;
    return bytes.readUInt32LE(at - 4);
  };
  const text = (): Buffer => {
    const length = number();
    if (at + length > bytes.length) throw damaged();
    at += length;
    return Buffer.from(bytes.subarray(at - length, at));
  };
  const vendor = text();
  const count = number();
  const lines: Buffer[] = [];
  for (let i = 0; i < count; i++) lines.push(text());
  return { vendor, lines, rest: Buffer.from(bytes.subarray(at)) };
}

/** Writes a list. */
export function serialiseComments({ vendor, lines, rest }: Comments): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  return Buffer.concat([
    ...[vendor].flatMap((text) => [number(text.length), text]),
    number(lines.length),
    ...lines.flatMap((line) => [number(line.length), line]),
    rest,
  ]);
}

/** What the field is in a list of comments. */
export function commentField(field: Field): Pick<OpenTag, 'form' | 'isField' | 'make' | 'seed'> {
  const name = ownName(field);
  return {
    form: 'vorbis',
    isField: (line) => line.toString('latin1', 0, Math.max(0, line.indexOf('='))).toUpperCase() === name,
    make: (values) => values.map((value) => Buffer.from(`${field.name === 'custom' ? field.customName : name}=${value}`, 'utf8')),
    seed: () => [],
  };
}

function damaged(): AppError {
  return new AppError('BAD_INPUT', 'its tags are damaged. Repair them with a tag editor first.');
}
