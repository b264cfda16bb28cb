/** @file An example of a query as people write it: a track's path or number, any other audio file, or a tag. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../../base/index.ts';
import type { EncoderId, QueryItem, TrackId } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';

const tagPrefix = 'tag:';

/**
 * What a word names: a path of the library is its track, another audio file is encoded, a number is a track's, `tag:rainy` a tag.
 * @throws AppError NOT_FOUND; what encoding the file could not do
 */
export async function exampleItem(
  { store, similar }: Pick<Services, 'store' | 'similar'>,
  text: string,
  { encoderId, signal }: { encoderId: EncoderId; signal: AbortSignal },
): Promise<QueryItem> {
  const path = resolve(text);
  const known = store.tracks.findByPath(path);
  if (known !== null) return { kind: 'track', trackId: known.id };
  if (existsSync(path)) return { kind: 'file', fileId: (await similar.files.encodeLocal(path, encoderId, signal)).fileId };
  if (/^[1-9]\d{0,8}$/.test(text)) return { kind: 'track', trackId: store.tracks.get(Number(text) as TrackId, null).id };
  if (text.startsWith(tagPrefix)) return { kind: 'tag', tagId: tagNamed(store, text.slice(tagPrefix.length)) };
  throw new AppError('NOT_FOUND', `${path} is neither a track of the library nor a file. Name a path, a track’s number, or tag:NAME.`);
}

/** The tag that a person means. @throws AppError NOT_FOUND */
export function tagNamed(store: Services['store'], text: string): ReturnType<Services['store']['tags']['get']>['id'] {
  const tag = store.tags.findTyped(text);
  if (tag === null) throw new AppError('NOT_FOUND', `There is no tag “${text}”. List them with \`earmark tag list\`.`);
  return tag.id;
}
