/** @file Opens the tag of a file of any format that tags are written to. */
import { AppError } from '../../base/index.ts';
import type { ReadAt } from '../protection.ts';
import { openFlac } from './flac.ts';
import { id3Bytes, openId3 } from './id3.ts';
import { openMp4 } from './mp4.ts';
import { openOgg } from './ogg.ts';
import type { Field, OpenTag } from './open-tag.ts';
import { openRiff } from './riff.ts';

/** The bytes of a file. */
export type FileBytes = { readAt: ReadAt; size: number };

/**
 * Takes the tag of a file apart.
 * @param kind what the decoder found in the file, whatever its name
 * @throws AppError BAD_INPUT for formats that tags are not written to, and for tags that cannot be understood; its message goes on after "…: "
 */
export function openTag({ readAt, size }: FileBytes, kind: { container: string; codec: string }, field: Field): OpenTag {
  switch (kind.container) {
    case 'mp3':
      return openMp3(readAt, size, field);
    case 'flac':
      return openFlac(readAt, size, field);
    case 'ogg':
      return openOgg(readAt, size, { codec: kind.codec, field });
    case 'mp4':
      return openMp4(readAt, size, field);
    case 'wav':
    case 'aiff':
      return openRiff(readAt, size, field);
    default:
      throw new AppError('BAD_INPUT', `tags are not written to files of its kind (${kind.container}).`);
  }
}

/** The tag lies before the audio. */
function openMp3(readAt: ReadAt, size: number, field: Field): OpenTag {
  const bytes = id3Bytes(readAt(0, 10));
  if (bytes > size) throw new AppError('BAD_INPUT', 'its ID3 tag is cut off.');
  const tag = openId3(bytes === 0 ? null : Buffer.from(readAt(0, bytes)), field);
  return {
    ...tag,
    sound: { start: bytes, end: size },
    pieces: ({ entries, room, hasTag }) => [...(hasTag ? [tag.serialise(entries, room)] : []), { start: bytes, end: size }],
  };
}
