/** @file The choice of features as a person types it: `51, 61, 100-110`, or `all`. */

/** The features that were meant, in the typed order and each once; or why the text cannot be read. */
export type FeatureListReading =
  { readonly features: readonly number[]; readonly problem?: never } | { readonly problem: string; readonly features?: never };

/**
 * Reads a choice of features.
 * @param dimensions features that the encoder has, numbered from 0
 */
export function readFeatureList(text: string, dimensions: number): FeatureListReading {
  const trimmed = text.trim();
  if (trimmed === '') return { features: [] };
  if (/^all$/i.test(trimmed)) return { features: allFeatures(dimensions) };
  const features = new Set<number>();
  for (const part of trimmed.replace(/\s*[-–—]\s*/g, '-').split(/[\s,;]+/)) {
    if (part === '') continue;
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part);
    if (match === null) return { problem: `“${part}” is no neuron’s number and no range. Write for example 51, 61, 100-110, or all.` };
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    const largest = Math.max(from, to);
    if (largest >= dimensions) return { problem: `There is no neuron ${largest}: this encoder has neurons 0 to ${dimensions - 1}.` };
    const step = to >= from ? 1 : -1;
    for (let feature = from; feature !== to + step; feature += step) features.add(feature);
  }
  return { features: [...features] };
}

/** Writes a choice of features as short as it can be read again: `51, 61, 100-110`. */
export function writeFeatureList(features: readonly number[], dimensions: number): string {
  if (features.length === dimensions && features.every((feature, index) => feature === index)) return 'all';
  const parts: string[] = [];
  for (let start = 0; start < features.length;) {
    let end = start;
    while (end + 1 < features.length && features[end + 1] === (features[end] ?? 0) + 1) end++;
    if (end - start >= 2) parts.push(`${features[start]}-${features[end]}`);
    else for (let index = start; index <= end; index++) parts.push(String(features[index]));
    start = end + 1;
  }
  return parts.join(', ');
}

/** Every feature of an encoder. */
export function allFeatures(dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, feature) => feature);
}
