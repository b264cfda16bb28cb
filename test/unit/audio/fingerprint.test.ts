/** @file Fingerprints: the same sound in other clothes has nearly the same, another sound has another. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparePrints, unpackFingerprint } from '../../../src-main/audio/about.ts';
import type { Fingerprint, PrintMatch } from '../../../src-main/audio/about.ts';
import { packFingerprint, printBands, printSampleRate, wordMs } from '../../../src-main/audio/fingerprint/fingerprint.ts';
import { PrintBuilder } from '../../../src-main/audio/fingerprint/print-builder.ts';
import { printAudio } from '../../../src-main/audio/index.ts';
import { makeAudio } from '../../support/make-audio.ts';
import type { AudioSpec, Sound } from '../../support/make-audio.ts';
import { bowed, cut, delayed, music } from '../../support/make-music.ts';
import { temporaryDirectory } from '../../support/store-data.ts';

/** Fingerprint of a sound as samples, pushed in blocks of odd lengths. */
function printOf(sound: Sound, seconds: number): Fingerprint {
  const builder = new PrintBuilder();
  const samples = Float32Array.from({ length: Math.round(seconds * printSampleRate) }, (_, i) => sound(i / printSampleRate, 0));
  for (let from = 0; from < samples.length; from += 10_007) builder.push(samples.subarray(from, from + 10_007));
  return builder.finish();
}

function printOfFile(spec: AudioSpec): Fingerprint {
  const path = join(temporaryDirectory(), 'sound');
  makeAudio(path, spec);
  return unpackFingerprint(printAudio(path));
}

/** Compares at the shift that two files have whose sound lies `offsetMs` apart. */
function compareAt(first: Fingerprint, second: Fingerprint, offsetMs: number): PrintMatch | null {
  return comparePrints(first, second, Math.round((first.head.startMs + offsetMs - second.head.startMs) / wordMs));
}

/** The best match at any shift. */
function bestMatch(first: Fingerprint, second: Fingerprint): PrintMatch | null {
  let best: PrintMatch | null = null;
  for (let shift = -second.head.words.length; shift < first.head.words.length; shift += 3) {
    const match = comparePrints(first, second, shift);
    if (match !== null && (best === null || match.bitErrorRate < best.bitErrorRate)) best = match;
  }
  return best;
}

describe('recordings that are the same at beginning and end', () => {
  const long = 200;
  const whole = music(3, long);
  const print = printOf(whole, long);

  it('are different ones when what lies between is another', () => {
    const other = music(8, long);
    const spliced: Sound = (at, channel) => (at < 95 || at > long - 35 ? whole : other)(at, channel);
    expect(compareAt(print, printOf(spliced, long), 0)).toBeNull();
    const muted: Sound = (at, channel) => (at < 95 || at > long - 35 ? whole(at, channel) : 0);
    expect(compareAt(print, printOf(muted, long), 0)).toBeNull();
  });

  it('are the same with a silence before them, half as loud, or with a short defect', () => {
    const changed: Sound = (at, channel) => (at > 130 && at < 131 ? 0 : 0.5 * whole(at, channel));
    expect(compareAt(print, printOf(delayed(changed, 0.7), long + 0.7), 700)).toMatchObject({ relation: 'same' });
  });
});

const seconds = 12;
const piece = music(1, seconds);

describe('a fingerprint', () => {
  it('is the same however the samples come, and survives being stored', () => {
    const print = printOf(piece, seconds);
    const whole = new PrintBuilder();
    whole.push(Float32Array.from({ length: seconds * printSampleRate }, (_, i) => piece(i / printSampleRate, 0)));
    expect(whole.finish()).toEqual(print);
    // As SQLite gives it: a part of a larger piece of memory.
    const pool = Buffer.concat([Buffer.alloc(3), packFingerprint(print)]);
    expect(unpackFingerprint(pool.subarray(3))).toEqual(print);
    expect(() => unpackFingerprint(pool.subarray(4))).toThrow(/not whole/);
  });

  it.each([
    ['mp3', 128_000],
    ['mp3', 64_000],
    ['ogg', 96_000],
    ['opus', 64_000],
    ['m4a', 96_000],
    ['flac', undefined],
  ] as const)('of %s at %s bits a second is that of the original', (kind, bitRate) => {
    const original = printOfFile({ kind: 'wav', seconds, sound: piece });
    const coded = printOfFile({ kind, seconds, sound: piece, ...(bitRate === undefined ? {} : { bitRate }) });
    const match = bestMatch(original, coded);
    expect(match?.relation).toBe('same');
    expect(match?.bitErrorRate).toBeLessThan(0.2);
    expect(Math.abs(match?.offsetMs ?? Infinity)).toBeLessThan(60);
  });

  it('of another rate, of one channel, or at half the volume is that of the original', () => {
    const original = printOfFile({ kind: 'wav', seconds, sound: piece });
    const quiet = printOfFile({ kind: 'wav', seconds, sound: (time, channel) => 0.5 * piece(time, channel) });
    const low = printOfFile({ kind: 'wav', seconds, sound: piece, sampleRate: 22_050, channels: 1 });
    for (const print of [quiet, low]) expect(compareAt(original, print, 0)).toMatchObject({ relation: 'same', offsetMs: 0 });
  });

  it('does not mind silence around the sound', () => {
    const original = printOf(piece, seconds);
    for (const pause of [3, 61.234]) {
      const match = compareAt(original, printOf(delayed(cut(piece, seconds), pause), seconds + pause + 3), pause * 1000);
      expect(match?.relation).toBe('same');
      expect(Math.abs((match?.offsetMs ?? 0) - pause * 1000)).toBeLessThan(wordMs);
    }
  });

  it('keeps the first 90 and the last 30 seconds of long sound', () => {
    const long = music(2, 140);
    const { head, tail } = printOf(long, 140);
    expect((head.words.length * wordMs) / 1000).toBeCloseTo(89.6, 0);
    expect((tail.words.length * wordMs) / 1000).toBeCloseTo(29.6, 0);
    expect(tail.startMs / 1000).toBeCloseTo(110, 0);
    // The tail is that of the sound from there on.
    const ending = printOf((time, channel) => long(time + tail.startMs / 1000, channel), 30);
    const same = ending.head.words.filter((word, i) => word === tail.words[i]).length;
    expect(same).toBeGreaterThan(0.95 * tail.words.length);
  });

  it('tells a mastering with an equaliser or a compressor from the original', () => {
    const original = printOf(piece, seconds);
    // A one-pole low-pass adds bass; a follower of the peaks turns loud notes down.
    let low = 0;
    const bass = printOf((time, channel) => (low += 0.25 * (piece(time, channel) - low)) + 0.3 * piece(time, channel), seconds);
    expect(compareAt(original, bass, 0)?.relation).toBe('master');
    let level = 0;
    const compressed = printOf((time, channel) => {
      const sample = piece(time, channel);
      level = Math.max(Math.abs(sample), 0.9995 * level);
      return sample / Math.sqrt(0.01 + level);
    }, seconds);
    expect(compareAt(original, compressed, 0)?.relation).toBe('master');
  });

  it('is another one for other music, the same notes on another instrument, another key, and a shortened version', () => {
    const original = printOf(piece, seconds);
    expect(bestMatch(original, printOf(music(7, seconds), seconds))).toBeNull();
    expect(bestMatch(original, printOf(music(1, seconds, bowed), seconds))).toBeNull();
    expect(
      bestMatch(
        original,
        printOf((time, channel) => piece(time * 1.06, channel), seconds / 1.06),
      ),
    ).toBeNull();
    expect(bestMatch(printOf(music(2, 120), 120), printOf(music(2, 120), 60))).toBeNull();
  });

  it('is empty for silence, for next to nothing, and for a few notes', () => {
    for (const [sound, length] of [
      [() => 0, 60],
      [(time: number) => 1e-4 * Math.sin(time * 5000), 60],
      [cut(piece, 4), 10],
      [piece, 0],
    ] as const) {
      const print = printOf(sound, length);
      expect([print.head.words.length, print.tail.words.length]).toEqual([0, 0]);
      expect(print.spectrum).toEqual(new Float32Array(printBands));
      expect(comparePrints(print, print, 0)).toBeNull();
    }
  });
});
