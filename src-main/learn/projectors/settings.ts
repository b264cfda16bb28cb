/** @file Settings of the projector. Pure. */
import { choice, toggle, whole, wholes } from '../../base/settings.ts';
import type { ValueOf } from '../../base/settings.ts';

const clmr = 'Spijkervet 2021';
const widest = 16_384;

export const projectorSettings = {
  kind: choice('mlp', ['identity', 'linear', 'mlp'], {
    title: 'Projector',
    about: 'What stands between the embedding and the objective; it is dropped after training.',
    source: clmr,
    words: { identity: 'None', linear: 'Linear', mlp: 'Layers with ReLU' },
  }),
  hidden: wholes([512], {
    title: 'Hidden layers',
    unit: 'units',
    about: 'Widths of the layers before the last.',
    source: `512 in ${clmr}; VICReg’s and VICMus’s are wider (8\u202f192, 8\u202f196), 1\u202f024 here for the sake of a desktop`,
    least: 1,
    most: widest,
    mostItems: 4,
    countsWhen: { beside: 'kind', is: ['mlp'] },
  }),
  dimensions: whole(128, {
    title: 'Output',
    unit: 'dimensions',
    about: 'Length of the vectors that are compared.',
    source: `128 in ${clmr}’s first code, 64 in its released code; the thesis names none`,
    least: 1,
    most: widest,
    countsWhen: { beside: 'kind', is: ['linear', 'mlp'] },
  }),
  batchNorm: toggle(false, {
    title: 'Batch norm',
    about: 'Normalises each hidden layer over the batch.',
    source: 'Bardes et al. 2022',
    countsWhen: { beside: 'kind', is: ['mlp'] },
  }),
};

/** Widths and kind; `hidden` counts for `mlp` alone. */
export type ProjectorSettings = ValueOf<typeof projectorSettings>;
