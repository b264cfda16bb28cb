/** @file Small WAV files with known sound, for tests that need music without needing codecs. */
import { writeFileSync } from 'node:fs';
import { seededRandom } from '../../src-main/base/index.ts';

/** A few partials and some noise, drawn from the seed; `hertz`: between which the partials lie. */
export type WavOptions = { seconds: number; seed: number; sampleRate?: number; hertz?: readonly [least: number, most: number] };

/** Writes a 16-bit mono WAV file. */
export function writeWav(path: string, { seconds, seed, sampleRate = 16000, hertz: [least, most] = [80, 2080] }: WavOptions): void {
  const random = seededRandom(seed);
  const samples = Math.round(seconds * sampleRate);
  const partials = Array.from({ length: 4 }, () => ({ hertz: least + random.uniform() * (most - least), level: random.uniform() / 5 }));
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) {
    const tone = partials.reduce((sum, { hertz, level }) => sum + level * Math.sin((2 * Math.PI * hertz * i) / sampleRate), 0);
    bytes.writeInt16LE(Math.round(32767 * (tone * 0.9 + (random.uniform() - 0.5) * 0.02)), 44 + i * 2);
  }
  writeFileSync(path, bytes);
}
