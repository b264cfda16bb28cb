/**
 * @file Writes one field of a file's tags, and puts it back. The file's bytes are changed by `fields/`, in a copy; the copy takes the file's place only
 * when its audio is the same, TagLib reads the wanted values in the field, and everything else that it reads is as it was.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { avGetCodecName } from 'node-av/lib';
import { AppError, toSystemPath } from '../base/index.ts';
import { openTag } from './fields/index.ts';
import type { Field, OpenTag, Piece } from './fields/open-tag.ts';
import { checkWritable, realPath, takePlace, writeCopy } from './fields/replace-file.ts';
import { FileSource } from './file-source.ts';
import { openAudio } from './open-audio.ts';
import type { AudioProbe } from './probe.ts';
import { readProperties, readTags } from './tags.ts';
import type { FileTags, TagProperties } from './tags.ts';

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
};

/** A change of a field, either way. */
export type FieldChange = { field: Field; before: FieldState; after: string[]; direction: 'write' | 'restore' };

/** A file after a change. `isNew`: false when it was so already. */
export type ChangedFile = { isNew: boolean; size: number; mtimeMs: number; probe: AudioProbe; tags: FileTags };

/** Finds out what is in a file, as `probeAudio` does. */
export type Probe = (path: string) => Promise<AudioProbe>;

/** Names of a file's fields that have a meaning of their own; a custom field cannot be called so. TagLib's, and those of Vorbis comments. */
const reserved =
  `TITLE ARTIST ALBUM DATE YEAR TRACKNUMBER TRACK GENRE COMMENT DESCRIPTION ALBUMARTIST COMPOSER COPYRIGHT ENCODEDBY DISCNUMBER DISC
  BPM TRACKTOTAL DISCTOTAL COMPILATION TITLESORT ARTISTSORT ALBUMSORT LYRICIST CONDUCTOR REMIXER LANGUAGE PUBLISHER MOOD MEDIA GROUPING WORK LYRICS
  ISRC CATALOGNUMBER BARCODE MUSICBRAINZ_ARTISTID MUSICBRAINZ_ALBUMID MUSICBRAINZ_TRACKID MUSICBRAINZ_RELEASEGROUPID REPLAYGAIN_TRACK_GAIN
  REPLAYGAIN_TRACK_PEAK REPLAYGAIN_ALBUM_GAIN REPLAYGAIN_ALBUM_PEAK ACOUSTID_FINGERPRINT ACOUSTID_ID ITUNNORM ITUNSMPB ALBUMARTISTSORT COMPOSERSORT
  SUBTITLE LABEL PRODUCER RADIOSTATIONOWNER ASIN MUSICBRAINZ_ALBUMARTISTID MUSICBRAINZ_WORKID MUSICBRAINZ_RELEASETRACKID PODCASTID PODCASTURL
  ORIGINALARTIST ORIGINALALBUM ORIGINALDATE SCRIPT INVOLVEDPEOPLE ENCODING ENCODER VERSION PERFORMER LICENSE ORGANIZATION LOCATION CONTACT
  METADATA_BLOCK_PICTURE COVERART CUESHEET`.split(/\s+/);

/**
 * Checks the name of a field that a person chose.
 * @throws AppError BAD_INPUT
 */
export function checkField({ name, customName }: Field): void {
  if (name !== 'custom') return;
  if (!/^[A-Za-z0-9_-](?:[A-Za-z0-9 _-]{0,58}[A-Za-z0-9_-])?$/.test(customName))
    throw new AppError(
      'BAD_INPUT',
      'The name of a custom field is made of letters from A to Z, digits, blanks, _ and -, up to 60 of them.',
    );
  if (reserved.includes(customName.toUpperCase().replaceAll(' ', '')))
    throw new AppError('BAD_INPUT', `${customName} has a meaning of its own in music files. Choose another name for the custom field.`);
}

/**
 * Reads a field of a file that can be written to.
 * @param path stored form (see `toStoredPath`)
 * @throws AppError FILE_GONE, NOT_ALLOWED, NOT_AUDIO …; BAD_INPUT with the reason for a file that tags are not written to
 */
export async function readField(path: string, field: Field): Promise<FieldState> {
  checkField(field);
  checkWritable(realPath(path));
  return withTag(path, field, async (tag) => {
    const properties = await propertiesOf(path);
    const entries = tag.entries.flatMap((entry, at) => (tag.isField(entry) ? [{ at, bytes: entry.toString('base64') }] : []));
    const made = tag.exists ? null : tag.seed(others(properties, field)).map((entry) => entry.toString('base64'));
    return { values: valuesOf(properties, field), form: tag.form, entries, room: tag.room, made };
  });
}

/**
 * Writes a field, or puts it back as it was. A file that is so already is left alone.
 * @param path stored form (see `toStoredPath`)
 * @throws AppError as {@link readField}; BAD_INPUT when the field says neither what it did before nor what it should say; DISK_FULL. The file is then as
 *   it was
 */
export async function changeField(path: string, change: FieldChange, probe: Probe): Promise<ChangedFile> {
  const { field, before, after, direction } = change;
  checkField(field);
  const properties = await propertiesOf(path);
  const now = valuesOf(properties, field);
  const [from, goal] = direction === 'write' ? [before.values, after] : [after, before.values];
  const audio = await probe(path);
  if (isSame(now, goal)) return described(path, false, audio);
  if (!isSame(now, from))
    throw new AppError(
      'BAD_INPUT',
      `${path} was changed by another program meanwhile: its ${field.name} is ${quoted(now)} and not ${quoted(from)}. It was left as it is.`,
    );
  checkWritable(realPath(path));
  const copy = await withTag(path, field, async (tag, source) =>
    writeCopy(source, direction === 'write' ? written(tag, change, properties) : restored(tag, change)),
  );
  await takePlace(copy, (temporary) => checkCopy(temporary, { path, field, goal, properties, audio, probe }));
  return described(path, true, audio);
}

type Checked = { path: string; field: Field; goal: string[]; properties: TagProperties; audio: AudioProbe; probe: Probe };

async function checkCopy(copy: string, { path, field, goal, properties, audio, probe }: Checked): Promise<void> {
  const refuse = (why: string): never => {
    throw new AppError('BAD_INPUT', `${path} was left as it is: ${why}.`, { details: { path } });
  };
  const [found, read] = [await probe(copy), await readProperties(copy)];
  if (found.audioHash !== audio.audioHash) refuse('its sound would not be the same');
  if (read === null) return refuse('its tags could not be read afterwards');
  if (!isSame(valuesOf(read, field), goal)) refuse(`the field would say ${quoted(valuesOf(read, field))} and not ${quoted(goal)}`);
  if (fingerprint(read, field) !== fingerprint(properties, field)) refuse('something else in its tags would change');
}

/** The file with the values in the place of the field's first entry, else behind all others. */
function written(tag: OpenTag, { field, after }: FieldChange, properties: TagProperties): Piece[] {
  const seeds = tag.exists ? [] : tag.seed(others(properties, field));
  const kept = [...seeds, ...tag.entries.filter((entry) => !tag.isField(entry))];
  const first = tag.entries.findIndex((entry) => tag.isField(entry));
  const at = first < 0 ? kept.length : seeds.length + first;
  return tag.pieces({ entries: kept.toSpliced(at, 0, ...tag.make(after)), room: tag.room, hasTag: true });
}

/** The file with the field's former entries at their places; without a tag where there was none and nothing else came into it. */
function restored(tag: OpenTag, { before }: FieldChange): Piece[] {
  const isLent = (entry: Buffer): boolean => tag.isLent?.(entry) ?? false;
  const kept = tag.entries.filter((entry) => !tag.isField(entry));
  const former = before.entries.map(({ at, bytes }) => ({ at, entry: Buffer.from(bytes, 'base64') }));
  const own = kept.filter((entry) => !isLent(entry)).map((entry) => entry.toString('base64'));
  const isAsMade = before.made !== null && isSame(own, before.made);
  const isWhole = before.values.length === 0 || former.some(({ entry }) => !isLent(entry));
  if (!isAsMade && !(isWhole && tag.form === before.form))
    return tag.pieces({ entries: [...kept, ...tag.make(before.values)], room: tag.room, hasTag: true });
  const entries = isAsMade ? kept.filter(isLent) : kept;
  for (const { at, entry } of former) entries.splice(Math.min(at, entries.length), 0, entry);
  return tag.pieces({ entries, room: before.room, hasTag: !isAsMade });
}

async function withTag<T>(path: string, field: Field, use: (tag: OpenTag, source: FileSource) => Promise<T>): Promise<T> {
  const kind = kindOf(path);
  const source = new FileSource(path);
  try {
    const readAt = (position: number, length: number): Uint8Array => source.readAt(position, length);
    let tag: OpenTag;
    try {
      tag = openTag({ readAt, size: source.size }, kind, field);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'BAD_INPUT') throw error;
      throw new AppError('BAD_INPUT', `Tags cannot be written to ${path}: ${error.message}`, { details: { path }, cause: error });
    }
    return await use(tag, source);
  } finally {
    source.close();
  }
}

/** What the decoder makes of a file, whatever its name. */
function kindOf(path: string): { container: string; codec: string } {
  const audio = openAudio(path);
  try {
    return { container: audio.container, codec: avGetCodecName(audio.parameters.codecId) ?? 'unknown' };
  } finally {
    audio.close();
  }
}

async function propertiesOf(path: string): Promise<TagProperties> {
  const properties = await readProperties(path);
  if (properties === null) throw new AppError('BAD_INPUT', `Tags cannot be written to ${path}: those that it has cannot be read.`);
  return properties;
}

async function described(path: string, isNew: boolean, probe: AudioProbe): Promise<ChangedFile> {
  const { size, mtimeMs } = statSync(toSystemPath(path));
  return { isNew, size, mtimeMs, probe, tags: await readTags(path) };
}

/** The name by which TagLib knows a field. */
function nameOf({ name, customName }: Field): string {
  return name === 'custom' ? customName.toUpperCase() : name;
}

function valuesOf({ texts }: TagProperties, field: Field): string[] {
  return [...(texts.get(nameOf(field)) ?? [])];
}

function others({ texts }: TagProperties, field: Field): Map<string, string[]> {
  return new Map([...texts].filter(([name]) => name !== nameOf(field)));
}

/** Everything that TagLib reads but for the field, as one short text. */
function fingerprint(properties: TagProperties, field: Field): string {
  const texts = [...others(properties, field)].sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(texts));
  for (const { type, description, data } of properties.pictures) hash.update(`\n${type} ${description} ${data.length}\n`).update(data);
  return hash.digest('hex');
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function quoted(values: readonly string[]): string {
  return values.length === 0 ? 'empty' : values.map((value) => `“${value.slice(0, 80)}”`).join(', ');
}
