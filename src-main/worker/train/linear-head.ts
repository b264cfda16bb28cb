/** @file What a linear head reaches on what is known of tracks without the run: on the encoder that it begins with, or on cepstral coefficients. */
import { fitHead } from '../../compute/index.ts';
import { metrics } from '../../learn/index.ts';

/** Vectors of tracks, `[tracks, dimensions]`, with their labels as objectives take them, `[tracks, outputs]`. */
export type Embedded = { embeddings: Float32Array; labels: Float32Array; groups: Int32Array };

/** What is told of the head. `labels`: how many of them had examples enough to be learnt; the means are theirs. */
export type LinearScores = metrics.LabelScores & { labels: number };

type Shape = { dimensions: number; outputs: number; isExclusive: boolean; groupBy: 'artist' | 'album'; seed: number };

/** Learns a logistic head from some tracks and measures it on others; null where no label has examples enough. */
export async function linearScores(taught: Embedded, heldOut: Embedded, shape: Shape): Promise<LinearScores | null> {
  const { dimensions, outputs, isExclusive, groupBy, seed } = shape;
  const fit = await fitHead(
    {
      dimensions,
      labels: outputs,
      embeddings: taught.embeddings,
      answers: Uint8Array.from(taught.labels, (label) => (label === 1 ? 1 : 0)),
      weights: taught.labels.map((label) => Math.min(1, 1 + label)),
      groups: taught.groups,
    },
    { architecture: 'logistic', folds: 5, seed, grouping: groupBy },
  );
  const ready = fit.labels.flatMap(({ state }, label) => (state === 'ready' ? [label] : []));
  if (ready.length === 0) return null;
  const [weight, bias] = [fit.tensors.get('fc.weight')?.data ?? [], fit.tensors.get('fc.bias')?.data ?? []];
  const rows = heldOut.groups.length;
  const logits = Float32Array.from({ length: rows * ready.length }, (_, place) => {
    const [row, label] = [Math.floor(place / ready.length), ready[place % ready.length] as number];
    let sum = bias[label] as number;
    for (let at = 0; at < dimensions; at++)
      sum += (weight[label * dimensions + at] as number) * (heldOut.embeddings[row * dimensions + at] as number);
    return sum;
  });
  const labels = Float32Array.from(logits, (_, place) => {
    const row = Math.floor(place / ready.length);
    return heldOut.labels[row * outputs + (ready[place % ready.length] as number)] as number;
  });
  // An accuracy of some classes says nothing of all of them.
  const whole = isExclusive && ready.length === outputs;
  const { scores } = metrics.labelFigures({ outputs: ready.length, isExclusive: whole, labels, logits, groups: heldOut.groups });
  return { ...scores, labels: ready.length };
}
