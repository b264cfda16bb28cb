/** @file What learnt nothing, beside a head on a person's tags: heads of the same kind on statistics of the same examples, in the same folds. */
import { createEncoder, mfccColumns } from '../../learn/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { encoderSettings } from '../encoders/encoder-settings.ts';
import type { HeadExamples } from '../processes/head-messages.ts';

/** What stands beside: an encoder, and which of its numbers are taken; null: all. */
export type BesideHead = { name: string; encoder: StoredEncoder; columns: readonly number[] | null };

/** Statistics and an untrained twin, as far as they are indexed; an encoder is not beside itself. */
export function besideHead({ encoders, index }: Pick<Store, 'encoders' | 'index'>, encoder: StoredEncoder): BesideHead[] {
  const isIndexed = ({ id }: StoredEncoder): boolean => index.current(id) !== null;
  const text = (one: StoredEncoder): string => JSON.stringify(createEncoder(encoderSettings(one)).settings);
  const all = encoders.list().filter(isIndexed);
  const statistics = all.find(({ source }) => source === 'built-in');
  const isItself = encoder.source === 'built-in';
  const twin =
    isItself || encoder.source === 'untrained' || encoder.space !== null
      ? undefined
      : all.find((one) => one.source === 'untrained' && text(one) === text(encoder));
  return [
    ...(twin === undefined ? [] : [{ name: 'The same encoder, untrained', encoder: twin, columns: null }]),
    ...(statistics === undefined || isItself ? [] : [{ name: 'Timbre statistics', encoder: statistics, columns: null }]),
    ...(statistics === undefined ? [] : [{ name: '20 mel cepstral coefficients', encoder: statistics, columns: mfccColumns }]),
  ];
}

/** The same examples with some of their numbers. */
export function withColumns(examples: HeadExamples, columns: readonly number[] | null): HeadExamples {
  if (columns === null) return examples;
  const { dimensions, embeddings } = examples;
  const rows = embeddings.length / dimensions;
  const own = new Float32Array(rows * columns.length);
  for (let row = 0; row < rows; row++)
    for (const [at, column] of columns.entries()) own[row * columns.length + at] = embeddings[row * dimensions + column] as number;
  return { ...examples, embeddings: own, dimensions: columns.length };
}
