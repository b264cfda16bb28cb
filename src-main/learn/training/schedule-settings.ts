/** @file Settings of the learning rate's course. Pure. */
import { choice, number, whole } from '../../base/settings.ts';
import type { Setting, ValueOf } from '../../base/settings.ts';

const clmr = 'Spijkervet 2021';

/** A stage's share of a run. */
function share(usual: number, text: { title: string; about: string; published: string; is: string[] }): Setting<number> {
  const { title, about, published, is } = text;
  return number(usual, {
    ...{ title, about, unit: 'of the run', source: `data2vec, released code: ${published}`, least: 0, most: 0.5 },
    ...{ countsWhen: { beside: 'kind', is } },
  });
}

export const scheduleSettings = {
  kind: choice('constant', ['constant', 'cosine', 'rise-cosine', 'tri-stage', 'plateau'], {
    title: 'After the warm-up',
    about:
      'Constant, or falling along half a cosine, after a warm-up of epochs or of a share of the run. In three stages: rises, stays, and falls exponentially, each for a share of the run. On a plateau, with labels: falls when the loss of held-out tracks has not.',
    source: `${clmr}; three stages: data2vec, released code`,
    words: {
      constant: 'Constant',
      cosine: 'Cosine',
      'rise-cosine': 'Rise, then cosine',
      'tri-stage': 'Three stages',
      plateau: 'On a plateau',
    },
  }),
  warmupEpochs: number(0, {
    title: 'Warm-up',
    unit: 'epochs',
    about: 'The rate rises in a straight line over these.',
    source: `30 with LARS in ${clmr}’s first code, none in its released code`,
    least: 0,
    most: 10_000,
    countsWhen: { beside: 'kind', is: ['constant', 'cosine', 'plateau'] },
  }),
  finalShare: number(1, {
    title: 'Final rate',
    unit: 'of the peak',
    about: 'Where the fall ends.',
    source: 'VICMus, released code: 0.001; data2vec: 0.01',
    least: 0,
    most: 1,
    countsWhen: { beside: 'kind', is: ['cosine', 'rise-cosine', 'tri-stage'] },
  }),
  riseShare: share(0.03, {
    title: 'Rise',
    about: 'The rate rises over this share of the run, in a straight line.',
    published: '0.03',
    is: ['rise-cosine', 'tri-stage'],
  }),
  fallShare: share(0.07, {
    title: 'Fall',
    about: 'The rate falls over this share of the run, exponentially.',
    published: '0.07',
    is: ['tri-stage'],
  }),
  plateauFactor: number(0.2, {
    title: 'Fall of a plateau',
    about: 'What the rate is multiplied by.',
    source: `${clmr}, released code (supervised): 0.2`,
    least: 0,
    most: 1,
    countsWhen: { beside: 'kind', is: ['plateau'] },
    before: 0.2,
  }),
  plateauPatience: whole(20, {
    title: 'Patience',
    unit: 'measurements',
    about: 'So many in a row without a lower loss of held-out tracks are let pass.',
    source: `${clmr}, released code (supervised): 20`,
    least: 0,
    most: 100_000,
    countsWhen: { beside: 'kind', is: ['plateau'] },
    before: 20,
  }),
};

export type ScheduleSettings = ValueOf<typeof scheduleSettings>;
