/** @file What a neuron is called. */
import type { Neuron } from '../../src-main/contract/index.ts';

/** Words on a neuron; `auroc` of a name that was found, null for what a person wrote or what it is called by itself. */
export type NeuronWord = { readonly text: string; readonly auroc: number | null };

/** Words on those that have any: what a person wrote, what they are called by themselves, else the best name that they earned. */
export function wordsOn(neurons: readonly Pick<Neuron, 'number' | 'note' | 'label' | 'names'>[]): ReadonlyMap<number, NeuronWord> {
  return new Map(
    neurons.flatMap(({ number, note, label, names: [best] }): [number, NeuronWord][] => {
      if (note !== '' || label !== '') return [[number, { text: note || label, auroc: null }]];
      const text = best?.kind === 'tag' ? best.name : `${best?.kind} ${best?.name}`;
      return best === undefined ? [] : [[number, { text, auroc: best.auroc }]];
    }),
  );
}

/** No words at all. */
export const noWords: ReadonlyMap<number, NeuronWord> = new Map();
