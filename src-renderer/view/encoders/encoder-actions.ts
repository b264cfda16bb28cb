/** @file What can be done with encoders from everywhere. */
import type { Action } from '../../lib/keys.ts';
import { attempt, dialogs, encoders, library } from '../../state/app.svelte.ts';
import { asEncoder } from '../../lib/feature-spaces.ts';
import { chooseWeights } from './choose-weights.ts';

/** The palette's entries. */
export function encoderActions(): Action[] {
  const group = 'Encoder';
  return [
    {
      id: 'encoder.index',
      label: 'Index now',
      group,
      keys: [],
      when: () => encoders.current !== null && !library.isEmpty,
      run: () => {
        const encoder = encoders.current;
        if (encoder !== null) attempt(encoders.index(encoder.id));
      },
    },
    {
      id: 'encoder.layers',
      label: 'Index layers of the encoder, or with another hop',
      group,
      keys: [],
      when: () => encoders.base !== null && !library.isEmpty,
      run: () => {
        if (encoders.base !== null) dialogs.open({ kind: 'index', encoder: encoders.base });
      },
      alsoCalled: 'output pooling mean maximum neurons',
    },
    { id: 'encoder.import', label: 'Import weights', group, keys: [], run: () => attempt(chooseWeights()), alsoCalled: 'checkpoint clmr' },
    {
      id: 'encoder.published',
      label: 'Fetch a published encoder',
      group,
      keys: [],
      run: () => dialogs.open({ kind: 'published' }),
      alsoCalled: 'download clmr music2vec vicmus weights',
    },
    {
      id: 'encoder.create',
      label: 'New untrained encoder',
      group,
      keys: [],
      run: () => dialogs.open({ kind: 'newUntrained' }),
      alsoCalled: 'seed random',
    },
  ];
}

/** Every encoder and every space of one can be chosen, but the chosen one. */
export function encoderEachActions(): Action[] {
  const all = (encoders.list ?? []).flatMap((base) => [base, ...base.spaces.map((space) => asEncoder(base, space))]);
  return all
    .filter(({ id }) => id !== encoders.current?.id)
    .map(({ id, name }) => ({
      id: `encoder.choose.${id}`,
      label: `Use encoder ${name}`,
      group: 'Encoder',
      keys: [],
      run: () => attempt(encoders.choose(id)),
    }));
}
