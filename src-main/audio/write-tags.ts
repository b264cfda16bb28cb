/**
 * @file Writes one field of a file's tags, and puts it back. The file's bytes are changed by `fields/`, in a copy; the copy takes the file's place only
 * when its audio is the same, TagLib reads the wanted values in the field, and everything else that it reads is as it was.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { avGetCodecName } from 'node-av/lib';
import { AppError, toSystemPath } from '../base/index.ts';
import { openTag } from './fields/index.ts';
import type { Field } from './fields/open-tag.ts';
import { checkWritable, realPath, takePlace, writeCopy } from './fields/replace-file.ts';
import { checkField } from './field-name.ts';
import { FileSource } from './file-source.ts';
import { openAudio } from './open-audio.ts';
import type { AudioProbe } from './probe.ts';
import { keptWhole, restored, written } from './put-back.ts';
import type { FieldState, OpenFile } from './put-back.ts';
import { readProperties, readTags } from './tags.ts';
import type { FileTags, TagProperties } from './tags.ts';

/** A change of a field, either way. */
export type FieldChange = { field: Field; before: FieldState; after: string[]; direction: 'write' | 'restore' };

/** A file after a change. `isNew`: false when it was so already. */
export type ChangedFile = { isNew: boolean; size: number; mtimeMs: number; probe: AudioProbe; tags: FileTags };

/** Finds out what is in a file, as `probeAudio` does. */
export type Probe = (path: string) => Promise<AudioProbe>;

/**
 * Reads a field of a file that can be written to.
 * @param path stored form (see `toStoredPath`)
 * @throws AppError FILE_GONE, NOT_ALLOWED, NOT_AUDIO …; BAD_INPUT with the reason for a file that tags are not written to
 */
export async function readField(path: string, field: Field): Promise<FieldState> {
  checkField(field);
  checkWritable(realPath(path));
  return withTag(path, field, async (file) => {
    const { tag } = file;
    const properties = await propertiesOf(path);
    const entries = tag.entries.flatMap((entry, at) => (tag.isField(entry) ? [{ at, bytes: entry.toString('base64') }] : []));
    const made = tag.exists ? null : tag.seed(others(properties, field)).map((entry) => entry.toString('base64'));
    const state: FieldState = { values: valuesOf(properties, field), form: tag.form, entries, room: tag.room, made };
    return { ...state, whole: keptWhole(file, field, state) };
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
  const copy = await withTag(path, field, async (file, source) =>
    writeCopy(
      source,
      direction === 'write' ? written(file.tag, after, file.tag.seed(others(properties, field))) : restored(file, field, { before, after }),
    ),
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

async function withTag<T>(path: string, field: Field, use: (file: OpenFile, source: FileSource) => Promise<T>): Promise<T> {
  const kind = kindOf(path);
  const source = new FileSource(path);
  try {
    const bytes = { readAt: (position: number, length: number): Uint8Array => source.readAt(position, length), size: source.size };
    return await use({ bytes, kind, tag: openTag(bytes, kind, field) }, source);
  } catch (error) {
    // What the tags are not made for, without a path of its own.
    if (!(error instanceof AppError) || error.code !== 'BAD_INPUT' || error.details['path'] !== undefined) throw error;
    throw new AppError('BAD_INPUT', `Tags cannot be written to ${path}: ${error.message}`, { details: { path }, cause: error });
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
  if (properties === null)
    throw new AppError(
      'BAD_INPUT',
      `Tags cannot be written to ${path}: those that it has cannot be read. Repair them with a tag editor first.`,
      { details: { path } },
    );
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
