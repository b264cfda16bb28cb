import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { probeAudio } from '../../../src-main/audio/index.ts';
import { decodeAll, errorOf, largestDifference, makeFolder } from '../../support/decode-all.ts';
import { writePcmCaf, writePcmW64, writePcmWav } from '../../support/pcm-forms.ts';
import type { PcmForm } from '../../support/pcm-forms.ts';

const folder = makeFolder();
afterAll(folder.remove);
const sampleRate = 22_050;
const seconds = 2;
const tone = (amplitude = 0.5): Float32Array =>
  Float32Array.from({ length: sampleRate * seconds }, (_, i) => amplitude * Math.sin((2 * Math.PI * 440 * i) / sampleRate));
const peakOf = (samples: Float32Array): number => samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const writers = {
  'an extensible WAV': (path: string, form: PcmForm, channels: number) =>
    writePcmWav(path, { samples: tone(), sampleRate, channels }, { ...form, isExtensible: true }),
  'a plain WAV': (path: string, form: PcmForm, channels: number) => writePcmWav(path, { samples: tone(), sampleRate, channels }, form),
  'a Wave64': (path: string, form: PcmForm, channels: number) => writePcmW64(path, { samples: tone(), sampleRate, channels }, form),
  'a CAF': (path: string, form: PcmForm, channels: number) => writePcmCaf(path, { samples: tone(), sampleRate, channels }, form),
};

describe('uncompressed files', () => {
  const forms = [
    { bytes: 4, valid: 24 },
    { bytes: 4, valid: 20 },
    { bytes: 4, valid: 16 },
    { bytes: 3, valid: 20 },
    { bytes: 4, valid: 32 },
  ];
  const cases = Object.keys(writers).flatMap((name) => forms.map((form) => ({ ...form, name: name as keyof typeof writers })));

  it.each(cases)('have the same sound with $valid bits in $bytes bytes in $name', ({ name, ...form }) => {
    for (const channels of [1, 2]) {
      const path = folder.path(`${name} ${form.valid} ${form.bytes} ${channels}`);
      writers[name](path, form, channels);
      const { samples, summary } = decodeAll(path, { sampleRate });
      expect(probeAudio(path)).toMatchObject({ durationMs: seconds * 1000, channels });
      expect(summary).toMatchObject({ truncated: false, samples: sampleRate * seconds });
      expect(largestDifference(samples, tone())).toBeLessThan(form.valid === 16 ? 4e-5 : 3e-6);
    }
  });

  it('are read as floats where a file of 24 bits in 32 holds such', () => {
    const path = folder.path('audition.wav');
    writePcmWav(path, { samples: tone(), sampleRate }, { bytes: 4, valid: 24, isFloat: true, scale: 2 ** 23 });
    expect(largestDifference(decodeAll(path, { sampleRate }).samples, tone())).toBeLessThan(1e-6);
  });
});

describe('floats', () => {
  const float: PcmForm = { bytes: 4, valid: 32, isFloat: true };

  it('beyond full scale are divided by the file’s peak, in every cut alike', () => {
    const path = folder.path('loud.wav');
    const samples = tone(0.3);
    samples[40_000] = 4;
    writePcmWav(path, { samples, sampleRate }, float);
    const whole = decodeAll(path, { sampleRate }).samples;
    expect(peakOf(whole)).toBeCloseTo(1, 5);
    expect(peakOf(whole.subarray(0, 20_000))).toBeCloseTo(0.3 / 4, 5);
    const cut = decodeAll(path, { sampleRate, startMs: 0, endMs: 500 }).samples;
    expect(largestDifference(cut, whole.slice(0, cut.length))).toBe(0);
  });

  it('within full scale keep their level', () => {
    const path = folder.path('quiet.wav');
    writePcmWav(path, { samples: tone(0.9), sampleRate }, float);
    expect(peakOf(decodeAll(path, { sampleRate }).samples)).toBeCloseTo(0.9, 4);
  });

  it.each([
    ['scaled to 32 768', 32_768, '84 dBFS'],
    ['damaged', 1e30, '594 dBFS'],
  ])('that are %s are refused with a sentence, whole and in cuts', (name, scale, level) => {
    const path = folder.path(`${name}.wav`);
    writePcmWav(path, { samples: tone(), sampleRate, channels: 2 }, { ...float, scale });
    for (const cut of [{}, { startMs: 700, endMs: 900 }]) {
      const error = errorOf(() => decodeAll(path, { sampleRate, ...cut }));
      expect(error).toMatchObject({ code: 'DECODE_FAILED' });
      expect(error.message).toContain(level);
    }
  });

  it.each([
    [22_050, 1],
    [44_100, 2],
  ])('that are no numbers are silence by themselves alone, and are told, at %i Hz with %i channels', (rate, channels) => {
    const wanted = Float32Array.from({ length: rate * seconds }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / rate));
    const samples = wanted.slice();
    for (const [i, value] of [NaN, Infinity, -Infinity].entries()) {
      samples[5000 + 9000 * i] = value;
      wanted[5000 + 9000 * i] = 0;
    }
    const [holes, silent] = [folder.path(`holes ${rate}.wav`), folder.path(`silent ${rate}.wav`)];
    writePcmWav(holes, { samples, sampleRate: rate, channels }, float);
    writePcmWav(silent, { samples: wanted, sampleRate: rate, channels }, float);
    for (const cut of [{}, { startMs: 100, endMs: 700 }]) {
      const decoded = decodeAll(holes, { sampleRate, ...cut });
      expect(largestDifference(decoded.samples, decodeAll(silent, { sampleRate, ...cut }).samples)).toBeLessThan(1e-6);
    }
    const { summary } = decodeAll(holes, { sampleRate });
    expect(summary).toMatchObject({ truncated: true, samples: sampleRate * seconds });
    expect(summary.reason).toBe(`${3 * channels} samples of the file are not a finite number; silence stands in their place.`);
    expect(decodeAll(silent, { sampleRate }).summary.truncated).toBe(false);
  });

  it('that are no numbers do not make the others louder or quieter', () => {
    const path = folder.path('holes.wav');
    const samples = tone();
    for (const [i, value] of [NaN, Infinity, -Infinity].entries()) samples[5000 + 9000 * i] = value;
    writePcmWav(path, { samples, sampleRate }, float);
    const decoded = decodeAll(path, { sampleRate }).samples;
    expect(decoded.every(Number.isFinite)).toBe(true);
    expect(largestDifference(decoded.slice(10_000, 13_000), tone().slice(10_000, 13_000))).toBeLessThan(1e-6);
  });
});

it('AIFF-C with little-endian samples of 24 bits is refused with a sentence, since it would be noise; of 16 bits it is read', () => {
  const make = (bits: number): string => {
    const path = folder.path(`sowt ${bits}.aifc`);
    const chunk = (id: string, content: Buffer): Buffer => {
      const head = Buffer.alloc(8);
      head.write(id, 'latin1');
      head.writeUInt32BE(content.length, 4);
      return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
    };
    const common = Buffer.alloc(24);
    common.writeUInt16BE(1, 0);
    common.writeUInt32BE(tone().length, 2);
    common.writeUInt16BE(bits, 6);
    // 22 050 as a number of 80 bits: exponent and the leading bits.
    common.writeUInt16BE(16_383 + 14, 8);
    common.writeUInt16BE(sampleRate * 2, 10);
    common.write('sowt', 18);
    const sound = Buffer.alloc(8 + (tone().length * bits) / 8);
    tone().forEach((value, i) => sound.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), 8 + (i * bits) / 8, bits / 8));
    const body = Buffer.concat([Buffer.from('AIFC'), chunk('COMM', common), chunk('SSND', sound)]);
    writeFileSync(path, chunk('FORM', body));
    return path;
  };
  expect(largestDifference(decodeAll(make(16), { sampleRate }).samples, tone())).toBeLessThan(4e-5);
  for (const use of [decodeAll, (path: string) => probeAudio(path)])
    expect(errorOf(() => use(make(24), { sampleRate })).message).toContain('24 bits in AIFF-C');
});
