/** @file The comments of a FLAC file: one of the blocks before its audio (RFC 9639, section 8). What they gain or lose is taken from the padding. */
import { AppError } from '../../base/index.ts';
import type { ReadAt } from '../protection.ts';
import { id3Bytes } from './id3.ts';
import { paddedSize } from './open-tag.ts';
import type { Field, OpenTag } from './open-tag.ts';
import { commentField, parseComments, serialiseComments } from './vorbis-comment.ts';

type Block = { type: number; content: Buffer };

const blockTypes = { padding: 1, comment: 4 } as const;
const blockHeader = 4;
const longestBlock = 2 ** 24 - 1;

/** @throws AppError BAD_INPUT for damaged files, and for tags that are longer than a block can be */
export function openFlac(readAt: ReadAt, fileBytes: number, field: Field): OpenTag {
  const start = id3Bytes(readAt(0, 10));
  if (Buffer.from(readAt(start, 4)).toString('latin1') !== 'fLaC')
    throw new AppError('BAD_INPUT', 'it does not begin as a FLAC file does.');
  const { blocks, end } = blocksOf(readAt, start + 4, fileBytes);
  const at = blocks.findIndex(({ type }) => type === blockTypes.comment);
  const comments = at < 0 ? null : parseComments((blocks[at] as Block).content);
  return {
    ...commentField(field),
    exists: comments !== null,
    entries: comments?.lines ?? [],
    room: end - start - 4,
    sound: { start: end, end: fileBytes },
    pieces: ({ entries: lines, room, hasTag }) => {
      const rest = blocks.filter((_, i) => i !== at);
      if (hasTag) {
        const { vendor, rest: behind } = comments ?? { vendor: Buffer.from('Earmark'), rest: Buffer.alloc(0) };
        const content = serialiseComments({ vendor, lines: [...lines], rest: behind });
        rest.splice(at < 0 ? 1 : at, 0, { type: blockTypes.comment, content });
      }
      return [{ start: 0, end: start + 4 }, serialise(fitted(rest, room)), { start: end, end: fileBytes }];
    },
  };
}

function blocksOf(readAt: ReadAt, start: number, fileBytes: number): { blocks: Block[]; end: number } {
  const blocks: Block[] = [];
  for (let at = start; at + blockHeader <= fileBytes;) {
    const head = Buffer.from(readAt(at, blockHeader));
    const length = head.readUIntBE(1, 3);
    const content = Buffer.from(readAt(at + blockHeader, length));
    if (content.length < length) break;
    blocks.push({ type: (head[0] ?? 0) & 127, content });
    at += blockHeader + length;
    if (((head[0] ?? 0) & 128) !== 0) return { blocks, end: at };
  }
  throw new AppError('BAD_INPUT', 'its tags are cut off.');
}

/** The blocks with as much padding as makes them `room` bytes long together, where that is possible. */
function fitted(blocks: Block[], room: number): Block[] {
  const at = blocks.findLastIndex(({ type }) => type === blockTypes.padding);
  if (at < 0) return blocks;
  const padding = (blocks[at] as Block).content.length;
  const used = blocks.reduce((sum, { content }) => sum + blockHeader + content.length, 0) - padding;
  const length = paddedSize(used, { wanted: room, padding }) - used;
  if (length > longestBlock) return blocks;
  return blocks.with(at, { type: blockTypes.padding, content: Buffer.alloc(length) });
}

function serialise(blocks: readonly Block[]): Buffer {
  return Buffer.concat(
    blocks.flatMap(({ type, content }, i) => {
      if (content.length > longestBlock) throw new AppError('BAD_INPUT', 'its tags would be longer than FLAC allows (16 MB).');
      const head = Buffer.alloc(blockHeader);
      head.writeUIntBE(content.length, 1, 3);
      head[0] = type | (i === blocks.length - 1 ? 128 : 0);
      return [head, content];
    }),
  );
}
