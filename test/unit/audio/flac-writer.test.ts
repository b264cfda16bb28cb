import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { FlacWriter } from '../../../src-main/audio/flac-writer.ts';
import { FrameReader } from '../../../src-main/audio/frame-reader.ts';
import { openAudio } from '../../../src-main/audio/open-audio.ts';
import { errorOf, makeFolder } from '../../support/decode-all.ts';
import { makeAudio } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

describe('the FLAC writer', () => {
  it.skipIf(!existsSync('/dev/full'))('passes on that the disk is full (needs /dev/full)', () => {
    const path = folder.path('noise.wav');
    let seed = 3;
    makeAudio(path, { kind: 'wav', seconds: 3, sound: () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5 });
    const audio = openAudio(path);
    const reader = new FrameReader(audio);
    let writer: FlacWriter | null = null;
    const run = (): void => {
      for (const frame of reader.read()) {
        writer ??= new FlacWriter(frame, '/dev/full');
        writer.push(frame);
      }
      writer?.finish();
    };
    expect(errorOf(run).code).toBe('DISK_FULL');
    (writer as FlacWriter | null)?.free();
    reader.free();
    audio.close();
  });
});
