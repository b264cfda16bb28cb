/** @file What a field of a file says when tags are added to it, or put in its place. */
import type { Tag, WritingWish } from '../../contract/index.ts';
import { fold, tagLabel } from '../../store/index.ts';

/** Between texts in a field that holds one text. */
const separator = '; ';

/**
 * The values of a field after writing.
 * @param before its values now
 * @param tags those that the track carries, in the wished order
 */
export function valuesAfter(before: readonly string[], tags: readonly Tag[], { field, mode, withKind }: WritingWish): string[] {
  const labels = distinct(tags.map((tag) => (withKind ? tagLabel(tag) : tag.name)));
  const kept = mode === 'add' ? before : [];
  // Many programs put several genres into one text.
  const known = new Set(kept.flatMap((value) => [value, ...value.split(';')]).map(keyOf));
  const added = labels.filter((label) => !known.has(keyOf(label)));
  if (added.length === 0) return [...kept];
  if (field !== 'comment') return [...kept, ...added];
  // A comment is one text in every format.
  const [first = '', ...others] = kept;
  return [[first.trim(), ...added].filter((text) => text !== '').join(separator), ...others];
}

function distinct(labels: readonly string[]): string[] {
  const byKey = new Map(labels.toReversed().map((label) => [keyOf(label), label]));
  return [...byKey.values()].toReversed();
}

function keyOf(text: string): string {
  return fold(text.trim());
}
