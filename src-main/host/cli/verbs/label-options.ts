/** @file Which labels a run learns, from the options of a command. */
import { resolve } from 'node:path';
import { AppError } from '../../../base/index.ts';
import type { pretraining } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';
import { findTag } from './tag-place.ts';

/** `tags`: names with commas between, in double quotes where they hold one, of which there may be several lists. */
export type LabelOptions = { tags?: string[]; labels?: string; column?: string[] };

/** What stands behind one `--tags`, as it is and as names. */
export type TagList = { text: string; names: string[] };

/** What was asked for: tags by their names, or a table. */
export type LabelWish = { kind: 'tags'; lists: TagList[] } | { kind: 'table'; path: string; columns: string[] };

/** Null where no labels were named. @throws AppError BAD_INPUT for both tags and a table, columns without a table, or an empty name */
export function labelWish({ tags, labels, column }: LabelOptions): LabelWish | null {
  if (tags !== undefined && labels !== undefined)
    throw new AppError('BAD_INPUT', 'Labels come from tags or from a table: give --tags or --labels, not both.');
  if (column !== undefined && labels === undefined) throw new AppError('BAD_INPUT', 'Columns are those of a table: name it with --labels.');
  if (labels !== undefined) return { kind: 'table', path: resolve(labels), columns: column ?? [] };
  if (tags === undefined) return null;
  const lists = tags.map((text) => ({ text, names: namesIn(text) }));
  if (lists.some(({ names }) => names.includes(''))) throw new AppError('BAD_INPUT', `One of the tags is empty. ${advice}`);
  return { kind: 'tags', lists };
}

const advice = `Write them as --tags calm,loud; a name with a comma in it as --tags '"calm, slow",loud', or with a --tags of its own.`;

/** Cut at commas outside of double quotes, which stand twice inside of themselves. @throws AppError BAD_INPUT for quotes that are not closed */
function namesIn(text: string): string[] {
  const [names, cell] = [[] as string[], /\s*(?:"((?:[^"]|"")*)"\s*|([^",][^,]*|))(,|$)/y];
  for (;;) {
    const found = cell.exec(text);
    if (found === null) throw new AppError('BAD_INPUT', `The quotes in --tags ${text} do not enclose a name. ${advice}`);
    const [, quoted, plain = '', end] = found;
    names.push((quoted?.replaceAll('""', '"') ?? plain).trim());
    if (end === '') return names;
  }
}

/** @throws AppError NOT_FOUND for a tag that is not there, BAD_INPUT where several have the name */
export function labelSource({ store }: Services, wish: LabelWish): pretraining.LabelSource {
  if (wish.kind === 'table') return wish;
  const tagIds = wish.lists.flatMap(({ text, names }) => {
    // A tag that is called just so, with its commas, is meant.
    const whole = names.length > 1 ? store.tags.findTyped(text) : null;
    return whole === null ? names.map((name) => findTag(store, name).id) : [whole.id];
  });
  return { kind: 'tags', tagIds: [...new Set(tagIds)] };
}
