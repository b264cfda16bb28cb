/**
 * @file What concepts stand for in the space that they were learnt of: a row of the autoencoder's decoder, brought back from the standardised rows that it
 * was learnt from. The index of the space is all that a query needs; none of the concepts is read.
 */
import { AppError } from '../../base/index.ts';
import type { EncoderId } from '../../contract/index.ts';
import { readEncoderWeights } from '../../compute/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import { stoodUpon } from '../encoders/stood-upon.ts';
import { unit } from './vectors.ts';

/** Of one autoencoder: decoder rows `[latents, dimensions]`, and the deviation of each of the space's numbers. */
type Decoder = { rows: Float32Array; deviations: Float32Array };

/** Reads decoders and keeps the last one. */
export class ConceptDirections {
  readonly #store: Pick<Store, 'encoders' | 'paths'>;
  #kept: { sha256: string; decoder: Promise<Decoder> } | null = null;

  constructor(store: Pick<Store, 'encoders' | 'paths'>) {
    this.#store = store;
  }

  /**
   * A concept's direction in a space, at unit length.
   * @throws AppError NOT_FOUND for concepts that are gone; BAD_INPUT for those of another space, and for a concept that there is not, or that is never active
   */
  async of(spaceId: EncoderId, { encoderId, concept }: { encoderId: EncoderId; concept: number }): Promise<Float32Array> {
    const space = this.#store.encoders.get(spaceId);
    const concepts = this.#store.encoders.get(encoderId);
    if (concepts.architecture !== 'concepts' || concepts.removedAt !== null)
      throw new AppError('NOT_FOUND', `${concepts.name} is not among the concepts that were learnt. Choose others, or learn them again.`);
    const below = stoodUpon(this.#store, concepts);
    if (below?.id !== space.id)
      throw new AppError(
        'BAD_INPUT',
        `${concepts.name} were learnt of ${below?.name ?? 'an encoder that was taken out'}, and the query looks in ${space.name}. Choose that encoder, or take the concept away.`,
      );
    if (concept >= concepts.dimensions)
      throw new AppError('BAD_INPUT', `${concepts.name} are numbered 0 to ${concepts.dimensions - 1}; there is no concept ${concept}.`);
    return directionOf(await this.#decoder(concepts), concept, space.dimensions);
  }

  #decoder(concepts: StoredEncoder): Promise<Decoder> {
    if (this.#kept?.sha256 !== concepts.weightsSha256) {
      const decoder = this.#read(concepts);
      const kept = { sha256: concepts.weightsSha256, decoder };
      this.#kept = kept;
      // What could not be read is read again the next time.
      decoder.catch(() => this.#kept === kept && (this.#kept = null));
    }
    return this.#kept.decoder;
  }

  async #read(concepts: StoredEncoder): Promise<Decoder> {
    const place = { path: this.#store.paths.weights(concepts.id), sha256: concepts.weightsSha256 };
    const weights = await readEncoderWeights(encoderSettings(concepts), place);
    return { rows: dataOf(weights, 'decoder.weight'), deviations: dataOf(weights, 'deviation') };
  }
}

/** A decoder's row in the numbers of the space itself: rows were divided by each number's deviation before the autoencoder saw them. */
export function directionOf({ rows, deviations }: Decoder, concept: number, dimensions: number): Float32Array {
  const row = rows.subarray(concept * dimensions, (concept + 1) * dimensions);
  return unit(row.map((value, at) => value * (deviations[at] as number)));
}

function dataOf(weights: ReadonlyMap<string, WeightArray>, name: string): Float32Array {
  const array = weights.get(name);
  if (array !== undefined) return array.data;
  throw new AppError('BAD_INPUT', `The file of these concepts has no “${name}”. Learn the concepts again.`);
}
