import { closeSync, existsSync, openSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { FlacWriter } from '../../../src-main/audio/flac-writer.ts';
import { FrameReader } from '../../../src-main/audio/frame-reader.ts';
import { openAudio } from '../../../src-main/audio/open-audio.ts';
import { makeFolder } from '../../support/decode-all.ts';
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
    const descriptor = openSync('/dev/full', 'r+');
    let writer: FlacWriter | null = null;
    const run = (): void => {
      for (const frame of reader.read()) {
        writer ??= new FlacWriter(frame, descriptor);
        writer.push(frame);
      }
      writer?.finish();
    };
    expect(run).toThrow(/ENOSPC/);
    (writer as FlacWriter | null)?.free();
    reader.free();
    audio.close();
    closeSync(descriptor);
  });
});
