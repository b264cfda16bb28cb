/** @file A piece as it is written: chords in time, parts, and how freely people play them. */
import { seededRandom } from '../../../src-main/base/index.ts';
import type { Random } from '../../../src-main/base/index.ts';
import { keyOf, spansOf } from './harmony.ts';
import type { Span } from './harmony.ts';
import { instruments } from './instruments.ts';
import type { InstrumentName } from './instruments.ts';
import { midiBytes } from './midi-file.ts';
import type { MidiPart } from './midi-file.ts';

/** How a piece is set up. */
export type ScoreWish = {
  key: string;
  beatsPerMinute: number;
  /** Chords of the body, played `times` over (once unless said). */
  chords: string;
  times?: number;
  /** The chord that it ends on; the key's own unless said. */
  last?: string;
  beatsPerBar?: number;
  /** Where the second of two equal notes falls, 0.5 (straight) to 0.67; of eighths, or of sixteenths where `swingOf` is 0.25. */
  swing?: number;
  swingOf?: number;
  /** Deviation of every note's time, in milliseconds; machines have 0. */
  looseMs?: number;
  /** The last bar's tempo, as a share. */
  slowing?: number;
};

/** How a part is placed: pan -1 (left) to 1; the others 0 to 127. */
export type PartWish = {
  pan?: number;
  volume?: number;
  reverb?: number;
  chorus?: number;
  /** Swells and fades with every chord, as bows and breath do. */ swells?: boolean;
};

const controllers = { volume: 7, pan: 10, expression: 11, pedal: 64, reverb: 91, chorus: 93 };
const drumChannel = 9;

/** See the file's header. */
export class Score {
  readonly random: Random;
  readonly beatsPerBar: number;
  /** The chords, without the last. */
  readonly body: readonly Span[];
  /** The last chord, held for a bar. */
  readonly last: Span;
  readonly tonic: number;
  readonly #wish: ScoreWish;
  readonly #parts: Part[] = [];

  constructor(wish: ScoreWish, seed: number) {
    const { key, chords, times = 1, beatsPerBar = 4, last } = wish;
    this.#wish = wish;
    this.random = seededRandom(seed);
    this.beatsPerBar = beatsPerBar;
    this.tonic = keyOf(key).tonic;
    const once = spansOf(key, chords, beatsPerBar);
    const length = Math.max(...once.map(({ at, beats }) => at + beats));
    this.body = Array.from({ length: times }, (_, i) => once.map((span) => ({ ...span, at: span.at + i * length }))).flat();
    const isMinor = keyOf(key).scale.includes((this.tonic + 3) % 12);
    const [end] = spansOf(key, last ?? (isMinor ? 'i' : 'I'), beatsPerBar);
    this.last = { ...(end as Span), at: length * times };
  }

  /** Bars of the body. */
  get bars(): number {
    return this.last.at / this.beatsPerBar;
  }

  /** Seconds until the last chord has been held. */
  get seconds(): number {
    const tempos = this.#tempos();
    const end = this.last.at + this.last.beats;
    return tempos.reduce((sum, { at, beatsPerMinute }, i) => sum + (((tempos[i + 1]?.at ?? end) - at) * 60) / beatsPerMinute, 0);
  }

  /** Adds a part. */
  part(name: InstrumentName, { pan = 0, volume = 100, reverb = 50, chorus = 0, swells = false }: PartWish = {}): Part {
    const [bank, program] = instruments[name];
    const isDrums = bank === 128;
    const used = this.#parts.filter((part) => part.midi.channel !== drumChannel).length;
    const channel = isDrums ? drumChannel : used < drumChannel ? used : used + 1;
    const part = new Part(this, { name, channel, bank: isDrums ? 0 : bank, program, notes: [], controls: [] });
    const values = { volume, pan: 64 + 63 * pan, reverb, chorus };
    for (const [key, value] of Object.entries(values)) part.control(0, key as keyof typeof values, value);
    if (swells) for (const span of [...this.body, this.last]) part.swell(span);
    this.#parts.push(part);
    return part;
  }

  /** When a note sounds that is written at a time: swung, and not quite exact. */
  played(at: number): number {
    const { swing = 0.5, swingOf = 0.5, looseMs = 7, beatsPerMinute } = this.#wish;
    const unit = 2 * swingOf;
    const within = (at / unit) % 1;
    const swung = within < 0.5 ? within * 2 * swing : swing + (within - 0.5) * 2 * (1 - swing);
    return (Math.floor(at / unit) + swung) * unit + (this.random.normal() * looseMs * beatsPerMinute) / 60_000;
  }

  /** How loud the piece is at a time, as a share: it rises to two thirds of its length and falls from there. */
  arc(at: number): number {
    const share = at / this.last.at;
    return 0.88 + 0.14 * Math.sin((Math.PI / 2) * (share < 2 / 3 ? 1.5 * share : Math.max(0, 1 + 1.5 * (2 / 3 - share))));
  }

  /** The piece as a standard MIDI file. */
  toMidi(title: string): Uint8Array {
    return midiBytes({ title, tempos: this.#tempos(), parts: this.#parts.map((part) => part.midi) });
  }

  /** The tempo, and how it falls over the bar before the last. */
  #tempos(): { at: number; beatsPerMinute: number }[] {
    const { beatsPerMinute, slowing = 1 } = this.#wish;
    const tempos = [{ at: 0, beatsPerMinute }];
    for (let beat = 0; beat < this.beatsPerBar && slowing < 1; beat++) {
      const share = (beat + 1) / this.beatsPerBar;
      tempos.push({ at: this.last.at - this.beatsPerBar + beat, beatsPerMinute: beatsPerMinute * (1 - (1 - slowing) * share) });
    }
    return tempos;
  }
}

/** What one instrument plays. */
export class Part {
  readonly midi: MidiPart;
  readonly #score: Score;

  constructor(score: Score, midi: MidiPart) {
    this.#score = score;
    this.midi = midi;
  }

  /** Plays a note at a written time, in beats; first beats of bars a little louder. */
  play(at: number, beats: number, pitch: number, level: number): void {
    const { random, beatsPerBar } = this.#score;
    const accent = at % beatsPerBar === 0 ? 5 : at % 1 === 0 ? 1 : -3;
    const from = Math.max(0, this.#score.played(at));
    const to = Math.max(from + 0.05, this.#score.played(at + beats));
    this.midi.notes.push({ at: from, beats: to - from, pitch, velocity: (level + accent) * this.#score.arc(at) + random.normal() * 3 });
  }

  /** Sets a controller. */
  control(at: number, controller: keyof typeof controllers, value: number): void {
    this.midi.controls.push({ at, controller: controllers[controller], value });
  }

  /** Louder to the middle of a chord, and softer to its end. */
  swell({ at, beats }: Span): void {
    const steps = 12;
    for (let i = 0; i < steps; i++) this.control(at + (i * beats) / steps, 'expression', 84 + 36 * Math.sin((Math.PI * (i + 0.5)) / steps));
  }

  /** Holds the pedal down for a chord. */
  pedal({ at, beats }: Span): void {
    this.control(at + 0.02, 'pedal', 127);
    this.control(at + beats - 0.04, 'pedal', 0);
  }
}
