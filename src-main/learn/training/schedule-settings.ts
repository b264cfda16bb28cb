/** @file Settings of the learning rate's course. Pure. */
import { choice, number } from '../../base/settings.ts';
import type { ValueOf } from '../../base/settings.ts';

const clmr = 'Spijkervet 2021';

export const scheduleSettings = {
  kind: choice('constant', ['constant', 'cosine'], {
    title: 'After the warm-up',
    about: 'Constant, or falling along half a cosine.',
    source: clmr,
    words: { constant: 'Constant', cosine: 'Cosine' },
  }),
  warmupEpochs: number(0, {
    title: 'Warm-up',
    unit: 'epochs',
    about: 'The rate rises in a straight line over these.',
    source: `30 with LARS in ${clmr}’s first code, none in its released code`,
    least: 0,
    most: 10_000,
  }),
  finalShare: number(1, {
    title: 'Final rate',
    unit: 'of the peak',
    about: 'Where the cosine ends.',
    source: 'VICMus, released code: 0.001',
    least: 0,
    most: 1,
    countsWhen: { beside: 'kind', is: ['cosine'] },
  }),
};

export type ScheduleSettings = ValueOf<typeof scheduleSettings>;
