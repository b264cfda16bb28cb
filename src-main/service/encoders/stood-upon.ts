/** @file Which encoder of the library another one stands upon. */
import { standsUpon } from '../../learn/index.ts';
import type { ConceptsSettings } from '../../learn/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from './encoder-settings.ts';

type Upper = Pick<StoredEncoder, 'architecture'> & Partial<StoredEncoder>;

/**
 * The encoder, or the feature space of one, that an encoder stands upon; undefined where it stands upon none, or where that one was taken out. Of a family that
 * nothing is known of but its name, the encoder that all of it stands upon.
 */
export function stoodUpon(store: Pick<Store, 'encoders'>, upper: Upper): StoredEncoder | undefined {
  if (upper.architecture === 'concepts' && upper.settings !== undefined) return belowConcepts(store, upper.settings as ConceptsSettings);
  const upon = standsUpon(upper.architecture);
  return upon === null ? undefined : store.encoders.list().find((one) => one.architecture === upon);
}

/** The same weights, heard in the same way: what concepts were learnt from. */
function belowConcepts(
  { encoders }: Pick<Store, 'encoders'>,
  { base, baseWeights, output, pooling }: ConceptsSettings,
): StoredEncoder | undefined {
  const wanted = JSON.stringify(base);
  const isBase = (one: StoredEncoder): boolean =>
    one.removedAt === null && one.architecture === base.architecture && JSON.stringify(encoderSettings(one)) === wanted;
  const below = encoders.withWeights(baseWeights).find(isBase);
  if (below === undefined || output === 'embedding') return below;
  return encoders.spacesOf(below.id).find(({ space }) => space?.output === output && space.pooling === pooling);
}
