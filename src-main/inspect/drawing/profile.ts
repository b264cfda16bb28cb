/** @file Activation profiles as figure and table. */
import { countOf, formatCount } from '../../base/counts.ts';
import type { Spread } from '../activation-profile.ts';
import { drawBands } from './bands.ts';
import type { FigureTable, FigureWords } from './files.ts';
import type { Drawing } from './marks.ts';

/** What is shown of some music. */
export type ShownPart = {
  name: string;
  tracks: number;
  segments: number;
  taken: number;
  responding: number;
  ranks: Spread;
  neurons: Spread;
};

/** `labels`: what neurons are called by themselves, by number. */
export type ShownProfile = { scale: 'own' | 'standard'; labels: readonly string[]; parts: readonly ShownPart[] };

/** `segment`: sorted within each segment (thesis, Fig. 7.4). `neuron`: each neuron, those that give most in the first music first. */
export type ProfileOrder = 'segment' | 'neuron';

/** The neurons in the order of their columns; none where a column is no neuron. */
export function profileNeurons({ parts: [first] }: ShownProfile, order: ProfileOrder): number[] {
  const mean = first?.neurons.mean ?? [];
  return order === 'segment' ? [] : [...mean.keys()].sort((a, b) => (mean[b] as number) - (mean[a] as number) || a - b);
}

/** The figure: a line at the mean between the values below which a tenth and nine tenths of the segments lie. */
export function drawProfile(
  profile: ShownProfile,
  { order, width, height }: { order: ProfileOrder; width: number; height: number },
): Drawing {
  const neurons = profileNeurons(profile, order);
  const bands = profile.parts.map(({ name, ranks, neurons: own }) => {
    const { low, mean: middle, high } = order === 'segment' ? ranks : ordered(own, neurons);
    return { name, low, middle, high };
  });
  const x =
    order === 'segment'
      ? 'Neurons sorted within each segment, the strongest first'
      : `Neurons, the strongest in “${profile.parts[0]?.name ?? ''}” first`;
  const y = profile.scale === 'own' ? 'Activation' : 'Activation, in deviations from the neuron’s mean';
  return drawBands({ bands, x, y, width, height });
}

function ordered({ mean, low, middle, high }: Spread, neurons: readonly number[]): Spread {
  const take = (values: readonly number[]): number[] => neurons.map((neuron) => values[neuron] as number);
  return { mean: take(mean), low: take(low), middle: take(middle), high: take(high) };
}

/** Both orders as one table: a row for each rank, and one for each neuron. */
export function profileTable({ parts, labels }: ShownProfile): FigureTable {
  const head = ['music', 'of', 'number', 'label', 'mean', 'tenth', 'median', 'nine_tenths'];
  const rowsOf = (name: string, of: string, { mean, low, middle, high }: Spread): (string | number)[][] =>
    mean.map((value, at) => {
      const label = of === 'neuron' ? (labels[at] ?? '') : '';
      return [name, of, of === 'neuron' ? at : at + 1, label, value, low[at] as number, middle[at] as number, high[at] as number];
    });
  return [head, ...parts.flatMap(({ name, ranks, neurons }) => [...rowsOf(name, 'rank', ranks), ...rowsOf(name, 'neuron', neurons)])];
}

/** How it was made, in words. */
export function profileWords({ parts, scale, labels }: ShownProfile, encoder: string): FigureWords {
  const music = parts.map(({ name, tracks, segments, taken, responding }) => {
    const sample =
      taken === segments
        ? `${formatCount(segments)} segments`
        : `${formatCount(taken)} of ${formatCount(segments)} segments, spread evenly`;
    return `${name}: ${sample} of ${countOf(tracks, 'track')}, on which ${responding.toFixed(1)} of ${labels.length} neurons give more than the middle of the segment’s own range.`;
  });
  const values =
    scale === 'own' ? 'Values as the neurons give them.' : 'Each neuron less its mean, by its deviation, over all music that is shown.';
  return {
    title: `Activation profile of ${encoder}`,
    settings: `${music.join(' ')} ${values} Lines: means; bands: from a tenth to nine tenths of the segments.`,
  };
}
