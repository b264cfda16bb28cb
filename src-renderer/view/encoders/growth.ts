/** @file Whether a library has outgrown the encoder that was learnt from it. */
import { pretraining } from '../../../src-main/contract/index.ts';
import type { Encoder, pretraining as types } from '../../../src-main/contract/index.ts';

/** With so many times the tracks that an encoder was learnt from it is worth a minute to learn again. */
const manyTimes = 2;

type Learnt = Pick<types.Run, 'id' | 'settings' | 'tracks'>;

/** The tracks that an encoder was learnt from in a minute, where the library has many more by now; null otherwise. */
export function learntFrom(runs: readonly Learnt[], encoder: Pick<Encoder, 'run'> | null, tracks: number): number | null {
  const own = runs.find(({ id }) => id === encoder?.run?.id);
  if (own === undefined || !pretraining.isFedEmbeddings(own.settings) || tracks < manyTimes * own.tracks) return null;
  return own.tracks;
}
