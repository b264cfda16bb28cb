/** @file Means of neurons over tracks, in parts that came one after the other. */

/** Means of neurons over the segments of tracks, `[neurons, tracks]`. */
export type MeansPart = { tracks: number; values: Float32Array };

/** A neuron's means over tracks, all or those at some places, in order. */
export function meansOf(parts: readonly MeansPart[], feature: number, places?: Int32Array): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { tracks }) => sum + tracks, 0));
  let at = 0;
  for (const { tracks, values } of parts) {
    all.set(values.subarray(feature * tracks, (feature + 1) * tracks), at);
    at += tracks;
  }
  return places === undefined ? all : Float32Array.from(places, (place) => all[place] as number);
}
