import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAudioName, isPlayableInBrowser, mimeTypeOf, probeAudio } from '../../../src-main/audio/index.ts';
import { decodeAll, makeFolder } from '../../support/decode-all.ts';
import { amplitudeAt, kinds, makeAudio, writeFloatWav } from '../../support/make-audio.ts';
import type { Kind, KindName } from '../../support/make-audio.ts';

const folder = makeFolder();
afterAll(folder.remove);

const seconds = 3;
const frequency = 441;
const channelAmplitudes = [0.6, 0.2];
/** The left channel louder than the right one: the mean is 0.4 and every other way of mixing gives something else. */
const sound = (time: number, channel: number): number => (channelAmplitudes[channel] ?? 0) * Math.sin(2 * Math.PI * frequency * time);

const expected: Record<KindName, { container: string; codec: string; isPlayable: boolean; mimeType: string }> = {
  mp3: { container: 'mp3', codec: 'mp3', isPlayable: true, mimeType: 'audio/mpeg' },
  flac: { container: 'flac', codec: 'flac', isPlayable: true, mimeType: 'audio/flac' },
  ogg: { container: 'ogg', codec: 'vorbis', isPlayable: true, mimeType: 'audio/ogg' },
  opus: { container: 'ogg', codec: 'opus', isPlayable: true, mimeType: 'audio/ogg' },
  m4a: { container: 'mp4', codec: 'aac', isPlayable: true, mimeType: 'audio/mp4' },
  alac: { container: 'mp4', codec: 'alac', isPlayable: false, mimeType: 'audio/mp4' },
  adts: { container: 'aac', codec: 'aac', isPlayable: true, mimeType: 'audio/aac' },
  wav: { container: 'wav', codec: 'pcm_s16le', isPlayable: true, mimeType: 'audio/wav' },
  aiff: { container: 'aiff', codec: 'pcm_s16be', isPlayable: false, mimeType: 'audio/aiff' },
  floatWav: { container: 'wav', codec: 'pcm_f32le', isPlayable: true, mimeType: 'audio/wav' },
  deepFlac: { container: 'flac', codec: 'flac', isPlayable: true, mimeType: 'audio/flac' },
  wma: { container: 'asf', codec: 'wmav2', isPlayable: false, mimeType: 'audio/x-ms-wma' },
  wavpack: { container: 'wv', codec: 'wavpack', isPlayable: false, mimeType: 'audio/x-wavpack' },
};

describe.each(Object.entries(kinds) as [KindName, Kind][])('a %s file', (name, kind) => {
  const path = folder.path(`${name}.${kind.extension}`);
  beforeAll(() => makeAudio(path, { kind: name, seconds, sound, bitRate: 256_000 }));

  it('is told by its content', () => {
    const { container, codec, isPlayable, mimeType } = expected[name];
    const probe = probeAudio(path);
    expect(probe).toMatchObject({ container, codec, sampleRate: kind.sampleRate, channels: 2 });
    expect(probe.audioHash).toMatch(/^[0-9a-f]{40}$/);
    expect(Math.abs(probe.durationMs - seconds * 1000)).toBeLessThan(60);
    expect(probe.bitRate).toBeGreaterThan(10_000);
    expect(isPlayableInBrowser(probe)).toBe(isPlayable);
    expect(mimeTypeOf(probe)).toBe(mimeType);
    expect(isAudioName(`x.${kind.extension}`)).toBe(true);
  });

  it('decodes to the mean of its channels', () => {
    const { samples, summary } = decodeAll(path, { sampleRate: 22_050 });
    const middle = samples.subarray(22_050, 44_100);
    // libvorbis makes pure tones 1 % louder, whoever decodes them.
    expect(Math.abs(amplitudeAt(middle, 22_050, frequency) - 0.4)).toBeLessThan(name === 'ogg' ? 5e-3 : 1e-3);
    expect(summary).toMatchObject({ truncated: false, damagedFrames: 0, samples: samples.length });
    expect(Math.abs(summary.durationMs - seconds * 1000)).toBeLessThan(60);
  });

  it('comes in blocks of the length that was asked for', () => {
    const { blockLengths } = decodeAll(path, { sampleRate: 22_050, blockSamples: 10_000 });
    expect(blockLengths.slice(0, -1).every((length) => length === 10_000)).toBe(true);
    expect(blockLengths.at(-1)).toBeLessThanOrEqual(10_000);
  });

  it('decodes from the middle to what decoding everything gives there', () => {
    for (const sampleRate of [22_050, 16_000]) {
      const whole = decodeAll(path, { sampleRate }).samples;
      const { samples } = decodeAll(path, { sampleRate, startMs: 1234.5, endMs: 2345.6 });
      const start = Math.round(1.2345 * sampleRate);
      const end = Math.round(2.3456 * sampleRate);
      expect(samples.length).toBe(end - start);
      // Lossy decoders carry state (noise filling, overlap) that a later start does not have.
      const difference = samples.reduce((worst, sample, i) => Math.max(worst, Math.abs(sample - (whole[start + i] ?? 9))), 0);
      expect(difference).toBeLessThan(kind.isLossy ? 1e-3 : 1e-6);
    }
  });
});

describe('unusual files', () => {
  it('decode with one to eight channels, each with the same weight', () => {
    for (const channels of [1, 2, 3, 4, 5, 6, 7, 8]) {
      for (const heard of [0, channels - 1]) {
        const path = folder.path(`channels-${channels}-${heard}.wav`);
        const frames = new Float32Array(44_100 * channels);
        for (let i = 0; i < 44_100; i++) frames[i * channels + heard] = 0.8 * Math.sin((2 * Math.PI * 1000 * i) / 44_100);
        writeFloatWav(path, frames, { sampleRate: 44_100, channels });
        expect(probeAudio(path).channels).toBe(channels);
        const { samples } = decodeAll(path, { sampleRate: 22_050 });
        expect(Math.abs(amplitudeAt(samples.subarray(4000, 18_000), 22_050, 1000) - 0.8 / channels)).toBeLessThan(1e-4);
      }
    }
  });

  it('decode with eight channels in FLAC and six in AAC', () => {
    for (const [kind, channels] of [
      ['flac', 8],
      ['m4a', 6],
    ] as const) {
      const path = folder.path(`many-${kind}.x`);
      makeAudio(path, {
        kind,
        seconds: 1,
        channels,
        bitRate: 600_000,
        sound: (time, channel) => (channel === 1 ? 0.9 : 0) * Math.sin(6283.2 * time),
      });
      const { samples } = decodeAll(path, { sampleRate: 22_050 });
      expect(probeAudio(path).channels).toBe(channels);
      expect(Math.abs(amplitudeAt(samples.subarray(4000, 18_000), 22_050, 1000) - 0.9 / channels)).toBeLessThan(2e-3);
    }
  });

  it('decode at rates from 8 000 to 192 000 Hz to the same level and length', () => {
    for (const sampleRate of [8000, 11_025, 32_000, 44_056, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000]) {
      const path = folder.path(`rate-${sampleRate}.wav`);
      const frames = Float32Array.from({ length: sampleRate }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 1000 * i) / sampleRate));
      writeFloatWav(path, frames, { sampleRate, channels: 1 });
      const { samples } = decodeAll(path, { sampleRate: 22_050 });
      expect(Math.abs(samples.length - 22_050)).toBeLessThanOrEqual(1);
      expect(Math.abs(amplitudeAt(samples.subarray(4000, 18_000), 22_050, 1000) - 0.5)).toBeLessThan(1e-4);
    }
  });

  it('decode when they are 0.2 s long, in every format', () => {
    for (const [kind, { extension }] of Object.entries(kinds) as [KindName, Kind][]) {
      const path = folder.path(`short-${kind}.${extension}`);
      makeAudio(path, { kind, seconds: 0.2, sound });
      const { summary } = decodeAll(path, { sampleRate: 22_050 });
      expect(summary.truncated).toBe(false);
      // WMA's decoder keeps its first frame to itself.
      expect(Math.abs(summary.durationMs - 200)).toBeLessThan(70);
    }
  });

  it('decode when they are silent', () => {
    const path = folder.path('silent.mp3');
    makeAudio(path, { kind: 'mp3', seconds: 1, sound: () => 0 });
    const { samples } = decodeAll(path, { sampleRate: 22_050 });
    expect(samples.length).toBe(22_050);
    expect(samples.every((sample) => Math.abs(sample) < 1e-6)).toBe(true);
  });

  it('give zeros where their samples are no numbers', () => {
    const path = folder.path('nan.wav');
    const frames = Float32Array.from({ length: 22_050 }, (_, i) => (i === 5000 ? NaN : i === 9000 ? Infinity : 0.1));
    writeFloatWav(path, frames, { sampleRate: 22_050, channels: 1 });
    const { samples } = decodeAll(path, { sampleRate: 22_050 });
    expect(samples.every((sample) => Number.isFinite(sample))).toBe(true);
    expect(samples[20_000]).toBeCloseTo(0.1);
  });
});
