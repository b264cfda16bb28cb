/** @file Drums: patterns of sixteenths, one row a drum, and fills before the end of a section. */
import { reachesEnd } from './accompany.ts';
import type { During } from './accompany.ts';
import type { Part, Score } from './score.ts';

/** Drums of General MIDI's percussion map. */
const keys = {
  ...{
    kick: 36,
    rim: 37,
    snare: 38,
    clap: 39,
    snare2: 40,
    lowTom: 45,
    floorTom: 41,
    midTom: 47,
    highTom: 50,
    hat: 42,
    pedalHat: 44,
    open: 46,
  },
  ...{ crash: 49, ride: 51, bell: 53, tambourine: 54, cowbell: 56, shaker: 70, maracas: 70, claves: 75, highConga: 63, lowConga: 64 },
  ...{ mutedConga: 62, highBongo: 60, lowBongo: 61, highTimbale: 65, lowTimbale: 66, highAgogo: 67, lowAgogo: 68, triangle: 81 },
} as const;

/** A drum. */
export type Drum = keyof typeof keys;

const fillDrums: readonly Drum[] = ['snare', 'highTom', 'midTom', 'floorTom'];

/** `X` strikes hard, `x` as usual, `o` softly. A row goes on from bar to bar; `step` in beats. */
export type DrumWish = During & {
  rows: Partial<Record<Drum, string>>;
  level: number;
  step?: number;
  fillEvery?: number;
  lastCrash?: boolean;
};

/** Plays a pattern. */
export function drums(score: Score, part: Part, wish: DrumWish): void {
  const { rows, level, step = 0.25, fillEvery = 0, lastCrash = true, during: [from, to] = [0, score.bars] } = wish;
  const { beatsPerBar } = score;
  for (let bar = from; bar < to; bar++) {
    const hasFill = fillEvery > 0 && (bar - from + 1) % fillEvery === 0;
    const patternBeats = hasFill ? beatsPerBar - Math.min(2, beatsPerBar / 2) : beatsPerBar;
    for (const [drum, row] of Object.entries(rows)) {
      const first = Math.round((bar * beatsPerBar) / step);
      for (let i = 0; i < Math.round(patternBeats / step); i++)
        strike(part, { drum: drum as Drum, sign: row[(first + i) % row.length] ?? '.', at: bar * beatsPerBar + i * step, level });
    }
    if (hasFill) fill(score, part, { at: bar * beatsPerBar + patternBeats, beats: beatsPerBar - patternBeats, level });
    if (bar > from && fillEvery > 0 && (bar - from) % fillEvery === 0) part.play(bar * beatsPerBar, 0.25, keys.crash, level);
  }
  if (!reachesEnd(score, wish) || !lastCrash) return;
  part.play(score.last.at, 0.25, keys.crash, level + 4);
  part.play(score.last.at, 0.25, keys.kick, level + 8);
}

function strike(part: Part, { drum, sign, at, level }: { drum: Drum; sign: string; at: number; level: number }): void {
  const louder = { X: 16, x: 0, o: -34 }[sign];
  if (louder !== undefined) part.play(at, 0.2, keys[drum], level + louder);
}

/** Down the toms in sixteenths, some left out. */
function fill({ random }: Score, part: Part, { at, beats, level }: { at: number; beats: number; level: number }): void {
  const steps = Math.round(beats * 4);
  for (let i = 0; i < steps; i++) {
    const drum = fillDrums[Math.min(fillDrums.length - 1, Math.floor((i * fillDrums.length) / steps))] ?? 'snare';
    if (i % 4 === 0 || random.uniform() < 0.75) part.play(at + i / 4, 0.2, keys[drum], level + 4 + i);
  }
}
