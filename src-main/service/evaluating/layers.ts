/** @file Which layers of an encoder are probed where not one alone is. */
import { AppError } from '../../base/index.ts';
import type { LayerUse } from '../../contract/index.ts';
import { createEncoder, embeddingOutput } from '../../learn/index.ts';
import type { StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';

/**
 * Outputs that are probed each by itself, or summed: of a sum those of the width that most layers have (the wider of two), without the embedding, which is
 * made of them.
 * @throws AppError BAD_INPUT where no two layers can be summed
 */
export function probedLayers(encoder: StoredEncoder, use: Exclude<LayerUse, 'one'>): string[] {
  const { outputs, title } = createEncoder(encoderSettings(encoder));
  if (use === 'every') return outputs.map(({ name }) => name);
  const layers = outputs.filter(({ name }) => name !== embeddingOutput);
  const counts = new Map<number, number>();
  for (const { dimensions } of layers) counts.set(dimensions, (counts.get(dimensions) ?? 0) + 1);
  const [best] = [...counts].toSorted(([widthA, a], [widthB, b]) => b - a || widthB - widthA);
  if (best === undefined || best[1] < 2)
    throw new AppError(
      'BAD_INPUT',
      `${title} has no two layers as wide as each other, so that none can be summed. Probe every layer instead.`,
    );
  return layers.filter(({ dimensions }) => dimensions === best[0]).map(({ name }) => name);
}
