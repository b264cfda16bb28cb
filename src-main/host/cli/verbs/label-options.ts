/** @file Which labels a run learns, from the options of a command. */
import { resolve } from 'node:path';
import { AppError } from '../../../base/index.ts';
import type { pretraining } from '../../../contract/index.ts';
import type { Services } from '../../../service/index.ts';
import { findTag } from './tag-place.ts';

/** `tags`: names with commas between, of which there may be several lists. */
export type LabelOptions = { tags?: string[]; labels?: string; column?: string[] };

/** What was asked for: tags by their names, or a table. */
export type LabelWish = { kind: 'tags'; names: string[] } | { kind: 'table'; path: string; columns: string[] };

/** Null where no labels were named. @throws AppError BAD_INPUT for both tags and a table, columns without a table, or an empty name */
export function labelWish({ tags, labels, column }: LabelOptions): LabelWish | null {
  if (tags !== undefined && labels !== undefined)
    throw new AppError('BAD_INPUT', 'Labels come from tags or from a table: give --tags or --labels, not both.');
  if (column !== undefined && labels === undefined) throw new AppError('BAD_INPUT', 'Columns are those of a table: name it with --labels.');
  if (labels !== undefined) return { kind: 'table', path: resolve(labels), columns: column ?? [] };
  if (tags === undefined) return null;
  const names = tags.flatMap((list) => list.split(',')).map((name) => name.trim());
  if (names.some((name) => name === '')) throw new AppError('BAD_INPUT', 'One of the tags is empty. Write them as --tags calm,loud.');
  return { kind: 'tags', names };
}

/** @throws AppError NOT_FOUND for a tag that is not there, BAD_INPUT where several have the name */
export function labelSource({ store }: Services, wish: LabelWish): pretraining.LabelSource {
  if (wish.kind === 'table') return wish;
  return { kind: 'tags', tagIds: [...new Set(wish.names.map((name) => findTag(store, name).id))] };
}
