/** @file Where the marks of an axis stand. */

/** Round numbers (1, 2 or 5 times a power of ten) from `least` to `most`, about `wanted` of them. */
export function linearTicks(least: number, most: number, wanted: number): number[] {
  if (!(most > least)) return Number.isFinite(least) ? [least] : [];
  const rough = (most - least) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const first = Math.ceil(least / step - 1e-9);
  const last = Math.floor(most / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A number at a mark: as short as it can be told. */
export function tickText(value: number): string {
  const text = Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(0) : String(value);
  return text.replace('-', '−');
}
