/** @file Sound that behaves like music: notes of a scale with overtones, drawn from a seed. */
import { seededRandom } from '../../src-main/base/index.ts';
import type { Sound } from './make-audio.ts';

type Note = { start: number; hertz: number; seconds: number; amplitude: number };

const scale = [0, 2, 4, 5, 7, 9, 11];
const beatSeconds = 0.25;

/** How an instrument sounds: amplitudes of its harmonics, and how quickly a note begins and fades, a second. */
export type Timbre = { overtones: readonly number[]; attack: number; decay: number };

const plucked: Timbre = { overtones: [1, 0.5, 0.3, 0.2, 0.1], attack: 100, decay: 2 };
/** The same notes as if on another instrument. */
export const bowed: Timbre = { overtones: [0.2, 1, 0.05, 0.9, 0.02, 0.7], attack: 4, decay: 0.1 };

const tableRate = 44_100;

/** Two voices for so many seconds, silence after; other seeds give other pieces. */
export function music(seed: number, seconds: number, timbre = plucked): Sound {
  const table = new Float32Array(Math.ceil(seconds * tableRate) + 2);
  const random = seededRandom(seed);
  for (const octave of [220, 440])
    for (let start = 0; start < seconds;) {
      const length = beatSeconds * (1 + random.below(4));
      const semitones = (scale[random.below(scale.length)] ?? 0) + 12 * random.below(2);
      addNote(table, { start, hertz: octave * 2 ** (semitones / 12), seconds: length, amplitude: 0.08 + 0.08 * random.uniform() }, timbre);
      start += length;
    }
  return (time) => {
    const at = Math.max(0, time) * tableRate;
    const before = Math.floor(at);
    if (before + 1 >= table.length) return 0;
    const share = at - before;
    return (1 - share) * (table[before] ?? 0) + share * (table[before + 1] ?? 0);
  };
}

function addNote(table: Float32Array, { start, hertz, seconds, amplitude }: Note, { overtones, attack, decay }: Timbre): void {
  const first = Math.ceil(start * tableRate);
  const end = Math.min(table.length, Math.ceil((start + seconds) * tableRate));
  for (let i = first; i < end; i++) {
    const at = i / tableRate - start;
    const envelope = amplitude * Math.min(1, at * attack) * Math.exp(-decay * at);
    let sum = 0;
    for (const [k, overtone] of overtones.entries()) sum += overtone * Math.sin(2 * Math.PI * hertz * (k + 1) * at);
    table[i] = (table[i] ?? 0) + envelope * sum;
  }
}

/** A sound that begins later, with silence before. */
export function delayed(sound: Sound, seconds: number): Sound {
  return (time, channel) => (time < seconds ? 0 : sound(time - seconds, channel));
}

/** A sound that ends after so many seconds; silence follows. */
export function cut(sound: Sound, seconds: number): Sound {
  return (time, channel) => (time < seconds ? sound(time, channel) : 0);
}
