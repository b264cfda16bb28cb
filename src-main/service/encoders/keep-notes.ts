/** @file Notes on neurons that go with an encoder to somebody else, and come with one: on its embedding, and on layers with the space they belong to. */
import { AppError, countOf } from '../../base/index.ts';
import type { EncoderBundle } from '../../compute/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';
import { describeSpace, ensureSpace, findSpace } from './spaces.ts';

/** The notes of a bundle. */
export type GivenNotes = Pick<EncoderBundle, 'notes' | 'spaces'>;

type Notes = GivenNotes['notes'];

/** What was noted on an encoder and on its layers; spaces that were taken out, or that nobody noted anything on, stay behind. */
export function notesOf({ notes, encoders }: Pick<Store, 'notes' | 'encoders'>, { id }: StoredEncoder): GivenNotes {
  const own = (of: StoredEncoder['id']): Notes => notes.list(of).map(({ feature, text }) => ({ feature, text }));
  const spaces = encoders.spacesOf(id).flatMap(({ id: spaceId, space }) => {
    const noted = own(spaceId);
    return space === null || noted.length === 0 ? [] : [{ ...space, notes: noted }];
  });
  return { notes: own(id), spaces };
}

/** How many notes there are in all. */
export function countNotes({ notes, spaces }: GivenNotes): number {
  return spaces.reduce((sum, space) => sum + space.notes.length, notes.length);
}

/**
 * Keeps notes on neurons that have none here; what a person wrote stays. A layer's space is made where its first note is kept.
 * @returns what is to be said of it
 */
export function keepNotes(store: Pick<Store, 'notes' | 'encoders'>, encoder: StoredEncoder, given: GivenNotes): string[] {
  let kept = keepOn(store, { on: encoder, dimensions: encoder.dimensions, make: () => encoder }, given.notes);
  const strange: string[] = [];
  for (const { output, pooling, notes } of given.spaces) {
    const space = { output, pooling };
    const dimensions = dimensionsOf(encoder, space);
    if (dimensions === null) strange.push(output);
    else kept += keepOn(store, { on: findSpace(store, encoder, space), dimensions, make: () => ensureSpace(store, encoder, space) }, notes);
  }
  const unknown = [...new Set(strange)];
  return [
    ...(kept === 0 ? [] : [`${countOf(kept, 'note')} on what its neurons hear came along.`]),
    ...(unknown.length === 0 ? [] : [`Left out: notes on outputs that it does not have (${unknown.slice(0, 3).join(', ')}).`]),
  ];
}

/** `on`: null where there is no such space yet. */
type Place = { on: StoredEncoder | null; dimensions: number; make: () => StoredEncoder };

function keepOn({ notes }: Pick<Store, 'notes'>, { on, dimensions, make }: Place, given: Notes): number {
  const known = new Set(on === null ? [] : notes.list(on.id).map(({ feature }) => feature));
  const fresh = given.filter(({ feature }) => feature < dimensions && !known.has(feature));
  if (fresh.length === 0) return 0;
  const { id } = make();
  for (const { feature, text } of fresh) notes.set(id, feature, text);
  return fresh.length;
}

/** Neurons of an output; null where the encoder does not have it. */
function dimensionsOf(encoder: StoredEncoder, space: Parameters<typeof describeSpace>[1]): number | null {
  try {
    return describeSpace(encoder, space).dimensions;
  } catch (error) {
    if (error instanceof AppError && error.code === 'BAD_INPUT') return null;
    throw error;
  }
}
