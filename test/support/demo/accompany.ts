/** @file What stands behind a melody: chords in a rhythm, broken chords, and basses. */
import { nearest, pitchesIn, voicing } from './harmony.ts';
import type { Range, Span } from './harmony.ts';
import type { Part, Score } from './score.ts';

/** Bars in which something is played, from 0, the end not included; all unless said. Who plays the last of them plays the last chord too. */
export type During = { during?: readonly [from: number, to: number] };

/** How a figure is played: `level` as a MIDI velocity. */
export type Figure = During & { range: Range; level: number };

/** The chords that fall into some bars. */
export function spansDuring({ body, beatsPerBar, bars }: Score, { during: [from, to] = [0, bars] }: During): Span[] {
  return body.filter(({ at }) => at >= from * beatsPerBar && at < to * beatsPerBar);
}

/** Whether a figure is played to the end. */
export function reachesEnd({ bars }: Score, { during }: During): boolean {
  return during === undefined || during[1] >= bars;
}

/** One sign of a pattern and how long it lasts: `-` holds what was before it. */
type Stroke = { sign: string; at: number; beats: number };

/** The strokes of a pattern that repeats from bar to bar, within a chord. */
function strokesOf(pattern: string, step: number, { at, beats }: Span): Stroke[] {
  const strokes: Stroke[] = [];
  const first = Math.round(at / step);
  for (let i = 0; i < Math.round(beats / step); i++) {
    const sign = pattern[(first + i) % pattern.length] ?? '.';
    const last = strokes.at(-1);
    if (sign !== '-') strokes.push({ sign, at: at + i * step, beats: step });
    else if (last !== undefined) last.beats += step;
  }
  return strokes.filter(({ sign }) => sign !== '.');
}

/** Chords in a rhythm: `x` strikes, `X` strikes harder, `-` holds, `.` is silent. `strum`: beats from the lowest to the highest note. */
export function chords(
  score: Score,
  part: Part,
  wish: Figure & { pattern: string; step?: number; count?: number; strum?: number; pedal?: boolean },
): void {
  const { pattern, step = 0.5, count = 4, range, level, strum = 0, pedal = false } = wish;
  let before: number[] | null = null;
  const strike = (at: number, beats: number, pitches: readonly number[], hard: number): void => {
    for (const [i, pitch] of pitches.entries()) {
      const late = (strum * i) / pitches.length;
      part.play(at + late, beats - late, pitch, level + hard);
    }
  };
  for (const span of spansDuring(score, wish)) {
    before = voicing(span.chord, count, range, before);
    for (const { sign, at, beats } of strokesOf(pattern, step, span)) strike(at, beats, before, sign === 'X' ? 12 : 0);
    if (pedal) part.pedal(span);
  }
  if (reachesEnd(score, wish)) strike(score.last.at, score.last.beats, voicing(score.last.chord, count, range, before), 0);
}

/** Broken chords: `figure` numbers the notes of the chord from below, one every `step` beats, `.` for none. */
export function broken(
  score: Score,
  part: Part,
  wish: Figure & { figure: string; step?: number; count?: number; length?: number; pedal?: boolean },
): void {
  const { figure, step = 0.5, count = 4, range, level, length = step, pedal = false } = wish;
  const order = figure.split(' ');
  let before: number[] | null = null;
  for (const span of spansDuring(score, wish)) {
    before = voicing(span.chord, count, range, before);
    const first = Math.round(span.at / step);
    for (let i = 0; i < Math.round(span.beats / step); i++) {
      const pitch = before[Number(order[(first + i) % order.length])];
      if (pitch !== undefined) part.play(span.at + i * step, length, pitch, level);
    }
    if (pedal) part.pedal(span);
  }
  if (!reachesEnd(score, wish)) return;
  for (const [i, pitch] of voicing(score.last.chord, count, range, before).entries())
    part.play(score.last.at + 0.12 * i, score.last.beats - 0.12 * i, pitch, level);
}

/**
 * A bass: `r` plays the root, `3`, `5` and `7` other notes of the chord, `o` the octave, `a` the step that leads into the next root, `x` a muted stroke,
 * `-` holds.
 */
export function bass(score: Score, part: Part, wish: Figure & { pattern: string; step?: number }): void {
  const { pattern, step = 0.5, range, level } = wish;
  const spans = spansDuring(score, wish);
  for (const [i, span] of spans.entries()) {
    const root = rootIn(span, range);
    const next = rootIn(spans[i + 1] ?? score.last, range);
    for (const { sign, at, beats } of strokesOf(pattern, step, span)) {
      const isMuted = sign === 'x';
      part.play(at, isMuted ? step / 3 : beats * 0.95, bassPitch(sign, span, { root, next, range }), isMuted ? level - 35 : level);
    }
  }
  if (reachesEnd(score, wish)) part.play(score.last.at, score.last.beats, rootIn(score.last, range), level);
}

function rootIn({ chord }: Span, [low]: Range): number {
  return nearest([chord.root], low + 5, [low, low + 11]);
}

function bassPitch(sign: string, { chord }: Span, { root, next, range }: { root: number; next: number; range: Range }): number {
  const above = (tone: number | undefined): number => root + (((tone ?? chord.root) - chord.root + 12) % 12);
  switch (sign) {
    case '3':
      return above(chord.tones[1]);
    case '5':
      return Math.min(above(chord.tones[2] ?? chord.tones[1]), range[1]);
    case '7':
      return above(chord.tones[3] ?? chord.tones[2]);
    case 'o':
      return root + 12;
    case 'a':
      return next > root ? next - 1 : next + 1;
    default:
      return root;
  }
}

/** A walking bass: a note a beat, from root to root over the chord's notes and its scale, the last one a step from the next root. */
export function walk(score: Score, part: Part, wish: Figure): void {
  const { range, level } = wish;
  const spans = spansDuring(score, wish);
  let pitch = rootIn(spans[0] ?? score.last, range);
  for (const [i, span] of spans.entries()) {
    const target = nearest([(spans[i + 1] ?? score.last).chord.root], pitch, range);
    for (let beat = 0; beat < span.beats; beat++) {
      const isLast = beat === span.beats - 1;
      if (beat === 0) pitch = nearest([span.chord.root], pitch, range);
      else if (isLast) pitch = target + (score.random.uniform() < 0.5 && target > range[0] + 1 ? -1 : 1);
      else {
        const pool = pitchesIn(beat % 2 === 0 ? span.chord.tones : span.chord.scale, [
          Math.max(range[0], pitch - 5),
          Math.min(range[1], pitch + 5),
        ]);
        pitch = pool.filter((one) => one !== pitch)[score.random.below(Math.max(1, pool.length - 1))] ?? pitch;
      }
      part.play(span.at + beat, 0.92, pitch, level);
    }
  }
  if (reachesEnd(score, wish)) part.play(score.last.at, score.last.beats, nearest([score.last.chord.root], pitch, range), level);
}
