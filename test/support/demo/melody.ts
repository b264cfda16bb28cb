/** @file Melodies: a motif for every letter of a form, repeated over the chords that are there then, and a second voice beside one. */
import { nearest, pitchesIn } from './harmony.ts';
import type { Range, Span } from './harmony.ts';
import { reachesEnd, spansDuring } from './accompany.ts';
import type { Figure } from './accompany.ts';
import type { Part, Score } from './score.ts';

/** A melody's note: times in beats. */
export type Tone = { at: number; beats: number; pitch: number };

/** How a melody is made. */
export type MelodyWish = Figure & {
  /** Rhythms of a bar: lengths in beats, rests after an `r`, as `1 .5 .5 r1 1`. */
  rhythms: readonly string[];
  /** One motif a letter. */
  form?: string;
  /** Bars of a motif. */
  bars?: number;
  /** How long notes are held of what they last. */
  hold?: number;
  /** Share of steps that are leaps. */
  leaps?: number;
  /** Grace notes before some, as a fiddler or piper has them. */
  graces?: number;
};

/** A motif's note: where it is in the motif, and the steps of the scale by which it differs from the one before. */
type MotifNote = { at: number; beats: number; steps: number };

/** Plays a melody. @returns its notes, for a second voice */
export function melody(score: Score, part: Part, wish: MelodyWish): Tone[] {
  const tones = compose(score, wish);
  const { level, hold = 0.96, graces = 0 } = wish;
  for (const { at, beats, pitch } of tones) {
    if (graces > 0 && beats >= 0.5 && score.random.uniform() < graces) part.play(at - 0.08, 0.07, pitch + 2, level - 12);
    part.play(at, beats * hold, pitch, level);
  }
  return tones;
}

/** Plays some notes of a melody with another voice: as many steps of the scale away, in its own range. */
export function beside(
  score: Score,
  part: Part,
  { tones, steps, range, level, hold = 0.96 }: Figure & { tones: readonly Tone[]; steps: number; hold?: number },
): void {
  for (const { at, beats, pitch } of tones) {
    const { chord } = spanAt(score, at);
    const scale = pitchesIn(chord.scale, [range[0] - 24, range[1] + 24]);
    const place = scale.indexOf(nearest(chord.scale, pitch, [range[0] - 24, range[1] + 24]));
    const moved = scale[place + steps] ?? pitch;
    const isStrong = at % 1 === 0 && beats >= 1;
    part.play(at, beats * hold, nearest(isStrong ? chord.tones : [moved % 12], moved, range), level);
  }
}

/** Plays the notes of a melody, so many semitones and beats away. */
export function doubled(
  part: Part,
  {
    tones,
    semitones = 0,
    late = 0,
    level,
    hold = 0.96,
  }: { tones: readonly Tone[]; semitones?: number; late?: number; level: number; hold?: number },
): void {
  for (const { at, beats, pitch } of tones) part.play(at + late, beats * hold, pitch + semitones, level);
}

function compose(score: Score, wish: MelodyWish): Tone[] {
  const { range, form = 'AABA', bars = 2 } = wish;
  const spans = spansDuring(score, wish);
  const from = spans[0]?.at ?? 0;
  const unit = bars * score.beatsPerBar;
  const units = Math.ceil((spans.reduce((sum, { beats }) => sum + beats, 0) || 0) / unit);
  const motifs = new Map<string, MotifNote[]>();
  const tones: Tone[] = [];
  let pitch = nearest((spans[0] ?? score.last).chord.tones, (range[0] + range[1]) / 2, range);
  for (let i = 0; i < units; i++) {
    const letter = form[i % form.length] as string;
    const motif = motifs.get(letter) ?? makeMotif(score, wish);
    motifs.set(letter, motif);
    // A motif that comes back begins where it began; what it is heard over makes the difference.
    const start = tones.find(({ at }) => at === from + form.indexOf(letter) * unit && form.indexOf(letter) < i)?.pitch;
    pitch = start ?? pitch;
    for (const note of motif) {
      const at = from + i * unit + note.at;
      if (at >= score.last.at) continue;
      pitch = nextPitch(score, { at, note, pitch, range });
      tones.push({ at, beats: note.beats, pitch });
    }
  }
  if (reachesEnd(score, wish)) tones.push({ at: score.last.at, beats: score.last.beats, pitch: nearest([score.tonic], pitch, range) });
  return tones;
}

function makeMotif(score: Score, { rhythms, bars = 2, leaps = 0.2 }: MelodyWish): MotifNote[] {
  const { random, beatsPerBar } = score;
  const notes: MotifNote[] = [];
  let height = 0;
  for (let bar = 0; bar < bars; bar++) {
    let at = bar * beatsPerBar;
    for (const word of (rhythms[random.below(rhythms.length)] ?? '1').split(' ')) {
      const beats = Number(word.replace('r', ''));
      if (!word.startsWith('r')) {
        const size = random.uniform() < leaps ? 2 + random.below(3) : random.uniform() < 0.15 ? 0 : 1;
        // What has gone up comes down again.
        const isUp = random.uniform() < 0.5 - 0.09 * height;
        const steps = notes.length === 0 ? 0 : isUp ? size : -size;
        height += steps;
        notes.push({ at, beats, steps });
      }
      at += beats;
    }
  }
  return notes;
}

/** On beats and in long notes a note of the chord, between them one of its scale. */
function nextPitch(score: Score, { at, note, pitch, range }: { at: number; note: MotifNote; pitch: number; range: Range }): number {
  const { chord } = spanAt(score, at);
  const scale = pitchesIn(chord.scale, range);
  const place = scale.indexOf(nearest(chord.scale, pitch, range));
  const moved = scale[Math.min(scale.length - 1, Math.max(0, place + note.steps))] ?? pitch;
  return note.beats >= 1 || at % score.beatsPerBar === 0 ? nearest(chord.tones, moved, range) : moved;
}

function spanAt({ body, last }: Score, at: number): Span {
  return body.find((span) => at >= span.at && at < span.at + span.beats) ?? last;
}
