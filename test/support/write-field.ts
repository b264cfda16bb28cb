/** @file A field of a file's tags written and put back, and the file's sound, for tests of writing. */
import { changeField, probeAudio, readField } from '../../src-main/audio/index.ts';
import type { AudioProbe, ChangedFile, Field, FieldState } from '../../src-main/audio/index.ts';
import { decodeAll } from './decode-all.ts';

const probe = async (path: string): Promise<AudioProbe> => probeAudio(path);

/** The field as the file has it. */
export const stateOf = readField;

/** Writes values in place of those before. */
export function write(path: string, field: Field, before: FieldState, after: string[]): Promise<ChangedFile> {
  return changeField(path, { field, before, after, direction: 'write' }, probe);
}

/** Puts the field back as it was. */
export function putBack(path: string, field: Field, before: FieldState, after: string[]): Promise<ChangedFile> {
  return changeField(path, { field, before, after, direction: 'restore' }, probe);
}

/** What decoding gives. */
export function samplesOf(path: string): Buffer {
  return Buffer.from(decodeAll(path, { sampleRate: 44_100 }).samples.buffer);
}
