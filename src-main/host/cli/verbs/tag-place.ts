/** @file A tag as people write it. */
import { AppError } from '../../../base/index.ts';
import type { Tag } from '../../../contract/index.ts';
import { fold, tagLabel } from '../../../store/index.ts';
import type { Store } from '../../../store/index.ts';

/**
 * The tag of this kind and name (`mood: rainy`), whatever the case; without its kind where that is clear.
 * @throws AppError NOT_FOUND, BAD_INPUT when several tags have the name
 */
export function findTag({ tags }: Pick<Store, 'tags'>, text: string): Tag {
  const exact = tags.findTyped(text);
  if (exact !== null) return exact;
  const named = tags.list().filter(({ name }) => fold(name) === fold(text.trim()));
  const [first] = named;
  if (first === undefined) throw new AppError('NOT_FOUND', `There is no tag “${text}”. List them with \`earmark tag list\`.`);
  if (named.length === 1) return first;
  throw new AppError('BAD_INPUT', `Several tags are called ${text}: ${named.map(tagLabel).join(', ')}. Name one with its kind.`);
}
