/** @file Where a neuron gives most. */

/** Places of the greatest values, the greatest first, of equal ones the first; −1 behind them where there are fewer. Values that are no numbers count nowhere. */
export function topPlaces(values: Float32Array, most: number): Int32Array {
  const places = new Int32Array(most).fill(-1);
  const kept = new Float64Array(most).fill(-Infinity);
  let count = 0;
  for (let place = 0; place < values.length; place++) {
    const value = values[place] as number;
    if (!Number.isFinite(value) || (count === most && !(value > (kept[most - 1] as number)))) continue;
    let at = count < most ? count++ : most - 1;
    for (; at > 0 && value > (kept[at - 1] as number); at--) {
      kept[at] = kept[at - 1] as number;
      places[at] = places[at - 1] as number;
    }
    kept[at] = value;
    places[at] = place;
  }
  return places;
}
