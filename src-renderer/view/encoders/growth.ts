/** @file Whether a library has outgrown the encoder that was learnt from it. */
import { pretraining } from '../../../src-main/contract/index.ts';
import type { EncoderId, pretraining as types } from '../../../src-main/contract/index.ts';

/** With so many times the tracks that an encoder was learnt from it is worth a minute to learn again. */
const manyTimes = 2;

type Learnt = Pick<types.Run, 'settings' | 'tracks' | 'checkpoints'>;

/** The tracks that an encoder was learnt from in a minute, where the library has many more by now; null otherwise. */
export function learntFrom(runs: readonly Learnt[], encoderId: EncoderId | null, tracks: number): number | null {
  const own = runs.find(({ checkpoints }) => encoderId !== null && checkpoints.some((one) => one.encoderId === encoderId));
  if (own === undefined || !pretraining.isFedEmbeddings(own.settings) || tracks < manyTimes * own.tracks) return null;
  return own.tracks;
}
