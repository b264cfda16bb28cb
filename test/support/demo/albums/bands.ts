/** @file Brass on a square, and a rock trio. */
import { bass, chords } from '../accompany.ts';
import { track } from '../album.ts';
import type { DemoAlbum } from '../album.ts';
import { drums } from '../drums.ts';
import { beside, doubled, melody } from '../melody.ts';

export const brass: DemoAlbum = {
  ...{ artist: 'Saltbrook Brass', title: 'Market Square', genre: 'Brass Band', year: 2008, loudness: -17 },
  tracks: [
    track(
      'March of the Bakers',
      { key: 'Bb major', beatsPerMinute: 116, chords: 'I | I | V7 | I | IV | I | V7 | I V7', looseMs: 9 },
      (score) => {
        const tones = melody(score, score.part('trumpet', { pan: -0.35, reverb: 55 }), {
          rhythms: ['1 .5 .5 1 1', '1.5 .5 2', '.5 .5 1 2'],
          range: [65, 82],
          level: 98,
          hold: 0.85,
        });
        beside(score, score.part('trumpet', { pan: -0.1, volume: 84, reverb: 55 }), {
          tones,
          steps: -2,
          range: [60, 77],
          level: 86,
          hold: 0.85,
        });
        chords(score, score.part('horn', { pan: 0.25, volume: 92, reverb: 60 }), {
          pattern: '.x.x.x.x',
          count: 3,
          range: [53, 67],
          level: 86,
        });
        bass(score, score.part('tuba', { pan: 0.4, volume: 112 }), { pattern: 'r.5.r.5.', range: [34, 50], level: 100 });
        const field = { kick: 'x...x...', snare: 'x..xx.xxx..xxxxx', crash: '........x.......' };
        drums(score, score.part('orchestraKit', { volume: 92 }), { rows: field, level: 84 });
      },
    ),
    track(
      'Chorale at Noon',
      { key: 'Eb major', beatsPerMinute: 72, chords: 'I vi | IV V | iii vi | ii V7 | I IV', looseMs: 12, slowing: 0.75 },
      (score) => {
        chords(score, score.part('brass', { reverb: 75, swells: true, volume: 84 }), {
          pattern: 'x-x-x-x-',
          step: 0.5,
          count: 4,
          range: [53, 72],
          level: 84,
        });
        const tones = melody(score, score.part('horn', { reverb: 80, pan: -0.3, swells: true }), {
          rhythms: ['2 1 1', '1 1 2'],
          range: [60, 75],
          level: 96,
          hold: 1,
        });
        beside(score, score.part('trombone', { reverb: 75, pan: 0.3, swells: true }), {
          tones,
          steps: -5,
          range: [48, 62],
          level: 88,
          hold: 1,
        });
        bass(score, score.part('tuba', { reverb: 70, volume: 110 }), { pattern: 'r---r---', range: [32, 48], level: 92 });
      },
    ),
    track(
      'Fanfare for a Bridge',
      { key: 'D mixolydian', beatsPerMinute: 104, chords: 'I | I | bVII | IV | I | bVII | IV V', looseMs: 8, slowing: 0.8 },
      (score) => {
        const tones = melody(score, score.part('trumpet', { pan: -0.4, reverb: 72 }), {
          rhythms: ['.75 .25 1 2', '.5 .5 .5 .5 2', '1 .5 .5 2'],
          leaps: 0.55,
          range: [66, 83],
          level: 112,
        });
        beside(score, score.part('trumpet', { pan: 0.4, reverb: 72 }), { tones, steps: -2, range: [61, 78], level: 104 });
        beside(score, score.part('trombone', { pan: 0.1, reverb: 72 }), { tones, steps: -7, range: [48, 66], level: 104 });
        chords(score, score.part('brass', { reverb: 70, volume: 92 }), { pattern: 'X-------', count: 4, range: [48, 66], level: 96 });
        bass(score, score.part('timpani', { reverb: 70, volume: 118 }), {
          pattern: 'r...r.rr5...r...',
          step: 0.25,
          range: [38, 52],
          level: 104,
        });
      },
    ),
    track(
      'Tuba Polka',
      {
        key: 'F major',
        beatsPerMinute: 126,
        beatsPerBar: 2,
        chords: 'I | I | V7 | V7 | V7 | V7 | I | I | I7 | I7 | IV | IV | I | V7 | I | I | IV | I | V7 | V7',
        looseMs: 8,
      },
      (score) => {
        const tones = melody(score, score.part('tuba', { volume: 118, pan: -0.1 }), {
          rhythms: ['.5 .5 .5 .5', '1 .5 .5', '.75 .25 1'],
          form: 'ABAC',
          range: [41, 60],
          level: 108,
          hold: 0.75,
        });
        doubled(score.part('piccolo', { pan: 0.4, volume: 70 }), { tones, semitones: 36, level: 78, hold: 0.7 });
        chords(score, score.part('brass', { pan: 0.2, volume: 88 }), { pattern: '.x.x', count: 3, range: [58, 72], level: 82 });
        bass(score, score.part('trombone', { pan: 0.35, volume: 92 }), { pattern: 'r.5.', range: [41, 55], level: 86 });
        drums(score, score.part('roomKit', { volume: 88 }), {
          rows: { kick: 'x...x...', snare: '..x...x.', tambourine: 'xoxoxoxo' },
          level: 82,
        });
      },
    ),
  ],
};

export const rock: DemoAlbum = {
  ...{ artist: 'Voltage Dogs', title: 'Red Amplifier', genre: 'Rock', year: 2011, loudness: -16 },
  tracks: [
    track(
      'Red Amplifier',
      {
        key: 'E minor',
        beatsPerMinute: 148,
        chords: 'i5 | i5 | bVI5 | bVII5 | i5 | i5 | bIII5 | bVII5 | i5 | bVI5 | bVII5 bVII5',
        looseMs: 6,
      },
      (score) => {
        chords(score, score.part('distortion', { pan: -0.7, volume: 88, reverb: 25 }), {
          pattern: 'Xxxxxxxx',
          count: 3,
          range: [40, 56],
          level: 104,
        });
        chords(score, score.part('overdrive', { pan: 0.7, volume: 88, reverb: 25 }), {
          pattern: 'X--x--X-',
          count: 3,
          range: [47, 62],
          level: 100,
        });
        bass(score, score.part('pickedBass', { volume: 112, reverb: 10 }), { pattern: 'rrrrrrra', range: [28, 43], level: 108 });
        melody(score, score.part('distortion', { volume: 84, reverb: 45 }), {
          rhythms: ['.5 .5 .5 .5 1 1', '1.5 .5 2', '.5 .5 1 2'],
          range: [64, 83],
          level: 108,
          during: [4, 11],
        });
        drums(score, score.part('powerKit', { volume: 118, reverb: 20 }), {
          rows: { kick: 'x.....x.x.x.....', snare: '....X.......X...', hat: 'x.x.x.x.x.x.x.x.' },
          level: 104,
          fillEvery: 4,
        });
      },
    ),
    track(
      'Slow Iron',
      { key: 'C phrygian', beatsPerMinute: 74, chords: 'i5 | bII5 i5 | i5 | bVII5 bII5 | i5', looseMs: 9, last: 'i5' },
      (score) => {
        const riff = { pattern: 'X--x.xX-', count: 3, range: [36, 50] as const, level: 114 };
        chords(score, score.part('distortion', { pan: -0.8, volume: 94, reverb: 20 }), riff);
        chords(score, score.part('distortion', { pan: 0.8, volume: 94, reverb: 20 }), riff);
        bass(score, score.part('pickedBass', { volume: 116 }), { pattern: 'r--r.rr-', range: [24, 38], level: 116 });
        drums(score, score.part('powerKit', { volume: 122, reverb: 35 }), {
          rows: { kick: 'X.....x.x.....x.', snare: '........X.......', crash: 'x...............', ride: '....x.......x...' },
          level: 108,
        });
      },
    ),
    track(
      'Porch Before Rain',
      { key: 'G major', beatsPerMinute: 92, chords: 'I | V6 | vi7 | IVadd9 | I | V6 | IVadd9', looseMs: 9, slowing: 0.85 },
      (score) => {
        chords(score, score.part('steelGuitar', { pan: -0.3, reverb: 45 }), {
          pattern: 'x.xx.xx.',
          count: 5,
          range: [43, 67],
          level: 84,
          strum: 0.09,
        });
        bass(score, score.part('fingeredBass', { volume: 104 }), { pattern: 'r--r5-a-', range: [28, 43], level: 88 });
        melody(score, score.part('cleanGuitar', { pan: 0.4, reverb: 60, chorus: 40 }), {
          rhythms: ['1 .5 .5 2', '1.5 .5 1 1'],
          range: [62, 81],
          level: 90,
        });
        drums(score, score.part('roomKit', { volume: 92, reverb: 35 }), {
          rows: { kick: 'x.......x.x.....', rim: '....x.......x...', hat: 'x.o.x.o.x.o.x.o.' },
          level: 82,
        });
      },
    ),
    track(
      'Garage Sprint',
      {
        key: 'A major',
        beatsPerMinute: 184,
        chords: 'I5 | IV5 | I5 | V5 | IV5 | I5 | vi5 | V5 | I5 | IV5 | V5 | I5 | IV5 | V5',
        last: 'I5',
        looseMs: 7,
      },
      (score) => {
        chords(score, score.part('overdrive', { pan: -0.6, volume: 98, reverb: 20 }), {
          pattern: 'XxxxXxxx',
          count: 3,
          range: [45, 59],
          level: 108,
        });
        chords(score, score.part('distortion', { pan: 0.6, volume: 84, reverb: 20 }), {
          pattern: 'X-x-X-x-',
          count: 3,
          range: [50, 64],
          level: 104,
        });
        bass(score, score.part('pickedBass', { volume: 114 }), { pattern: 'rrrrrrrr', range: [28, 45], level: 112 });
        melody(score, score.part('saw', { volume: 62, reverb: 30 }), {
          rhythms: ['1 1 1 1', '2 1 1', '.5 .5 1 2'],
          range: [69, 85],
          level: 98,
          during: [4, 14],
        });
        drums(score, score.part('roomKit', { volume: 120, reverb: 25 }), {
          rows: { kick: 'x...x...', snare: '..X...X.', hat: 'x.x.x.x.', tambourine: '..x...x.' },
          step: 0.5,
          level: 106,
          fillEvery: 4,
        });
      },
    ),
  ],
};
