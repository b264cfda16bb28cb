/**
 * @file Writes `values/sox.json`: what sox makes of small sounds, for machines without it. Its reverb of a click, and levels in bands of what its pitch
 * shift makes of music. Run: node test/parity/make-sox-values.ts, with sox installed, then npm run format.
 */
import { writeFileSync } from 'node:fs';
import { bandLevels } from '../unit/audio/augment/spectrum.ts';
import { cropSamples, levelOf, musicLike, sampleRate } from '../unit/audio/augment/settings-for-test.ts';
import { soxEffects } from '../support/sox.ts';
import { valuesPath } from './reference-values.ts';

const rooms = [
  { rate: 8000, roomSize: 50, reverberance: 50, damping: 50, stereoDepth: 0 },
  { rate: 8000, roomSize: 100, reverberance: 90, damping: 0, stereoDepth: 100 },
  { rate: 22_050, roomSize: 0, reverberance: 20, damping: 100, stereoDepth: 0 },
  { rate: 22_050, roomSize: 30, reverberance: 60, damping: 40, stereoDepth: 100 },
  { rate: 16_000, roomSize: 70, reverberance: 40, damping: 80, stereoDepth: 45 },
];
const clickSamples = 2500;

/** Short decimals: sox computes in 32 bits. */
const rounded = (values: ArrayLike<number>, decimals: number): number[] => Array.from(values, (value) => Number(value.toFixed(decimals)));

const reverb = rooms.map((room) => {
  const click = new Float32Array(clickSamples);
  click[0] = 0.5;
  const { rate, roomSize, reverberance, damping, stereoDepth } = room;
  const output = soxEffects(click, rate, ['reverb', ...[reverberance, damping, roomSize, stereoDepth].map(String)]);
  return { ...room, output: rounded(output.subarray(0, clickSamples), 8) };
});
const pitch = [-7, -2.5, 1, 7].map((semitones) => {
  const output = soxEffects(musicLike(1), sampleRate, ['pitch', String(semitones * 100)]).subarray(0, cropSamples);
  return { semitones, level: levelOf(output), bands: rounded(bandLevels(output), 1) };
});
writeFileSync(valuesPath('sox.json'), JSON.stringify({ reverb, pitch }));
