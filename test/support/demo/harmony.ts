/** @file Keys, chords by their Roman numerals, and voicings that move as little as they can. */

/** Pitch classes, 0 for C; the root first. */
export type Chord = { root: number; tones: number[]; /** What a melody may use beside the chord's own tones. */ scale: number[] };

/** A chord and when it sounds, in beats. */
export type Span = { at: number; beats: number; chord: Chord };

/** Lowest and highest pitch, both included. */
export type Range = readonly [low: number, high: number];

const modes: Record<string, readonly number[]> = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
  phrygian: [0, 1, 3, 5, 7, 8, 10],
  pentatonic: [0, 2, 4, 7, 9],
  blues: [0, 3, 5, 6, 7, 10],
  hirajoshi: [0, 2, 3, 7, 8],
  bhairav: [0, 1, 4, 5, 7, 8, 11],
};
const names = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'Gb', 'G', 'Ab', 'A', 'Bb', 'B'];
const degrees = [0, 2, 4, 5, 7, 9, 11];
const numerals = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII'];

const endings: Record<string, readonly number[]> = {
  '7': [10],
  maj7: [11],
  '6': [9],
  '9': [10, 14],
  maj9: [11, 14],
  add9: [14],
};

/** Reads a key such as `A minor` or `D dorian`: its tonic and the pitch classes of its scale. */
export function keyOf(text: string): { tonic: number; scale: number[] } {
  const [name = '', mode = ''] = text.split(' ');
  const tonic = names.indexOf(name);
  const steps = modes[mode];
  if (tonic === -1 || steps === undefined) throw new Error(`There is no key “${text}”.`);
  return { tonic, scale: steps.map((step) => (tonic + step) % 12) };
}

/**
 * Reads chords: bars between `|`, in each one chord or several of equal length, as Roman numerals over the major scale (`bVI`, `ii7`, `V7`, `Imaj7`,
 * `viidim`, `iim7b5`, `Vsus4`, `I5`: small ones are minor).
 */
export function spansOf(key: string, text: string, beatsPerBar: number): Span[] {
  const { tonic, scale } = keyOf(key);
  return text.split('|').flatMap((bar, i) => {
    const chords = bar.trim().split(/\s+/);
    const beats = beatsPerBar / chords.length;
    return chords.map((chord, j) => ({ at: i * beatsPerBar + j * beats, beats, chord: chordOf(chord, tonic, scale) }));
  });
}

function chordOf(text: string, tonic: number, scale: readonly number[]): Chord {
  const parts = /^([b#]?)([iv]+|[IV]+)(dim|m7b5|sus4|sus2|5|maj9|maj7|add9|9|7|6)?$/.exec(text);
  if (parts === null) throw new Error(`There is no chord “${text}”.`);
  const [, accidental = '', numeral = '', ending = ''] = parts;
  const degree = degrees[numerals.indexOf(numeral.toUpperCase())] ?? 0;
  const root = (tonic + degree + (accidental === 'b' ? 11 : accidental === '#' ? 1 : 0)) % 12;
  const tones = [0, ...intervals(ending, numeral === numeral.toLowerCase())].map((interval) => (root + interval) % 12);
  const foreign = tones.filter((tone) => !scale.includes(tone));
  const clashes = (tone: number): boolean => foreign.some((other) => [1, 11].includes((tone - other + 12) % 12));
  return { root, tones, scale: [...new Set([...tones, ...scale.filter((tone) => !clashes(tone))])] };
}

function intervals(ending: string, isMinor: boolean): number[] {
  const third = isMinor ? 3 : 4;
  switch (ending) {
    case 'dim':
      return [3, 6, 9];
    case 'm7b5':
      return [3, 6, 10];
    case 'sus4':
      return [5, 7];
    case 'sus2':
      return [2, 7];
    case '5':
      return [7];
    default:
      return [third, 7, ...(endings[ending] ?? [])];
  }
}

/** Pitches of a chord within a range, from below, close together, as near as can be to those before. */
export function voicing(chord: Chord, count: number, range: Range, before: readonly number[] | null): number[] {
  const pool = pitchesIn(chord.tones, range);
  const size = Math.min(count, pool.length);
  const middle = (range[0] + range[1]) / 2;
  let best: number[] = pool.slice(0, size);
  let least = Number.POSITIVE_INFINITY;
  for (let from = 0; from + size <= pool.length; from++) {
    const pitches = pool.slice(from, from + size);
    const cost = pitches.reduce((sum, pitch, i) => sum + Math.abs(pitch - (before?.[i] ?? middle)), 0);
    if (cost >= least) continue;
    least = cost;
    best = pitches;
  }
  return best;
}

/** Every pitch of these classes within a range, from below. */
export function pitchesIn(classes: readonly number[], [low, high]: Range): number[] {
  return Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((pitch) => classes.includes(pitch % 12));
}

/** The pitch of a class that is nearest to another pitch, within a range. */
export function nearest(classes: readonly number[], to: number, range: Range): number {
  const pool = pitchesIn(classes, range);
  return pool.reduce((best, pitch) => (Math.abs(pitch - to) < Math.abs(best - to) ? pitch : best), pool[0] ?? to);
}
