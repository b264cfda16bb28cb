/** @file In which order neurons stand, and which of them words find. */
import type { Neuron } from '../../src-main/contract/index.ts';

/** Columns that neurons can be sorted by. */
export const neuronSorts = ['number', 'name', 'spread', 'active', 'selective', 'loudness', 'auroc'] as const;
export type NeuronSort = { by: (typeof neuronSorts)[number]; descending: boolean };

/** What a neuron is called: by a listener, by itself, or by the name that was found. */
export function neuronTitle({ note, label, names: [best] }: Pick<Neuron, 'note' | 'label' | 'names'>): string {
  return note || label || (best === undefined ? '' : foundName(best));
}

/** A found name with what it was found among, so that an artist is not taken for a genre. */
export function foundName({ kind, name }: Neuron['names'][number]): string {
  return kind === 'tag' ? name : `${kind} ${name}`;
}

/** Those that are shown, in their order; what cannot be told comes last, and equal ones by their numbers. */
export function orderNeurons(neurons: readonly Neuron[], { sort, search, withFlat }: NeuronChoice): Neuron[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = neurons
    .filter(({ state }) => withFlat || state === 'alive')
    .filter((neuron) => words.every((word) => hasWord(neuron, word)));
  const sign = sort.descending ? -1 : 1;
  return found.sort((a, b) => {
    const [one, other] = [keyOf(a, sort.by), keyOf(b, sort.by)];
    if (one === null || other === null) return one === other ? a.number - b.number : one === null ? 1 : -1;
    const apart = typeof one === 'string' || typeof other === 'string' ? String(one).localeCompare(String(other)) : one - other;
    return apart === 0 ? a.number - b.number : sign * apart;
  });
}

/** What a person chose to see. */
export type NeuronChoice = { sort: NeuronSort; search: string; withFlat: boolean };

/** A number finds that neuron alone. */
function hasWord({ number, note, label, names }: Neuron, word: string): boolean {
  if (/^\d+$/.test(word)) return String(number) === word;
  return [note, label, ...names.map(foundName)].some((text) => text.toLowerCase().includes(word));
}

function keyOf(neuron: Neuron, by: NeuronSort['by']): number | string | null {
  const [best] = neuron.names;
  switch (by) {
    case 'number':
      return neuron.number;
    case 'name':
      return neuronTitle(neuron) || null;
    case 'spread':
      return neuron.spread;
    case 'active':
      return neuron.activeShare;
    case 'selective':
      return neuron.selectivity;
    case 'loudness':
      return neuron.loudness === null ? null : Math.abs(neuron.loudness);
    case 'auroc':
      return best?.low ?? null;
  }
}
