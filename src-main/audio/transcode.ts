/** @file Formats that no browser plays, to FLAC: lossless where the source is at most 24 bits, rate and channels kept. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { AppError, toAppError, toSystemPath } from '../base/index.ts';
import { openNameOf } from './file-source.ts';
import { FlacWriter } from './flac-writer.ts';
import { FrameReader } from './frame-reader.ts';
import { openAudio } from './open-audio.ts';

/**
 * Writes a FLAC copy of a file's sound; tags and pictures are not taken along. The copy appears under its name only when it is whole.
 * @param path stored form of the source (see `toStoredPath`)
 * @param outPath stored form of the copy; an older one is replaced
 * @param isCancelled polled
 * @throws AppError as `openAudio`; DECODE_FAILED; CANCELLED; DISK_FULL and NOT_ALLOWED for the copy
 */
export function transcodeToFlac(path: string, outPath: string, isCancelled: () => boolean = () => false): void {
  const partPath = `${outPath}.${randomBytes(6).toString('hex')}.part`;
  const audio = openAudio(path);
  let [reader, writer, descriptor]: [FrameReader | null, FlacWriter | null, number | null] = [null, null, null];
  try {
    reader = new FrameReader(audio);
    descriptor = openSync(toSystemPath(partPath), 'wx');
    for (const frame of reader.read()) {
      if (isCancelled()) throw new AppError('CANCELLED', 'The work was cancelled.');
      writer ??= new FlacWriter(frame, openNameOf(partPath, descriptor));
      writer.push(frame);
    }
    if (writer === null) throw new AppError('DECODE_FAILED', `${path} could not be decoded: not one part of its sound is intact.`);
    writer.finish();
    writer.free();
    writer = null;
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = null;
    renameSync(toSystemPath(partPath), toSystemPath(outPath));
  } catch (error) {
    throw toAppError(error, `make a copy of ${path} that can be played`);
  } finally {
    writer?.free();
    reader?.free();
    audio.close();
    if (descriptor !== null) closeSync(descriptor);
    rmSync(toSystemPath(partPath), { force: true });
  }
}
