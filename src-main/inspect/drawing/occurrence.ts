/** @file Tag occurrence as figure and table. */
import { countOf, formatCount } from '../../base/counts.ts';
import { excess } from '../tag-occurrence.ts';
import type { FigureTable, FigureWords } from './files.ts';
import { drawHeat } from './heat.ts';
import type { Drawing } from './marks.ts';

/** Counts `[neurons][names]` among the `top` segments of each neuron. `share`: of all segments that bear the name, 0 to 1. */
export type ShownOccurrence = {
  top: number;
  tracks: number;
  segments: number;
  labels: readonly string[];
  names: readonly { kind: string; name: string; tracks: number; share: number }[];
  counts: readonly (readonly number[])[];
};

/**
 * Neurons whose counts exceed chance most, those of the same name beside each other.
 * @param most how many
 */
export function tellingNeurons({ counts, names, top }: ShownOccurrence, most: number): number[] {
  const best = counts.map((own, neuron) => {
    const scores = own.map((count, name) => excess(count, top, names[name]?.share ?? 0));
    const score = Math.max(...scores);
    return { neuron, name: scores.indexOf(score), score };
  });
  return best
    .sort((a, b) => b.score - a.score || a.neuron - b.neuron)
    .slice(0, most)
    .sort((a, b) => a.name - b.name || b.score - a.score || a.neuron - b.neuron)
    .map(({ neuron }) => neuron);
}

/** The figure, of some neurons. */
export function drawOccurrence(
  shown: ShownOccurrence,
  { neurons, width, height }: { neurons: readonly number[]; width: number; height: number },
): Drawing {
  const { names, counts, top } = shown;
  return drawHeat({
    ...{ rowNames: names.map(({ name }) => name), columnNames: neurons.map(String), width, height },
    shares: names.map((_, name) => neurons.map((neuron) => (counts[neuron]?.[name] ?? 0) / top)),
    x: 'Neurons, those that tell the same name beside each other',
  });
}

/** A row for each neuron and name. */
export function occurrenceTable({ counts, names, top, labels }: ShownOccurrence): FigureTable {
  const head = ['neuron', 'label', 'kind', 'name', 'count', 'of', 'by_chance', 'excess_deviations'];
  const rows = counts.flatMap((own, neuron) =>
    own.map((count, at): (string | number)[] => {
      const { kind = '', name = '', share = 0 } = names[at] ?? {};
      return [neuron, labels[neuron] ?? '', kind, name, count, top, top * share, excess(count, top, share)];
    }),
  );
  return [head, ...rows];
}

/** How it was made, in words. */
export function occurrenceWords({ top, tracks, segments, names }: ShownOccurrence, encoder: string): FigureWords {
  return {
    title: `Tag occurrence in the top ${top} segments of neurons of ${encoder}`,
    settings: `Of each neuron the ${top} segments on which it gives most, of ${formatCount(segments)} segments of ${countOf(tracks, 'track')}; a cell counts how many of them are from tracks of that name, from none (empty) to all (the strongest colour). ${names.length} names, tags before fields of files.`,
  };
}
