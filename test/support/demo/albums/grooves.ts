/** @file Funk with a slapped bass, and a jazz trio after closing time. */
import { bass, chords, walk } from '../accompany.ts';
import { track } from '../album.ts';
import type { DemoAlbum } from '../album.ts';
import { drums } from '../drums.ts';
import { beside, melody } from '../melody.ts';

export const funk: DemoAlbum = {
  ...{ artist: 'The Low Enders', title: 'Thumb Line', genre: 'Funk', year: 1998, loudness: -16.5 },
  tracks: [
    track(
      'Thumb Line',
      {
        key: 'E dorian',
        beatsPerMinute: 104,
        chords: 'i7 | IV9 | i7 | IV9 | i7 | IV9 | bVII9 | IV9',
        last: 'i7',
        swing: 0.56,
        swingOf: 0.25,
        looseMs: 5,
      },
      (score) => {
        bass(score, score.part('slapBass', { volume: 118, reverb: 15 }), {
          pattern: 'r.xo.xr.x5.x7.oa',
          step: 0.25,
          range: [28, 47],
          level: 108,
        });
        chords(score, score.part('clavinet', { pan: -0.4, volume: 92, reverb: 20 }), {
          pattern: '..x..x.x..x.x..x',
          step: 0.25,
          count: 3,
          range: [57, 72],
          level: 92,
        });
        chords(score, score.part('funkGuitar', { pan: 0.5, volume: 94, reverb: 20 }), {
          pattern: 'x.xx.x.xx.xx.xx.',
          step: 0.25,
          count: 3,
          range: [62, 77],
          level: 86,
        });
        chords(score, score.part('brass', { volume: 88, reverb: 40 }), {
          pattern: '......X-......x.',
          step: 0.25,
          count: 4,
          range: [60, 79],
          level: 108,
          during: [2, 8],
        });
        drums(score, score.part('kit', { volume: 112, reverb: 15 }), {
          rows: { kick: 'x..x..x...x..x..', snare: '....X..o.o..X..o', hat: 'xxxxxxoxxxxxxxo.', open: '...............x' },
          level: 98,
          fillEvery: 8,
        });
      },
    ),
    track(
      'Bus Lane',
      {
        key: 'Bb mixolydian',
        beatsPerMinute: 112,
        chords: 'I9 | I9 | IV9 | I9 | V7 | IV9 | I9 | V7',
        last: 'I9',
        swing: 0.54,
        swingOf: 0.25,
      },
      (score) => {
        bass(score, score.part('slapBass', { volume: 114 }), { pattern: 'r..r.o.5x.7.o.a.', step: 0.25, range: [28, 46], level: 106 });
        chords(score, score.part('drawbarOrgan', { pan: -0.3, volume: 78, chorus: 50 }), {
          pattern: '..x-..x-.x..x-..',
          step: 0.25,
          count: 4,
          range: [55, 72],
          level: 88,
        });
        const tones = melody(score, score.part('tenorSax', { pan: 0.2, volume: 102, reverb: 35 }), {
          rhythms: ['.5 .5 r.5 .5 1 1', 'r.5 .5 .5 .5 .5 1.5', '.75 .25 1 r1 1'],
          range: [52, 70],
          level: 104,
          hold: 0.8,
        });
        beside(score, score.part('trumpet', { pan: 0.4, volume: 86, reverb: 35 }), {
          tones,
          steps: 2,
          range: [60, 77],
          level: 96,
          hold: 0.8,
        });
        drums(score, score.part('kit', { volume: 112 }), {
          rows: { kick: 'x.x.......x..x..', snare: '....X..o....X.o.', hat: 'x.xox.xox.xox.xx', cowbell: 'x...x...x...x...' },
          level: 96,
          fillEvery: 4,
        });
      },
    ),
    track(
      'Velvet Elevator',
      {
        key: 'F minor',
        beatsPerMinute: 88,
        chords: 'i9 | bVImaj7 | iv9 | bVII9 | i9 | bIIImaj7 | iv9',
        last: 'i9',
        swing: 0.58,
        swingOf: 0.25,
        looseMs: 9,
      },
      (score) => {
        chords(score, score.part('rhodes', { pan: -0.2, chorus: 60, reverb: 45 }), {
          pattern: 'x--x--.x..x-----',
          step: 0.25,
          count: 5,
          range: [53, 74],
          level: 84,
        });
        bass(score, score.part('fingeredBass', { volume: 114 }), { pattern: 'r-..r.5-..7.o-a.', step: 0.25, range: [29, 48], level: 100 });
        melody(score, score.part('altoSax', { pan: 0.3, reverb: 60, swells: true }), {
          rhythms: ['1.5 .5 2', '.5 .5 1 2', 'r1 1 .5 .5 1'],
          range: [60, 79],
          level: 96,
        });
        drums(score, score.part('kit', { volume: 96, reverb: 25 }), {
          rows: { kick: 'x.........x.....', rim: '....x.......x...', hat: 'x.xox.xox.xox.xo', shaker: 'oxoxoxoxoxoxoxox' },
          level: 84,
        });
      },
    ),
    track(
      'Brick Oven',
      { key: 'A minor', beatsPerMinute: 120, chords: 'i7 | i7 | iv7 | i7 | bVI7 V7 | i7 | iv7 | V7', last: 'i7', looseMs: 5 },
      (score) => {
        bass(score, score.part('slapBass', { volume: 120 }), { pattern: 'r.o.xxr.o.5.7.o.', step: 0.25, range: [28, 46], level: 112 });
        chords(score, score.part('clavinet', { pan: 0.4, volume: 96 }), {
          pattern: 'x..x..x.x..x..x.',
          step: 0.25,
          count: 3,
          range: [57, 70],
          level: 98,
        });
        chords(score, score.part('brass', { pan: -0.2, volume: 96, reverb: 35 }), {
          pattern: 'X..X......x-X...',
          step: 0.25,
          count: 4,
          range: [60, 77],
          level: 114,
          during: [4, 8],
        });
        drums(score, score.part('roomKit', { volume: 116 }), {
          rows: { kick: 'x.x...x...x.x...', snare: '....X.oo.o..X.o.', hat: 'xoxoxoxoxoxoxoxo', highConga: '..x..x....x..xx.' },
          level: 102,
          fillEvery: 4,
        });
      },
    ),
  ],
};

export const jazz: DemoAlbum = {
  ...{ artist: 'Mira Sand Trio', title: 'After Closing', genre: 'Jazz', year: 2003, loudness: -17.5 },
  tracks: [
    track(
      'After Closing',
      {
        key: 'Eb major',
        beatsPerMinute: 138,
        chords: 'ii9 | V9 | Imaj9 | vi7 | ii9 | V9 | iii7 vi7 | ii9 V7 | Imaj9 | vi7 | ii9 V7',
        last: 'Imaj9',
        swing: 0.65,
        looseMs: 9,
      },
      (score) => {
        walk(score, score.part('doubleBass', { pan: 0.25, volume: 114, reverb: 30 }), { range: [28, 48], level: 96 });
        const hands = score.part('piano', { pan: -0.2, reverb: 40 });
        chords(score, hands, { pattern: '.x-.....x-..x...', count: 4, range: [50, 66], level: 70 });
        melody(score, hands, {
          rhythms: ['.5 .5 .5 .5 1 r1', 'r.5 .5 1 .5 .5 1', '1.5 .5 r1 1', '.5 .5 .5 .5 .5 .5 1'],
          form: 'ABAC',
          range: [65, 86],
          level: 92,
          hold: 0.9,
        });
        drums(score, score.part('jazzKit', { volume: 92, reverb: 35 }), {
          rows: { ride: 'x.xxx.xx', pedalHat: '..x...x.', snare2: '...o...oo...o...', kick: 'o.......' },
          step: 0.5,
          level: 84,
        });
      },
    ),
    track(
      'Brushes and Blue Smoke',
      {
        key: 'Bb minor',
        beatsPerMinute: 66,
        chords: 'i9 | iv9 | bVII9 bIIImaj7 | iim7b5 V7 | i9',
        last: 'i6',
        swing: 0.62,
        looseMs: 16,
        slowing: 0.8,
      },
      (score) => {
        bass(score, score.part('doubleBass', { pan: 0.3, volume: 116, reverb: 35 }), { pattern: 'r--.5-a-', range: [28, 46], level: 88 });
        chords(score, score.part('piano', { pan: -0.3, reverb: 55 }), {
          pattern: 'x---.x--',
          count: 5,
          range: [50, 70],
          level: 62,
          strum: 0.06,
          pedal: true,
        });
        melody(score, score.part('tenorSax', { reverb: 65, swells: true }), {
          rhythms: ['1.5 .5 2', '1 .5 .5 2', '3 .5 .5'],
          range: [53, 73],
          level: 88,
          hold: 1,
        });
        drums(score, score.part('brushKit', { volume: 104, reverb: 40 }), {
          rows: { ride: 'x.xxx.xx', snare: 'oxoxoxox', pedalHat: '..x...x.' },
          step: 0.5,
          level: 74,
          lastCrash: false,
        });
      },
    ),
    track(
      'Vibes for Nina',
      {
        key: 'C dorian',
        beatsPerMinute: 118,
        chords: 'i9 | IV7 | i9 | IV7 | bVIImaj7 | bIIImaj7 | ii7 V7 | i9',
        last: 'i6',
        swing: 0.62,
        looseMs: 8,
      },
      (score) => {
        melody(score, score.part('vibraphone', { pan: -0.2, reverb: 60, volume: 112 }), {
          rhythms: ['.5 .5 1 .5 .5 1', '1.5 .5 2', 'r.5 .5 .5 .5 1 1'],
          range: [60, 84],
          level: 96,
          hold: 1.3,
        });
        walk(score, score.part('doubleBass', { pan: 0.2, volume: 114 }), { range: [28, 48], level: 94 });
        chords(score, score.part('jazzGuitar', { pan: 0.45, reverb: 30, volume: 86 }), {
          pattern: 'x.x.x.x.',
          count: 4,
          range: [52, 67],
          level: 70,
        });
        drums(score, score.part('jazzKit', { volume: 88, reverb: 30 }), {
          rows: { ride: 'x.xxx.xx', pedalHat: '..x...x.', rim: '......x.' },
          step: 0.5,
          level: 78,
        });
      },
    ),
    track(
      'Bossa on the Roof',
      {
        key: 'D major',
        beatsPerMinute: 128,
        chords: 'Imaj9 | Imaj9 | II9 | II9 | ii9 | V9 | Imaj9 | bII7 | Imaj9 | V9',
        last: 'Imaj9',
        looseMs: 8,
      },
      (score) => {
        chords(score, score.part('nylonGuitar', { pan: -0.3, reverb: 35, volume: 112 }), {
          pattern: 'x..x..x...x..x..',
          step: 0.25,
          count: 4,
          range: [52, 69],
          level: 86,
        });
        bass(score, score.part('doubleBass', { pan: 0.2, volume: 110 }), { pattern: 'r--5r--5', range: [28, 46], level: 90 });
        melody(score, score.part('flute', { pan: 0.3, reverb: 55 }), {
          rhythms: ['1.5 .5 1 1', 'r.5 .5 1 .5 .5 1', '1 .5 1.5 1'],
          range: [67, 86],
          level: 88,
        });
        drums(score, score.part('brushKit', { volume: 94 }), {
          rows: { kick: 'x..xx..xx..xx..x', rim: 'x..x..x...x..x..', hat: 'xoxoxoxoxoxoxoxo' },
          level: 78,
          lastCrash: false,
        });
      },
    ),
  ],
};
