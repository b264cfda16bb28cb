/** @file Which neurons do the same as one, and which the opposite. */

/** A neuron by its place, and Pearson's correlation with the one that was asked about. */
export type Related = { neuron: number; correlation: number };

/**
 * Neurons by how they go with one over the same places, the most alike first; those that do not differ are left out, and it itself.
 * @param rows each neuron's values, all of one length
 */
export function relatedNeurons(rows: readonly Float32Array[], neuron: number): Related[] {
  const own = standardised(rows[neuron] ?? new Float32Array(0));
  if (own === null) return [];
  return rows
    .flatMap((row, other) => {
      const its = other === neuron ? null : standardised(row);
      if (its === null) return [];
      let sum = 0;
      for (let at = 0; at < own.length; at++) sum += (own[at] as number) * (its[at] as number);
      return [{ neuron: other, correlation: sum }];
    })
    .sort((a, b) => b.correlation - a.correlation || a.neuron - b.neuron);
}

/** With mean 0 and length 1; null where all values are equal. */
function standardised(values: Float32Array): Float64Array | null {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  const centred = Float64Array.from(values, (value) => value - mean);
  let squares = 0;
  for (const value of centred) squares += value * value;
  if (!(squares > 0)) return null;
  const length = Math.sqrt(squares);
  return centred.map((value) => value / length);
}
