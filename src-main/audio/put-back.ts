/**
 * @file A field written to a file, and the file as it was before. Most tags are put back entry by entry, and are then to the byte what they were. Where
 * that would lose something (a footer, an extended header, how packets lie on pages, sizes that were wrong), everything around the sound is kept; it
 * comes back as long as the file is still what was written.
 */
import { deflateSync, inflateSync } from 'node:zlib';
import { AppError } from '../base/index.ts';
import { openTag } from './fields/index.ts';
import type { FileBytes } from './fields/index.ts';
import type { Ends, Field, OpenTag, Piece } from './fields/open-tag.ts';
import { bytesOfPieces } from './fields/piece-reader.ts';

/** Everything before and behind a file's sound, compressed and in base64, and how long the sound is. */
type Whole = { head: string; tail: string; soundBytes: number };

/** A field as a file has it: enough to put it back to the byte. Bytes are in base64. */
export type FieldState = {
  /** As TagLib reads them. */
  values: string[];
  /** How the tag was written. */
  form: string;
  /** The field's entries and their places in the tag. */
  entries: { at: number; bytes: string }[];
  /** Bytes of the tag with its padding. */
  room: number;
  /** Where the file had no tag of this form: what a new one holds beside the field. */
  made: string[] | null;
  /** Everything before and behind the sound, compressed; null, or left out by former versions, where the entries are enough. */
  whole?: Whole | null;
};

/** A file with its tag taken apart. `kind` is what the decoder made of it. */
export type OpenFile = { bytes: FileBytes; kind: { container: string; codec: string }; tag: OpenTag };

/** Values that a tag is tried with: one that fits where the old one was, and one that is longer than any padding or page. */
const trials = ['Earmark', 'x'.repeat(70_000)];
const mostBytes = 64 * 1024 * 1024;

/** The file with the values in the place of the field's first entry, else behind all others. `made` are entries of a tag that is new. */
export function written(tag: OpenTag, after: readonly string[], made: readonly Buffer[]): Piece[] {
  const seeds = tag.exists ? [] : made;
  const kept = [...seeds, ...tag.entries.filter((entry) => !tag.isField(entry))];
  const first = tag.entries.findIndex((entry) => tag.isField(entry));
  const at = first < 0 ? kept.length : seeds.length + first;
  return tag.pieces({ entries: kept.toSpliced(at, 0, ...tag.make(after)), room: tag.room, hasTag: true });
}

/** The file as it was; where something else in it changed meanwhile, with the field's former entries at their places. */
export function restored(file: OpenFile, field: Field, { before, after }: { before: FieldState; after: readonly string[] }): Piece[] {
  return wholeAgain(file, field, { before, after }) ?? entriesAgain(file.tag, before);
}

/**
 * Everything around the sound, where putting entries back would not give the same bytes; else null.
 * @throws AppError BAD_INPUT where that is too much to be kept
 */
export function keptWhole(file: OpenFile, field: Field, before: FieldState): Whole | null {
  if (file.tag.needsWhole !== true && trials.every((value) => isPutBack(file, field, { before, after: [value] }))) return null;
  const { head, tail, soundBytes } = endsOf(file);
  if (head.length + tail.length > mostBytes) throw new AppError('BAD_INPUT', 'its tags take more than 64 MB and could not be put back.');
  return { head: deflateSync(head).toString('base64'), tail: deflateSync(tail).toString('base64'), soundBytes };
}

function isPutBack(file: OpenFile, field: Field, { before, after }: { before: FieldState; after: string[] }): boolean {
  try {
    const { bytes, kind, tag } = file;
    const changed = bytesOfPieces(written(tag, after, madeOf(before)), bytes.readAt);
    const back = bytesOfPieces(entriesAgain(openTag(changed, kind, field), before), changed.readAt);
    return isSameAround(back, file);
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Null unless the file is what writing these values to the former one gives. */
function wholeAgain(
  { bytes, kind, tag }: OpenFile,
  field: Field,
  { before, after }: { before: FieldState; after: readonly string[] },
): Piece[] | null {
  const { whole } = before;
  if (whole === null || whole === undefined) return null;
  const [head, tail] = [whole.head, whole.tail].map((text) => inflateSync(Buffer.from(text, 'base64'))) as [Buffer, Buffer];
  const ends = { head, tail, soundBytes: whole.soundBytes };
  const pieces = tag.around?.(ends) ?? [ends.head, tag.sound, ends.tail];
  try {
    const former = bytesOfPieces(pieces, bytes.readAt);
    const again = bytesOfPieces(written(openTag(former, kind, field), after, madeOf(before)), former.readAt);
    return isSameAround(again, { bytes, tag }) ? pieces : null;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function madeOf({ made }: FieldState): Buffer[] {
  return (made ?? []).map((entry) => Buffer.from(entry, 'base64'));
}

function endsOf({ bytes, tag: { sound } }: Pick<OpenFile, 'bytes' | 'tag'>): Ends {
  return { head: bytes.readAt(0, sound.start), tail: bytes.readAt(sound.end, bytes.size - sound.end), soundBytes: sound.end - sound.start };
}

function isSameAround(made: FileBytes, file: Pick<OpenFile, 'bytes' | 'tag'>): boolean {
  const { head, tail } = endsOf(file);
  if (made.size !== file.bytes.size) return false;
  const at = file.tag.sound.end;
  return Buffer.compare(made.readAt(0, head.length), head) === 0 && Buffer.compare(made.readAt(at, tail.length), tail) === 0;
}

/** The file with the field's former entries at their places; without a tag where there was none and nothing else came into it. */
function entriesAgain(tag: OpenTag, before: FieldState): Piece[] {
  const isLent = (entry: Buffer): boolean => tag.isLent?.(entry) ?? false;
  const kept = tag.entries.filter((entry) => !tag.isField(entry));
  const former = before.entries.map(({ at, bytes }) => ({ at, entry: Buffer.from(bytes, 'base64') }));
  const own = kept.filter((entry) => !isLent(entry)).map((entry) => entry.toString('base64'));
  const isAsMade = before.made !== null && own.length === before.made.length && own.every((entry, i) => entry === before.made?.[i]);
  const isWhole = before.values.length === 0 || former.some(({ entry }) => !isLent(entry));
  if (!isAsMade && !(isWhole && tag.form === before.form))
    return tag.pieces({ entries: [...kept, ...tag.make(before.values)], room: tag.room, hasTag: true });
  const entries = isAsMade ? kept.filter(isLent) : kept;
  for (const { at, entry } of former) entries.splice(Math.min(at, entries.length), 0, entry);
  return tag.pieces({ entries, room: before.room, hasTag: !isAsMade });
}
