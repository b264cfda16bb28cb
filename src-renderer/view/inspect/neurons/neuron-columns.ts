/** @file The columns of the table of neurons. */
import type { Neuron } from '../../../../src-main/contract/index.ts';
import { withMinus } from '../../../lib/figures.ts';
import { heatLevel } from '../../../lib/heat.ts';
import { foundName, neuronSorts, neuronTitle } from '../../../lib/neuron-order.ts';
import type { NeuronSort } from '../../../lib/neuron-order.ts';
import type { GridColumn, GridSort } from '../../../ui/grid/index.ts';

const figure = (value: number): string => withMinus(value === 0 ? '0' : Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(3));

/** A correlation, to two digits; what rounds to nothing has no sign. */
export function correlationText(correlation: number): string {
  return withMinus(correlation.toFixed(2).replace(/^-(?=0\.00$)/, ''));
}

/** The interval of a name, in words: `0.91 (0.84 to 0.95)`. */
export function aurocText({ auroc, low, high }: Neuron['names'][number]): string {
  return `${auroc.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** All columns. */
export const neuronColumns: readonly GridColumn<Neuron>[] = [
  { id: 'play', title: 'Play', widthPx: 56, pinned: true, custom: true, movable: false, text: () => '' },
  {
    id: 'number',
    title: 'Neuron',
    widthPx: 76,
    pinned: true,
    align: 'end',
    sorts: 'ascending-first',
    isName: true,
    text: ({ number }) => String(number),
  },
  {
    id: 'name',
    title: 'What it hears',
    description: 'A listener’s note, else what it is called, else the name that it tells best',
    ...{ widthPx: 184, grows: 3, leastPx: 100, pinned: true, sorts: 'ascending-first' },
    text: (neuron) => neuronTitle(neuron),
  },
  {
    id: 'histogram',
    title: 'Values',
    description: 'How many segments give each value, from the least to the greatest',
    ...{ widthPx: 112, custom: true },
    text: () => '',
  },
  {
    id: 'selective',
    title: 'Selective',
    description: 'Sparseness over segments: 0 where all give the same, 1 where one alone gives anything (Vinje and Gallant 2000)',
    ...{ widthPx: 92, align: 'end', sorts: 'descending-first' },
    text: ({ selectivity }) => selectivity.toFixed(2),
    heat: ({ selectivity }) => heatLevel(selectivity, 0, 1),
  },
  {
    id: 'active',
    title: 'Active',
    description: 'Share of segments in the upper half of its range',
    ...{ widthPx: 84, align: 'end', sorts: 'descending-first' },
    text: ({ activeShare }) => `${(activeShare * 100).toFixed(activeShare < 0.1 ? 1 : 0)} %`,
  },
  {
    id: 'spread',
    title: 'Spread',
    description: 'Standard deviation over all segments, in the neuron’s own unit',
    ...{ widthPx: 84, align: 'end', sorts: 'descending-first' },
    text: ({ spread }) => figure(spread),
  },
  {
    id: 'loudness',
    title: 'Loudness',
    description: 'Correlation with how loud segments are, −1 to 1; sorted by its size',
    ...{ widthPx: 96, align: 'end', sorts: 'descending-first' },
    text: ({ loudness }) => (loudness === null ? '–' : correlationText(loudness)),
  },
  {
    id: 'tells',
    title: 'Tells best',
    description: 'The tag, or field of the files, whose tracks it tells best from all others; empty where none is clear of chance',
    ...{ widthPx: 168, grows: 2, leastPx: 100 },
    text: ({ names: [best] }) => (best === undefined ? '' : foundName(best)),
  },
  {
    id: 'auroc',
    title: 'How well',
    description:
      'Area under the curve, 0.5 by chance, with an interval that is corrected for all names that were tried on a neuron and, by the false discovery rate, for all neurons; sorted by its lower end (Benjamini and Hochberg 1995)',
    ...{ widthPx: 152, sorts: 'descending-first' },
    text: ({ names: [best] }) => (best === undefined ? '' : aurocText(best)),
  },
];

/** The order as the table knows it, and back. */
export function toGridSort({ by, descending }: NeuronSort): GridSort[] {
  return [{ id: by, descending }];
}

export function fromGridSort([first]: readonly GridSort[]): NeuronSort | null {
  const by = neuronSorts.find((name) => name === first?.id);
  return first === undefined || by === undefined ? null : { by, descending: first.descending };
}

/** What to think of the order of a neuron's segments; empty where it stands for something. */
export const stateText: Readonly<Record<Neuron['state'], string>> = {
  alive: '',
  rare: 'All but a handful of segments get much the same from it: it tells those few, which may be one odd track, and nothing else.',
  flat: 'It hardly differs on all segments, so that its order is chance.',
  dead: 'It gives one number on all segments, so that its order is chance.',
};
