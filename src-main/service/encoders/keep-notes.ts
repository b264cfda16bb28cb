/** @file Notes on neurons that came with an encoder of somebody else. */
import { countOf } from '../../base/index.ts';
import type { EncoderBundle } from '../../compute/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';

/** Keeps notes on neurons that have none here; what a person wrote stays. @returns what is to be said of it */
export function keepNotes({ notes }: Pick<Store, 'notes'>, { id, dimensions }: StoredEncoder, given: EncoderBundle['notes']): string[] {
  const known = new Set(notes.list(id).map(({ feature }) => feature));
  const fresh = given.filter(({ feature }) => feature < dimensions && !known.has(feature));
  for (const { feature, text } of fresh) notes.set(id, feature, text);
  return fresh.length === 0 ? [] : [`${countOf(fresh.length, 'note')} on what its neurons hear came along.`];
}
