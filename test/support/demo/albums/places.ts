/** @file A nave, and a far shore. */
import { bass, broken, chords } from '../accompany.ts';
import { track } from '../album.ts';
import type { DemoAlbum } from '../album.ts';
import { drums } from '../drums.ts';
import { beside, doubled, melody } from '../melody.ts';

const nave = { reverb: 115 };

export const stone: DemoAlbum = {
  ...{ artist: 'Nave', title: 'Stone and Air', genre: 'Sacred', year: 1996, loudness: -17.5 },
  tracks: [
    track(
      'Toccata for an Empty Church',
      { key: 'D minor', beatsPerMinute: 100, chords: 'i | V7 | i | iv | bVII | bIII | iidim V7', last: 'I', looseMs: 6, slowing: 0.7 },
      (score) => {
        const organ = score.part('churchOrgan', nave);
        broken(score, organ, { figure: '3 2 1 0 1 2 3 2', count: 4, step: 0.25, range: [62, 84], level: 92, length: 0.22 });
        chords(score, organ, { pattern: 'x-------', count: 3, range: [50, 66], level: 88 });
        bass(score, score.part('churchOrgan', { ...nave, volume: 110 }), { pattern: 'r-------', range: [26, 43], level: 100 });
      },
    ),
    track(
      'Evening Hymn',
      { key: 'F major', beatsPerMinute: 76, chords: 'I IV | I V | vi ii | V I | IV I | ii V', looseMs: 10, slowing: 0.75 },
      (score) => {
        const organ = score.part('churchOrganSoft', nave);
        const tones = melody(score, organ, { rhythms: ['1 1 1 1', '1 1 2', '1.5 .5 1 1'], bars: 2, range: [65, 79], level: 84, hold: 1 });
        beside(score, organ, { tones, steps: -2, range: [60, 74], level: 76, hold: 1 });
        chords(score, organ, { pattern: 'x-x-x-x-', count: 2, range: [48, 60], level: 76 });
        bass(score, organ, { pattern: 'r-r-r-r-', range: [31, 48], level: 84 });
      },
    ),
    track(
      'Kyrie in Fifths',
      { key: 'E minor', beatsPerMinute: 58, chords: 'i5 | bVII5 | bVI | iv | i5', last: 'i5', looseMs: 22 },
      (score) => {
        const tones = melody(score, score.part('choir', { ...nave, swells: true, pan: -0.2 }), {
          rhythms: ['2 1 1', '1 1 2', '3 1'],
          range: [64, 79],
          level: 92,
          hold: 1.08,
          leaps: 0.05,
        });
        beside(score, score.part('voices', { ...nave, swells: true, pan: 0.3 }), {
          tones,
          steps: -4,
          range: [52, 67],
          level: 88,
          hold: 1.08,
        });
        bass(score, score.part('voices', { ...nave, swells: true, volume: 92 }), { pattern: 'r-------', range: [40, 52], level: 84 });
      },
    ),
    track(
      'Bells for a Winter Wedding',
      { key: 'Bb major', beatsPerMinute: 88, chords: 'I | vi | IV | V | I | IV V | I', looseMs: 8 },
      (score) => {
        broken(score, score.part('tubularBells', { ...nave, volume: 104 }), {
          figure: '4 3 2 1 0 2 1 0',
          count: 5,
          step: 0.5,
          range: [58, 77],
          level: 92,
          length: 1.5,
        });
        bass(score, score.part('churchBell', { ...nave, volume: 84 }), { pattern: 'r-------', range: [46, 60], level: 84 });
        chords(score, score.part('choir', { ...nave, swells: true, volume: 96 }), {
          pattern: 'x-------',
          count: 4,
          range: [53, 74],
          level: 88,
        });
      },
    ),
  ],
};

export const shore: DemoAlbum = {
  ...{ artist: 'Hoshi & Rao', title: 'Far Shore', genre: 'World', year: 2012, loudness: -17.5 },
  tracks: [
    track(
      'Sitar at Four in the Morning',
      { key: 'C bhairav', beatsPerMinute: 92, chords: 'I | I | bII I | I | I | bII | I', last: 'I5', looseMs: 12 },
      (score) => {
        chords(score, score.part('sitar', { volume: 76, pan: 0.4, reverb: 60 }), {
          pattern: 'x-x-x-x-',
          count: 2,
          range: [48, 56],
          level: 70,
          strum: 0.3,
        });
        melody(score, score.part('sitar', { volume: 118, pan: -0.1, reverb: 60 }), {
          rhythms: ['.5 .5 1 .5 .5 1', '1.5 .5 2', '.25 .25 .5 1 2'],
          leaps: 0.08,
          range: [60, 79],
          level: 104,
          graces: 0.5,
          hold: 1.1,
        });
        drums(score, score.part('kit', { volume: 92, reverb: 30 }), {
          rows: { highBongo: 'x..xo.x.x.x.o.xx', lowConga: 'X.......X..o....', lowBongo: '....x..x.....x..' },
          level: 84,
          during: [2, 7],
          lastCrash: false,
        });
      },
    ),
    track(
      'Koto Rain',
      { key: 'D hirajoshi', beatsPerMinute: 78, chords: 'i5 | i5 | bVI | i5 | bVI | i5', last: 'i5', looseMs: 16, slowing: 0.7 },
      (score) => {
        const koto = score.part('koto', { volume: 116, pan: -0.2, reverb: 75 });
        melody(score, koto, {
          rhythms: ['1 .5 .5 2', '.25 .25 .25 .25 1 2', '1.5 .5 r1 1'],
          leaps: 0.35,
          range: [62, 84],
          level: 100,
          hold: 1.4,
          graces: 0.15,
        });
        broken(score, koto, { figure: '0 . . 1 2 . . .', count: 3, step: 0.5, range: [45, 60], level: 84, length: 2 });
        melody(score, score.part('shakuhachi', { pan: 0.3, reverb: 100, swells: true, volume: 92 }), {
          rhythms: ['3 1', '2 2', 'r1 2 1'],
          leaps: 0.1,
          range: [65, 81],
          level: 84,
          graces: 0.4,
          during: [2, 6],
        });
      },
    ),
    track(
      'Lantern Boats',
      { key: 'G pentatonic', beatsPerMinute: 96, chords: 'I | vi | I | V | vi | I | V', last: 'I', looseMs: 10 },
      (score) => {
        broken(score, score.part('dulcimer', { pan: -0.3, reverb: 70 }), {
          figure: '0 2 3 2 1 3 2 1',
          count: 4,
          step: 0.25,
          range: [55, 76],
          level: 78,
          length: 0.5,
        });
        melody(score, score.part('flute', { pan: 0.2, reverb: 85, swells: true }), {
          rhythms: ['1.5 .5 2', '1 .5 .5 2', '2 1 1'],
          range: [71, 88],
          level: 92,
          graces: 0.3,
        });
        bass(score, score.part('pizzicato', { reverb: 60 }), { pattern: 'r---5---', range: [43, 57], level: 84 });
      },
    ),
    track(
      'Shamisen Express',
      {
        key: 'A hirajoshi',
        beatsPerMinute: 152,
        chords: 'i5 | i5 | i5 | bVI | i5 | i5 | bVI | i5 | i5 | bVI | i5',
        last: 'i5',
        looseMs: 8,
      },
      (score) => {
        const tones = melody(score, score.part('shamisen', { volume: 118, pan: -0.2, reverb: 35 }), {
          rhythms: ['.5 .5 .5 .5 1 1', '.5 .25 .25 .5 .5 1 1', '1 .5 .5 .5 .5 1'],
          range: [57, 76],
          level: 108,
          hold: 0.7,
          graces: 0.2,
        });
        doubled(score.part('koto', { volume: 84, pan: 0.3, reverb: 45 }), {
          tones: tones.filter(({ beats }) => beats >= 0.5),
          semitones: 12,
          level: 88,
        });
        drums(score, score.part('taiko', { volume: 118, reverb: 60 }), {
          rows: { kick: 'X..xX...', lowTom: '......xx' },
          step: 0.5,
          level: 104,
          lastCrash: false,
        });
      },
    ),
  ],
};
