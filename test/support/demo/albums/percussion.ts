/** @file Percussion alone: a drum kit, hand drums, skins, and bars of wood. */
import { bass, broken } from '../accompany.ts';
import { track } from '../album.ts';
import type { DemoAlbum } from '../album.ts';
import { drums } from '../drums.ts';

const still = 'I | I | I | I | I | I | I | I';

export const percussion: DemoAlbum = {
  ...{ artist: 'Ren Okafor', title: 'Skin and Wood', genre: 'Percussion', year: 2018, loudness: -17 },
  tracks: [
    track('Basement Break', { key: 'C major', beatsPerMinute: 98, chords: still, swing: 0.57, swingOf: 0.25, looseMs: 7 }, (score) => {
      drums(score, score.part('roomKit', { volume: 118, reverb: 30 }), {
        rows: { kick: 'X.x.......xx....', snare: '....X..o.o..X..o', hat: 'x.x.x.x.x.x.x.x.', open: '..............x.' },
        level: 104,
        fillEvery: 4,
      });
    }),
    track(
      'Carnival Corner',
      { key: 'C major', beatsPerMinute: 116, chords: `${still} | I`, swing: 0.55, swingOf: 0.25, looseMs: 8 },
      (score) => {
        const hands = score.part('kit', { volume: 112, reverb: 35 });
        drums(score, hands, {
          rows: { highAgogo: 'x..x..x.........', lowAgogo: '.........x.x.x..', shaker: 'xoxoxoxoxoxoxoxo', lowConga: '..x.....x...x...' },
          level: 96,
          lastCrash: false,
        });
        drums(score, hands, {
          rows: { highTimbale: 'x..x..xx.x..x.x.', highConga: '....x.x.....x.xx', claves: 'x..x..x...x.x...' },
          level: 92,
          during: [2, 9],
          lastCrash: false,
        });
        drums(score, hands, { rows: { kick: 'X..xX..xX..xX..x', snare: 'o.oxo.oxoxo.oxox' }, level: 98, during: [4, 9] });
      },
    ),
    track('Timpani Council', { key: 'D minor', beatsPerMinute: 108, chords: 'i | i | iv | i | bVI | V | i | V', looseMs: 8 }, (score) => {
      bass(score, score.part('timpani', { volume: 122, reverb: 85 }), {
        pattern: 'r...r.r.5.r.rrrr',
        step: 0.25,
        range: [38, 53],
        level: 108,
      });
      bass(score, score.part('taiko', { volume: 108, reverb: 80, pan: -0.3 }), {
        pattern: 'r..r..r.r..r..rr',
        step: 0.25,
        range: [45, 57],
        level: 100,
      });
      drums(score, score.part('orchestraKit', { volume: 92, reverb: 70 }), {
        rows: { snare: '....x.oo....x.xx', crash: 'x...............................' },
        level: 88,
      });
    }),
    track(
      'Marimba Ladders',
      { key: 'C lydian', beatsPerMinute: 124, chords: 'Imaj7 | Imaj7 | II | II | vi7 | vi7 | iii7 | II | Imaj7', looseMs: 6 },
      (score) => {
        broken(score, score.part('marimba', { pan: -0.4, reverb: 50 }), {
          figure: '0 2 1 3 2 4 3 1',
          count: 5,
          step: 0.25,
          range: [52, 74],
          level: 88,
        });
        broken(score, score.part('marimba', { pan: 0.4, reverb: 50, volume: 88 }), {
          figure: '2 . 0 . 3 1',
          count: 4,
          step: 0.25,
          range: [62, 80],
          level: 84,
        });
        bass(score, score.part('marimba', { reverb: 55, volume: 116 }), { pattern: 'r..r..5.', range: [36, 50], level: 100 });
      },
    ),
  ],
};
