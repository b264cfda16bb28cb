/** @file Formats that no browser plays, to FLAC: lossless where the source is at most 24 bits, rate and channels kept. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import type { Frame } from 'node-av/lib';
import { AppError, toAppError, toSystemPath } from '../base/index.ts';
import { openNameOf } from './file-source.ts';
import { FlacWriter } from './flac-writer.ts';
import { FrameReader } from './frame-reader.ts';
import type { ByteSpan } from './ogg-links.ts';
import { linksOf, openAudio } from './open-audio.ts';
import type { OpenAudio } from './open-audio.ts';

/**
 * Writes a FLAC copy of a file's sound; tags and pictures are not taken along. The copy appears under its name only when it is whole.
 * @param path stored form of the source (see `toStoredPath`)
 * @param outPath stored form of the copy; an older one is replaced
 * @param isCancelled polled
 * @throws AppError as `openAudio`; DECODE_FAILED; CANCELLED; DISK_FULL and NOT_ALLOWED for the copy
 */
export function transcodeToFlac(path: string, outPath: string, isCancelled: () => boolean = () => false): void {
  const partPath = `${outPath}.${randomBytes(6).toString('hex')}.part`;
  let [writer, descriptor]: [FlacWriter | null, number | null] = [null, null];
  try {
    const { links } = linksOf(path);
    openAudio(path, links[0]).close();
    descriptor = openSync(toSystemPath(partPath), 'wx');
    for (const frame of framesOf(path, links)) {
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
    if (descriptor !== null) closeSync(descriptor);
    rmSync(toSystemPath(partPath), { force: true });
  }
}

/** Frames of all links; a later one that cannot be read is left out, as decoding it leaves it out. */
function* framesOf(path: string, links: readonly (ByteSpan | null)[]): Generator<Frame, void> {
  for (const [i, link] of links.entries()) {
    let audio: OpenAudio;
    try {
      audio = openAudio(path, link);
    } catch (error) {
      if (i === 0) throw error;
      continue;
    }
    let reader: FrameReader | null = null;
    try {
      reader = new FrameReader(audio);
      yield* reader.read();
    } finally {
      reader?.free();
      audio.close();
    }
  }
}
