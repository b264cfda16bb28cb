/** @file Machines: four on the floor, pads without a beat, and square waves. Nobody plays these, so nothing is late. */
import { bass, broken, chords } from '../accompany.ts';
import { track } from '../album.ts';
import type { DemoAlbum } from '../album.ts';
import { drums } from '../drums.ts';
import { beside, doubled, melody } from '../melody.ts';

const looseMs = 0;

export const floor: DemoAlbum = {
  ...{ artist: 'Kilohertz', title: 'Four on the Floor', genre: 'Techno', year: 2017, loudness: -16 },
  tracks: [
    track(
      'Warehouse Pulse',
      { key: 'A minor', beatsPerMinute: 130, chords: 'i | i | i | i | bVI | bVI | bVII | bVII | i | i | i', looseMs },
      (score) => {
        drums(score, score.part('electronicKit', { volume: 120, reverb: 15 }), {
          rows: { kick: 'X...X...X...X...', open: '..x...x...x...x.', clap: '....x.......x...' },
          level: 104,
        });
        bass(score, score.part('acidBass', { volume: 106 }), { pattern: '.rrr.rro.rrr.r5r', step: 0.25, range: [33, 50], level: 96 });
        chords(score, score.part('saw', { pan: -0.3, volume: 66, reverb: 70 }), {
          pattern: '..x...x...x..x..',
          step: 0.25,
          count: 3,
          range: [57, 72],
          level: 90,
          during: [2, 11],
        });
        broken(score, score.part('polysynth', { pan: 0.4, volume: 72, reverb: 80 }), {
          figure: '0 2 1 3 0 3 2 1',
          count: 4,
          step: 0.25,
          range: [69, 88],
          level: 84,
          during: [4, 11],
        });
      },
    ),
    track(
      'Strobe',
      { key: 'F minor', beatsPerMinute: 140, chords: 'i | bVI | bIII | bVII | i | bVI | bIII | bVII | i | bVI | bVII', looseMs },
      (score) => {
        drums(score, score.part('electronicKit', { volume: 118 }), {
          rows: { kick: 'X...X...X...X...', open: '..X...X...X...X.', hat: 'xxxxxxxxxxxxxxxx', snare: '....x.......x...' },
          level: 100,
          fillEvery: 4,
        });
        bass(score, score.part('synthBass', { volume: 110 }), { pattern: '..r...r...r...r.', step: 0.25, range: [29, 46], level: 108 });
        chords(score, score.part('saw', { volume: 70, reverb: 75, chorus: 70 }), {
          pattern: 'x..x..x.x..x..x.',
          step: 0.25,
          count: 4,
          range: [60, 79],
          level: 92,
        });
        const tones = melody(score, score.part('square', { pan: 0.2, volume: 72, reverb: 70 }), {
          rhythms: ['.75 .75 .5 .75 .75 .5', '1.5 .5 1 1', '.5 .5 .5 .5 2'],
          range: [72, 89],
          level: 96,
          during: [4, 11],
        });
        doubled(score.part('polysynth', { pan: -0.2, volume: 64, reverb: 85 }), { tones, late: 0.75, level: 60 });
      },
    ),
    track(
      'Deep Tram',
      { key: 'D dorian', beatsPerMinute: 122, chords: 'i9 | i9 | IV9 | i9 | i9 | i9 | bVIImaj7 | IV9 | i9', last: 'i9', looseMs },
      (score) => {
        drums(score, score.part('eightOhEight', { volume: 118, reverb: 20 }), {
          rows: {
            kick: 'X...X...X...X...',
            clap: '....x.......x...',
            hat: '..x...x...x...xo',
            maracas: 'oxoxoxoxoxoxoxox',
            cowbell: '...x..x....x....',
          },
          level: 92,
        });
        chords(score, score.part('rhodes', { volume: 92, reverb: 85, chorus: 60, pan: -0.2 }), {
          pattern: '...x..x-......x.',
          step: 0.25,
          count: 5,
          range: [55, 76],
          level: 82,
        });
        bass(score, score.part('synthBass', { volume: 114 }), { pattern: 'r..r..r...o.r.5.', step: 0.25, range: [26, 44], level: 100 });
        chords(score, score.part('warmPad', { volume: 70, reverb: 80 }), {
          pattern: 'x---------------',
          step: 0.25,
          count: 4,
          range: [50, 69],
          level: 70,
          during: [3, 9],
        });
      },
    ),
    track(
      'Broken Elevator',
      { key: 'C minor', beatsPerMinute: 168, chords: 'i | i | bVI | bVI | iv | iv | V7 | V7 | i | i | bVI | bVII | i', looseMs },
      (score) => {
        drums(score, score.part('electronicKit', { volume: 118 }), {
          rows: { kick: 'X.......X.X.....', snare: '....X..o.o..X..o', hat: 'x.xxx.xxx.xxx.xx', open: '......x.........' },
          level: 104,
        });
        bass(score, score.part('synthBass', { volume: 118 }), { pattern: 'r-------..r---a-', step: 0.25, range: [24, 41], level: 112 });
        chords(score, score.part('spaceVoice', { volume: 76, reverb: 90 }), { pattern: 'x-------', count: 4, range: [55, 74], level: 84 });
        melody(score, score.part('crystal', { volume: 76, reverb: 85, pan: 0.3 }), {
          rhythms: ['.5 .5 .5 .5 1 1', 'r1 .5 .5 2'],
          range: [69, 88],
          level: 92,
          during: [4, 13],
        });
      },
    ),
  ],
};

const air = { reverb: 100, swells: true };

export const pads: DemoAlbum = {
  ...{ artist: 'Halcyon Drift', title: 'Slow Weather', genre: 'Ambient', year: 2020, loudness: -18 },
  tracks: [
    track('Fog Bank', { key: 'D lydian', beatsPerMinute: 54, chords: 'Imaj9 | II | vi7 | Imaj9', looseMs: 20 }, (score) => {
      chords(score, score.part('warmPad', air), { pattern: 'x-------', count: 5, range: [45, 69], level: 84 });
      chords(score, score.part('sweepPad', { ...air, volume: 84 }), { pattern: 'x-------', count: 3, range: [57, 76], level: 76 });
      bass(score, score.part('sine', { volume: 84, reverb: 60 }), { pattern: 'r-------', range: [38, 50], level: 80 });
    }),
    track(
      'Satellite Garden',
      { key: 'B minor', beatsPerMinute: 70, chords: 'i9 | bVImaj7 | bIIImaj7 | bVIIadd9 | i9', looseMs: 4 },
      (score) => {
        chords(score, score.part('haloPad', air), { pattern: 'x-------', count: 4, range: [47, 67], level: 84 });
        broken(score, score.part('crystal', { reverb: 110, volume: 80, pan: 0.3 }), {
          figure: '0 3 1 4 2 4 3 1',
          count: 5,
          step: 0.25,
          range: [67, 88],
          level: 70,
          length: 0.7,
        });
        bass(score, score.part('synthBass', { volume: 86 }), { pattern: 'r---r---', range: [35, 47], level: 76 });
      },
    ),
    track('Choir of Machines', { key: 'F minor', beatsPerMinute: 60, chords: 'i | bVI | bIII | bVII6 | iv', looseMs: 15 }, (score) => {
      chords(score, score.part('spaceVoice', air), { pattern: 'x-------', count: 4, range: [53, 74], level: 92 });
      chords(score, score.part('bowedGlass', { ...air, volume: 84, pan: 0.3 }), {
        pattern: '....x---',
        count: 3,
        range: [65, 82],
        level: 84,
      });
      bass(score, score.part('atmosphere', { ...air, volume: 96 }), { pattern: 'r---5---', range: [29, 46], level: 88 });
    }),
    track(
      'Dawn Relay',
      { key: 'A major', beatsPerMinute: 84, chords: 'Iadd9 | Iadd9 | IVmaj7 | IVmaj7 | vi9 | V6', looseMs: 3 },
      (score) => {
        chords(score, score.part('slowStrings', { ...air, volume: 92 }), { pattern: 'x-------', count: 5, range: [45, 72], level: 80 });
        chords(score, score.part('sweepPad', { ...air, volume: 76 }), { pattern: 'x-------', count: 4, range: [57, 76], level: 76 });
        const tones = melody(score, score.part('sine', { reverb: 110, volume: 70, pan: -0.3 }), {
          rhythms: ['1.5 .5 2', '1 1 2', '3 1'],
          range: [69, 85],
          level: 78,
          hold: 1.1,
        });
        doubled(score.part('atmosphere', { reverb: 110, volume: 70, pan: 0.4 }), { tones, late: 1.5, level: 60 });
      },
    ),
  ],
};

export const chips: DemoAlbum = {
  ...{ artist: 'Bit Meadow', title: 'Pulse Width', genre: 'Chiptune', year: 2016, loudness: -16.5 },
  tracks: [
    track(
      'Level One',
      { key: 'C major', beatsPerMinute: 150, chords: 'I | V | vi | IV | I | V | IV | V | vi | iii | IV | V', looseMs },
      (score) => {
        melody(score, score.part('square', { reverb: 5, volume: 96 }), {
          rhythms: ['.5 .5 .5 .5 1 1', '.5 .5 1 .5 .5 1', '.75 .75 .5 1 1'],
          form: 'ABAC',
          range: [69, 88],
          level: 104,
          hold: 0.7,
        });
        broken(score, score.part('square', { reverb: 5, volume: 58, pan: -0.4 }), {
          figure: '0 1 2 1',
          count: 3,
          step: 0.25,
          range: [57, 72],
          level: 84,
        });
        bass(score, score.part('saw', { reverb: 0, volume: 84 }), { pattern: 'r.o.r.o.', range: [36, 53], level: 100 });
        drums(score, score.part('eightOhEight', { reverb: 0, volume: 96 }), {
          rows: { kick: 'x...x...', snare: '..x...x.', hat: 'xxxxxxxx' },
          step: 0.5,
          level: 92,
          lastCrash: false,
        });
      },
    ),
    track(
      'Underground Castle',
      { key: 'D minor', beatsPerMinute: 126, chords: 'i | bII | i | V7 | i | bVI | iv | V7 | i', looseMs },
      (score) => {
        bass(score, score.part('square', { reverb: 10, volume: 92 }), { pattern: 'r.ro.r5.', range: [38, 55], level: 104 });
        broken(score, score.part('square', { reverb: 10, volume: 72, pan: 0.4 }), {
          figure: '0 2 1 2 3 2 1 2',
          count: 4,
          step: 0.25,
          range: [62, 79],
          level: 88,
          length: 0.15,
        });
        melody(score, score.part('sine', { reverb: 20, volume: 84 }), {
          rhythms: ['1 .5 .5 2', '.5 .5 .5 .5 2'],
          range: [74, 89],
          level: 100,
          during: [2, 9],
        });
      },
    ),
    track(
      'Boss Battle',
      { key: 'B minor', beatsPerMinute: 182, chords: 'i | i | bVI | bVII | i | i | iv | V7 | i | bVI | bIII | bVII | iv | V7', looseMs },
      (score) => {
        const tones = melody(score, score.part('square', { reverb: 5, volume: 92, pan: -0.2 }), {
          rhythms: ['.5 .5 .5 .5 .5 .5 1', '1 .5 .5 1 1', '.25 .25 .5 .5 .5 1 1'],
          range: [71, 91],
          level: 110,
          hold: 0.7,
        });
        beside(score, score.part('saw', { reverb: 5, volume: 66, pan: 0.3 }), { tones, steps: -2, range: [64, 84], level: 92, hold: 0.7 });
        bass(score, score.part('square', { reverb: 0, volume: 92 }), { pattern: 'rrorrror', range: [35, 52], level: 108 });
        drums(score, score.part('electronicKit', { reverb: 0, volume: 104 }), {
          rows: { kick: 'x.x.x.x.', snare: '..X...X.', hat: 'xxxxxxxx' },
          step: 0.5,
          level: 100,
          fillEvery: 4,
          lastCrash: false,
        });
      },
    ),
    track(
      'Save Point',
      { key: 'G major', beatsPerMinute: 88, chords: 'Imaj7 | vi7 | IVmaj7 | V | Imaj7 | iii7 | IVmaj7', looseMs },
      (score) => {
        broken(score, score.part('square', { reverb: 40, volume: 70, pan: -0.3 }), {
          figure: '0 1 2 3 2 1',
          count: 4,
          step: 0.25,
          range: [60, 79],
          level: 74,
          length: 0.2,
        });
        melody(score, score.part('sine', { reverb: 60, volume: 96, pan: 0.2 }), {
          rhythms: ['2 1 1', '1.5 .5 2'],
          range: [72, 88],
          level: 92,
        });
        bass(score, score.part('saw', { reverb: 10, volume: 62 }), { pattern: 'r---5---', range: [43, 58], level: 80 });
      },
    ),
  ],
};
