/** @file Standard MIDI files of type 1: a track of tempos, and one for every part. MIDI 1.0 detailed specification, Standard MIDI Files 1.0. */

/** A note; times in beats, pitch and velocity as MIDI has them, 0 to 127. */
export type MidiNote = { at: number; beats: number; pitch: number; velocity: number };

/** A controller's new value. */
export type MidiControl = { at: number; controller: number; value: number };

/** What one instrument plays. */
export type MidiPart = { name: string; channel: number; bank: number; program: number; notes: MidiNote[]; controls: MidiControl[] };

/** A whole piece. */
export type MidiPiece = { title: string; tempos: { at: number; beatsPerMinute: number }[]; parts: readonly MidiPart[] };

/** Ticks a beat. */
export const ticksPerBeat = 480;

/** `order` tells what comes first of what is at one time: the ends of notes before controllers, and those before notes. */
type Event = { tick: number; order: number; bytes: number[] };

const bankSelect = 0;

/** The bytes of a piece. */
export function midiBytes({ title, tempos, parts }: MidiPiece): Uint8Array {
  const first: Event[] = [{ tick: 0, order: 0, bytes: meta(0x03, Buffer.from(title)) }];
  for (const { at, beatsPerMinute } of tempos) {
    const micros = Math.round(60_000_000 / beatsPerMinute);
    first.push({ tick: toTicks(at), order: 1, bytes: meta(0x51, [micros >> 16, (micros >> 8) & 255, micros & 255]) });
  }
  const tracks = [first, ...parts.map(partEvents)].map(trackChunk);
  return Uint8Array.from([...chunk('MThd', [0, 1, 0, tracks.length, ticksPerBeat >> 8, ticksPerBeat & 255]), ...tracks.flat()]);
}

function partEvents({ name, channel, bank, program, notes, controls }: MidiPart): Event[] {
  const events: Event[] = [
    { tick: 0, order: 0, bytes: meta(0x03, Buffer.from(name)) },
    { tick: 0, order: 1, bytes: [0xb0 | channel, bankSelect, bank] },
    { tick: 0, order: 2, bytes: [0xc0 | channel, program] },
  ];
  for (const { at, controller, value } of controls)
    events.push({ tick: toTicks(at), order: 4, bytes: [0xb0 | channel, controller, toSevenBits(value)] });
  for (const { at, beats, pitch, velocity } of withoutOverlaps(notes)) {
    const [from, to] = [toTicks(at), toTicks(at + beats)];
    events.push({ tick: from, order: 5, bytes: [0x90 | channel, pitch, Math.max(1, toSevenBits(velocity))] });
    events.push({ tick: Math.max(to, from + 1), order: 3, bytes: [0x80 | channel, pitch, 64] });
  }
  return events;
}

/** A key is struck anew only once it is up: a note ends where the next one of its pitch begins. */
function withoutOverlaps(notes: readonly MidiNote[]): MidiNote[] {
  const sorted = notes.toSorted((a, b) => a.at - b.at || a.pitch - b.pitch);
  const last = new Map<number, MidiNote>();
  const kept: MidiNote[] = [];
  for (const note of sorted) {
    const before = last.get(note.pitch);
    if (before !== undefined && toTicks(note.at) <= toTicks(before.at)) continue;
    if (before !== undefined && before.at + before.beats > note.at) before.beats = note.at - before.at;
    const own = { ...note };
    last.set(note.pitch, own);
    kept.push(own);
  }
  return kept;
}

function trackChunk(events: readonly Event[]): number[] {
  const sorted = events.toSorted((a, b) => a.tick - b.tick || a.order - b.order);
  const data: number[] = [];
  let tick = 0;
  for (const event of sorted) {
    data.push(...variableLength(event.tick - tick), ...event.bytes);
    tick = event.tick;
  }
  return chunk('MTrk', [...data, 0, ...meta(0x2f, [])]);
}

function chunk(type: string, data: readonly number[]): number[] {
  const size = data.length;
  return [...Buffer.from(type), size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255, ...data];
}

function meta(type: number, data: Iterable<number>): number[] {
  const bytes = [...data];
  return [0xff, type, ...variableLength(bytes.length), ...bytes];
}

/** Seven bits a byte, most significant first; all but the last have their highest bit set. */
function variableLength(value: number): number[] {
  const bytes = [value & 127];
  for (let left = value >>> 7; left > 0; left >>>= 7) bytes.unshift((left & 127) | 128);
  return bytes;
}

function toTicks(beats: number): number {
  return Math.max(0, Math.round(beats * ticksPerBeat));
}

function toSevenBits(value: number): number {
  return Math.min(127, Math.max(0, Math.round(value)));
}
