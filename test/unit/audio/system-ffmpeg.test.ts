import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { systemFfmpegDecoder } from '../../../src-main/audio/index.ts';
import type { DecodeOptions, DecodeSummary } from '../../../src-main/audio/index.ts';
import { decodeAll, joinBlocks, largestDifference, makeFolder } from '../../support/decode-all.ts';
import { kinds, makeAudio } from '../../support/make-audio.ts';
import type { Kind, KindName } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

const decoder = await systemFfmpegDecoder();
const sound = (time: number, channel: number): number => 0.3 * Math.sin(3000 * time * (1 + time)) + 0.2 * Math.sin(9000 * time + channel);

async function decodeWith(path: string, options: DecodeOptions): Promise<{ samples: Float32Array; summary: DecodeSummary }> {
  if (decoder === null) throw new Error('ffmpeg is not installed');
  const blocks: Float32Array[] = [];
  const decoding = decoder.decode(path, options);
  for (let step = await decoding.next(); ; step = await decoding.next()) {
    if (step.done === true) return { samples: joinBlocks(blocks), summary: step.value };
    blocks.push(step.value);
  }
}

it('a program that is not there is no decoder', async () => {
  expect(await systemFfmpegDecoder('no-such-program-as-this')).toBeNull();
});

describe.skipIf(decoder === null)('the ffmpeg program (needs ffmpeg and ffprobe on the PATH)', () => {
  it.each(Object.entries(kinds) as [KindName, Kind][])(
    'gives the same samples as the built-in decoder for %s',
    async (name, { extension }) => {
      const path = folder.path(`${name}.${extension}`);
      makeAudio(path, { kind: name, seconds: 2, sound });
      const ours = decodeAll(path, { sampleRate: 22_050 });
      const theirs = await decodeWith(path, { sampleRate: 22_050 });
      // Older versions of the program keep the padding at an AAC file's end; a frame has 512 samples at this rate.
      const extra = theirs.samples.length - ours.samples.length;
      expect(extra).toBeGreaterThanOrEqual(0);
      expect(extra).toBeLessThanOrEqual(name === 'm4a' ? 512 : 0);
      const compared = ours.samples.length - (extra > 0 ? 300 : 0);
      expect(largestDifference(theirs.samples.subarray(0, compared), ours.samples.subarray(0, compared))).toBeLessThan(1e-5);
      expect(theirs.summary.truncated).toBe(false);
    },
  );

  it('cuts where the built-in decoder cuts', async () => {
    const path = folder.path('cut.flac');
    makeAudio(path, { kind: 'flac', seconds: 3, sound });
    const options = { sampleRate: 16_000, startMs: 1100, endMs: 2500 };
    expect(largestDifference((await decodeWith(path, options)).samples, decodeAll(path, options).samples)).toBeLessThan(1e-6);
  });

  it('refuses what is no audio, is gone, or points elsewhere', async () => {
    const path = folder.path('list.mp3');
    makeAudio(folder.path('other.wav'), { kind: 'wav', seconds: 0.2, sound });
    writeFileSync(path, `ffconcat version 1.0\nfile ${folder.path('other.wav')}\n`);
    await expect(decodeWith(path, { sampleRate: 22_050 })).rejects.toMatchObject({ code: 'NOT_AUDIO' });
    await expect(decodeWith(folder.path('gone.mp3'), { sampleRate: 22_050 })).rejects.toMatchObject({ code: 'FILE_GONE' });
  });

  it('ends when it is cancelled', async () => {
    const path = folder.path('cancelled.wav');
    makeAudio(path, { kind: 'wav', seconds: 20, sound });
    const controller = new AbortController();
    const decoding = decoder?.decode(path, { sampleRate: 22_050, blockSamples: 1000, signal: controller.signal });
    await decoding?.next();
    controller.abort();
    const drain = async (): Promise<void> => {
      for (let step = await decoding?.next(); step?.done !== true; step = await decoding?.next());
    };
    await expect(drain()).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
