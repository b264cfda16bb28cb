/** @file A solo piano, a string quartet, and what is wound up, plucked and struck softly. */
import { bass, broken, chords } from '../accompany.ts';
import { track } from '../album.ts';
import type { DemoAlbum } from '../album.ts';
import { beside, doubled, melody } from '../melody.ts';
import type { Part, Score } from '../score.ts';

export const piano: DemoAlbum = {
  ...{ artist: 'Ada Lindqvist', title: 'Quiet Rooms', genre: 'Classical', year: 2019, loudness: -18 },
  tracks: [
    track(
      'Window Light',
      { key: 'Db major', beatsPerMinute: 76, chords: 'Iadd9 | vi7 | IVmaj7 | V6 | iii7 | vi7', looseMs: 14, slowing: 0.72 },
      (score) => {
        const hands = score.part('piano', { reverb: 70 });
        broken(score, hands, { figure: '0 1 2 3 2 1 2 1', count: 4, range: [44, 64], level: 46, length: 1.5, pedal: true });
        melody(score, hands, { rhythms: ['2 1 1', '3 1', '1.5 .5 2'], form: 'AAB', range: [65, 84], level: 70 });
      },
    ),
    track(
      'Running Water',
      {
        key: 'E minor',
        beatsPerMinute: 138,
        chords: 'i | bVI | iv | V7 | i | bIII | iv V7 | i | bVI | iidim | V7',
        looseMs: 5,
        slowing: 0.8,
      },
      (score) => {
        const hands = score.part('brightPiano', { reverb: 45 });
        broken(score, hands, { figure: '0 2 1 3 2 4 3 1', count: 5, range: [64, 88], step: 0.25, level: 74, pedal: true });
        bass(score, hands, { pattern: 'r---o---', range: [31, 54], level: 80 });
        melody(score, hands, { rhythms: ['1 1 2', '2 2'], range: [76, 91], level: 92, during: [2, 11] });
      },
    ),
    track(
      'Waltz for a Clock',
      {
        key: 'A minor',
        beatsPerMinute: 148,
        beatsPerBar: 3,
        chords: 'i | i | iv | i | bVI | bIII | V7 | i | i | bVII | bIII | bVI | iv | i | V7 | V7',
        looseMs: 10,
        slowing: 0.7,
      },
      (score) => {
        const hands = score.part('piano', { reverb: 55 });
        bass(score, hands, { pattern: 'r..5..', step: 1, range: [33, 50], level: 66 });
        chords(score, hands, { pattern: '.xx', step: 1, count: 3, range: [52, 67], level: 50 });
        melody(score, hands, { rhythms: ['1.5 .5 1', '2 1', '1 1 1'], form: 'ABAC', range: [69, 86], level: 80 });
      },
    ),
    track(
      'Thunder Etude',
      { key: 'C minor', beatsPerMinute: 112, chords: 'i | bVI | iidim V7 | i | iv | bIII | bII | V7', looseMs: 8, slowing: 0.75 },
      (score) => {
        const hands = score.part('piano', { reverb: 55 });
        bass(score, hands, { pattern: 'rorororo', range: [24, 48], level: 104 });
        chords(score, hands, { pattern: 'X.x-x.X-', count: 4, range: [53, 74], level: 100, pedal: true });
        const tones = melody(score, hands, { rhythms: ['.5 .5 1 2', '1.5 .5 1 1'], form: 'AB', range: [72, 89], level: 112 });
        doubled(hands, { tones, semitones: -12, level: 100 });
      },
    ),
  ],
};

function quartet(score: Score, swells = true): { first: Part; second: Part; viola: Part; cello: Part } {
  const place = { reverb: 72, swells };
  return {
    first: score.part('violin', { ...place, pan: -0.55 }),
    second: score.part('violin', { ...place, pan: -0.2, volume: 88 }),
    viola: score.part('viola', { ...place, pan: 0.2, volume: 94 }),
    cello: score.part('cello', { ...place, pan: 0.5 }),
  };
}

export const strings: DemoAlbum = {
  ...{ artist: 'Holm Quartet', title: 'Four Chairs', genre: 'Chamber Music', year: 2014, loudness: -18 },
  tracks: [
    track(
      'Adagio in Grey',
      { key: 'G minor', beatsPerMinute: 60, chords: 'i | bVImaj7 | iv7 V7 | i | bIII', looseMs: 16, slowing: 0.8 },
      (score) => {
        const { first, second, viola, cello } = quartet(score);
        const tones = melody(score, first, { rhythms: ['2 1 1', '3 1'], range: [67, 84], level: 78, hold: 1.04 });
        beside(score, second, { tones, steps: -2, range: [60, 76], level: 64, hold: 1.04 });
        chords(score, viola, { pattern: 'x---x---', count: 1, range: [53, 65], level: 66 });
        bass(score, cello, { pattern: 'r---5---', range: [36, 52], level: 74 });
      },
    ),
    track(
      'Allegro with Keys',
      { key: 'D major', beatsPerMinute: 132, chords: 'I | V | vi | iii | IV | I | IV V | I | ii V7', looseMs: 9, slowing: 0.85 },
      (score) => {
        const { first, second, viola, cello } = quartet(score, false);
        const tones = melody(score, first, {
          rhythms: ['.5 .5 .5 .5 1 1', '1 .5 .5 .5 .5 1', '.5 .25 .25 .5 .5 1 1'],
          form: 'ABAC',
          range: [69, 88],
          level: 92,
          hold: 0.85,
        });
        beside(score, second, { tones: tones.filter(({ beats }) => beats >= 0.5), steps: -2, range: [62, 79], level: 80, hold: 0.85 });
        chords(score, viola, { pattern: '.x.x.x.x', count: 2, range: [52, 67], level: 72 });
        bass(score, cello, { pattern: 'r-5-r-a-', range: [36, 53], level: 86 });
      },
    ),
    track(
      'Pizzicato Parade',
      { key: 'F major', beatsPerMinute: 118, chords: 'I | IV | I | V7 | vi | ii | V7 | I', looseMs: 8, slowing: 0.8 },
      (score) => {
        const place = { reverb: 60 };
        const tones = melody(score, score.part('pizzicato', { ...place, pan: -0.5 }), {
          rhythms: ['.5 .5 1 .5 .5 1', '1 .5 .5 1 r1'],
          range: [67, 86],
          level: 96,
          hold: 0.5,
        });
        beside(score, score.part('pizzicato', { ...place, pan: 0.1 }), { tones, steps: -5, range: [55, 71], level: 76, hold: 0.5 });
        bass(score, score.part('pizzicato', { ...place, pan: 0.5 }), { pattern: 'r.5.r.3.', range: [38, 55], level: 92 });
      },
    ),
    track(
      'Night Train Tremolo',
      { key: 'E phrygian', beatsPerMinute: 100, chords: 'i | bII | i | bVII | bVI | bII | i | bII', last: 'i', looseMs: 8 },
      (score) => {
        const { first, viola, cello } = quartet(score);
        chords(score, score.part('tremolo', { reverb: 80, swells: true, volume: 92 }), {
          pattern: 'x-------',
          count: 4,
          range: [52, 74],
          level: 84,
        });
        bass(score, cello, { pattern: 'rrrrrrrr', range: [28, 43], level: 96 });
        bass(score, viola, { pattern: '..r...5.', range: [52, 64], level: 84 });
        melody(score, first, { rhythms: ['2 .5 .5 1', '3 .5 .5'], range: [71, 89], level: 98, during: [2, 8], hold: 1 });
      },
    ),
  ],
};

export const windings: DemoAlbum = {
  ...{ artist: 'Tin Lark', title: 'The Winding Key', genre: "Children's Music", year: 2021, loudness: -18 },
  tracks: [
    track(
      'Music Box Ballerina',
      {
        key: 'G major',
        beatsPerMinute: 126,
        beatsPerBar: 3,
        chords: 'I | iii | vi | IV | I | vi | ii | V7 | I | iii | IV | V7 | I',
        looseMs: 2,
        slowing: 0.55,
      },
      (score) => {
        const box = score.part('musicBox', { reverb: 60 });
        broken(score, box, { figure: '0 1 2 1 2 1', count: 3, range: [67, 79], level: 70, length: 1 });
        melody(score, box, { rhythms: ['1 1 1', '2 1', '1 .5 .5 1'], form: 'ABAC', range: [79, 98], level: 92, hold: 1 });
      },
    ),
    track(
      'Glass Staircase',
      { key: 'E lydian', beatsPerMinute: 104, chords: 'Imaj7 | II | Imaj7 | vi7 | II | iii7 | Imaj7', looseMs: 4, slowing: 0.8 },
      (score) => {
        broken(score, score.part('celesta', { reverb: 85, pan: -0.3 }), {
          figure: '0 1 2 3 4 3 2 1',
          count: 5,
          step: 0.25,
          range: [64, 86],
          level: 80,
          length: 0.6,
        });
        melody(score, score.part('glockenspiel', { reverb: 90, pan: 0.3, volume: 84 }), {
          rhythms: ['2 2', '1 1 2', 'r1 1 1 1'],
          range: [79, 96],
          level: 84,
          hold: 1,
        });
        chords(score, score.part('bowedGlass', { reverb: 90, volume: 62 }), { pattern: 'x-------', count: 3, range: [52, 70], level: 70 });
      },
    ),
    track(
      'Harp by the Lake',
      { key: 'Ab major', beatsPerMinute: 80, chords: 'Imaj7 | vi9 | IVmaj7 | V9 | iii7 | vi7 | ii9 V7', looseMs: 12, slowing: 0.65 },
      (score) => {
        const harp = score.part('harp', { reverb: 80 });
        broken(score, harp, { figure: '0 1 2 3 4 5 6 7 6 5 4 3 2 1 2 1', count: 8, step: 0.25, range: [44, 80], level: 72, length: 1.2 });
        melody(score, harp, { rhythms: ['2 2', '1 1 2', '3 1'], range: [72, 92], level: 96, hold: 1 });
      },
    ),
    track(
      'Thumb Piano Nap',
      {
        key: 'D pentatonic',
        beatsPerMinute: 92,
        chords: 'I | IV | I | vi | IV | I | V',
        last: 'I',
        looseMs: 9,
        swing: 0.58,
        swingOf: 0.25,
      },
      (score) => {
        const kalimba = score.part('kalimba', { reverb: 55 });
        broken(score, kalimba, { figure: '0 . 2 1 . 3 2 .', count: 4, step: 0.25, range: [62, 79], level: 88 });
        melody(score, kalimba, { rhythms: ['1 .5 .5 2', '1.5 .5 1 r1'], range: [74, 90], level: 104 });
        bass(score, kalimba, { pattern: 'r---..5-', range: [50, 62], level: 92 });
      },
    ),
  ],
};
