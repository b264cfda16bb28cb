/** @file Outdoors: dances at a mill, and four reeds in a park. */
import { bass, broken, chords } from '../accompany.ts';
import { track } from '../album.ts';
import type { DemoAlbum } from '../album.ts';
import { drums } from '../drums.ts';
import { beside, doubled, melody } from '../melody.ts';

export const mill: DemoAlbum = {
  ...{ artist: 'The Millrace Players', title: 'Dance at the Mill', genre: 'Folk', year: 2006, loudness: -17 },
  tracks: [
    track(
      'Accordion Waltz',
      {
        key: 'G minor',
        beatsPerMinute: 172,
        beatsPerBar: 3,
        chords: 'i | i | iv | i | V7 | V7 | i | i | iv | iv | i | i | V7 | V7 | bVI | V7 | i | iv | V7',
        looseMs: 8,
      },
      (score) => {
        const tones = melody(score, score.part('musette', { pan: 0.1, reverb: 45 }), {
          rhythms: ['1 1 1', '2 1', '.5 .5 1 1', '1.5 .5 1'],
          form: 'ABAC',
          range: [67, 86],
          level: 96,
          graces: 0.2,
        });
        beside(score, score.part('accordion', { pan: 0.1, reverb: 45, volume: 78 }), {
          tones: tones.filter(({ beats }) => beats >= 1),
          steps: -2,
          range: [62, 79],
          level: 78,
        });
        chords(score, score.part('accordion', { pan: -0.4, reverb: 40, volume: 88 }), {
          pattern: '.xx',
          step: 1,
          count: 3,
          range: [55, 69],
          level: 76,
        });
        bass(score, score.part('doubleBass', { pan: -0.2, volume: 112 }), { pattern: 'r..5..', step: 1, range: [31, 47], level: 92 });
      },
    ),
    track(
      'Fiddler on the Weir',
      {
        key: 'D major',
        beatsPerMinute: 118,
        beatsPerBar: 2,
        chords: 'I | I | IV | V | I | I | V | I | vi | IV | I | V | vi | IV | V | I | I | IV | V',
        swing: 0.56,
        swingOf: 0.25,
        looseMs: 7,
      },
      (score) => {
        const tones = melody(score, score.part('fiddle', { pan: -0.2, reverb: 50, volume: 112 }), {
          rhythms: ['.25 .25 .25 .25 .5 .5', '.5 .25 .25 .5 .5', '.25 .25 .5 .25 .25 .5'],
          form: 'AABB',
          range: [67, 88],
          level: 100,
          graces: 0.25,
        });
        doubled(score.part('whistle', { pan: 0.4, reverb: 55, volume: 62 }), { tones, semitones: 12, level: 74 });
        chords(score, score.part('steelGuitar', { pan: 0.3, volume: 88 }), {
          pattern: 'x.xx',
          step: 0.5,
          count: 4,
          range: [45, 66],
          level: 84,
          strum: 0.06,
        });
        bass(score, score.part('doubleBass', { volume: 108 }), { pattern: 'r.5.', range: [28, 45], level: 92 });
        drums(score, score.part('kit', { volume: 76 }), {
          rows: { kick: 'x...x...', tambourine: 'oxoxoxox' },
          level: 84,
          lastCrash: false,
        });
      },
    ),
    track(
      'Piper in the Mist',
      { key: 'A mixolydian', beatsPerMinute: 84, chords: 'I | bVII | I | I | bVII | IV | I', last: 'I5', looseMs: 9 },
      (score) => {
        chords(score, score.part('bagpipe', { volume: 66, pan: 0.2, reverb: 70 }), {
          pattern: 'x-------',
          count: 2,
          range: [45, 53],
          level: 84,
        });
        melody(score, score.part('bagpipe', { volume: 104, pan: -0.1, reverb: 70 }), {
          rhythms: ['1.5 .5 1 1', '1 .5 .5 2', '.75 .25 1 2'],
          range: [67, 81],
          level: 100,
          graces: 0.7,
          hold: 1,
        });
        drums(score, score.part('orchestraKit', { volume: 84, reverb: 60 }), {
          rows: { kick: 'x.......x.......', snare: 'x.oxo.oxx.oxoooo' },
          level: 80,
          during: [3, 7],
          lastCrash: false,
        });
      },
    ),
    track(
      'Campfire Harmonica',
      { key: 'E mixolydian', beatsPerMinute: 98, chords: 'I7 | IV7 | I7 | I7 | IV7 | I7 | V7 | I7', last: 'I7', swing: 0.64, looseMs: 12 },
      (score) => {
        melody(score, score.part('harmonica', { pan: 0.2, reverb: 50 }), {
          rhythms: ['1 .5 .5 2', '.5 .5 .5 .5 2', 'r.5 .5 1 2'],
          range: [64, 81],
          level: 98,
          graces: 0.4,
        });
        chords(score, score.part('steelGuitar', { pan: -0.3, reverb: 30, volume: 104 }), {
          pattern: 'x.xxx.xx',
          count: 5,
          range: [40, 64],
          level: 88,
          strum: 0.08,
        });
        bass(score, score.part('doubleBass', { volume: 100 }), { pattern: 'r.3.5.3.', range: [28, 45], level: 88 });
      },
    ),
  ],
};

export const reeds: DemoAlbum = {
  ...{ artist: 'Four Reeds', title: 'Bandstand in the Park', genre: 'Woodwind Ensemble', year: 2015, loudness: -17.5 },
  tracks: [
    track(
      'Ducks, Mostly',
      { key: 'C major', beatsPerMinute: 112, chords: 'I | vi | ii | V7 | I | IV | ii V7 | I', looseMs: 9 },
      (score) => {
        const tones = melody(score, score.part('oboe', { pan: -0.4, reverb: 55 }), {
          rhythms: ['.5 .5 1 1 1', '1 .5 .5 1 r1', '.5 .5 .5 .5 1 1'],
          range: [67, 84],
          level: 92,
          hold: 0.75,
        });
        beside(score, score.part('clarinet', { pan: 0.1, reverb: 55 }), { tones, steps: -2, range: [58, 74], level: 84, hold: 0.75 });
        bass(score, score.part('bassoon', { pan: 0.4, reverb: 50, volume: 112 }), { pattern: 'r.5.r.a.', range: [36, 55], level: 94 });
      },
    ),
    track(
      'Clarinet Lullaby',
      {
        key: 'Eb major',
        beatsPerMinute: 96,
        beatsPerBar: 3,
        chords: 'I | vi | IV | V | I | iii | IV | V7 | vi | IV',
        looseMs: 14,
        slowing: 0.75,
      },
      (score) => {
        melody(score, score.part('clarinet', { reverb: 75, swells: true }), {
          rhythms: ['2 1', '1.5 .5 1', '3'],
          range: [62, 80],
          level: 88,
          hold: 1,
        });
        broken(score, score.part('bassoon', { pan: 0.3, reverb: 65, volume: 84 }), {
          figure: '0 1 2',
          count: 3,
          step: 1,
          range: [46, 62],
          level: 72,
          length: 0.9,
        });
        chords(score, score.part('oboe', { pan: -0.3, reverb: 75, volume: 72, swells: true }), {
          pattern: 'x--',
          step: 1,
          count: 1,
          range: [65, 76],
          level: 72,
        });
      },
    ),
    track(
      'Saxophones at Six',
      {
        key: 'Ab major',
        beatsPerMinute: 132,
        chords: 'Imaj7 | vi7 | ii9 | V9 | iii7 | vi7 | ii9 | V9 | Imaj7 | V9',
        last: 'I6',
        swing: 0.64,
        looseMs: 8,
      },
      (score) => {
        const tones = melody(score, score.part('altoSax', { pan: -0.4, reverb: 45 }), {
          rhythms: ['.5 .5 .5 .5 1 r1', '1.5 .5 1 1', 'r.5 .5 1 2'],
          range: [63, 80],
          level: 98,
          hold: 0.85,
        });
        beside(score, score.part('altoSax', { pan: -0.1, reverb: 45, volume: 88 }), {
          tones,
          steps: -2,
          range: [58, 75],
          level: 90,
          hold: 0.85,
        });
        beside(score, score.part('tenorSax', { pan: 0.2, reverb: 45, volume: 88 }), {
          tones,
          steps: -4,
          range: [52, 70],
          level: 90,
          hold: 0.85,
        });
        bass(score, score.part('baritoneSax', { pan: 0.4, reverb: 40 }), { pattern: 'r.3.5.a.', range: [38, 55], level: 96 });
      },
    ),
    track(
      'Recorder Canon',
      { key: 'G major', beatsPerMinute: 108, chords: 'I V | vi iii | IV I | IV V | I V | vi iii | IV I | IV V', looseMs: 8, slowing: 0.8 },
      (score) => {
        const tones = melody(score, score.part('recorder', { pan: -0.5, reverb: 70 }), {
          rhythms: ['1 1 1 1', '.5 .5 1 1 1', '.5 .5 .5 .5 1 1'],
          form: 'ABCD',
          range: [74, 88],
          level: 92,
        });
        doubled(score.part('recorder', { pan: 0.5, reverb: 70, volume: 88 }), {
          tones: tones.filter(({ at }) => at + 16 < score.last.at),
          late: 16,
          level: 84,
        });
        beside(score, score.part('recorder', { reverb: 70, volume: 84 }), { tones, steps: -5, range: [67, 79], level: 80 });
        bass(score, score.part('cello', { reverb: 60, volume: 92 }), { pattern: 'r-r-r-r-', range: [43, 57], level: 84 });
      },
    ),
  ],
};
