/** @file How a tag is written: `mood: rainy` is the kind `mood` and the name `rainy`. Pure. */
import { plain } from './search.ts';

/** A tag's two words. */
export type TagName = { kind: string; name: string };

/** A tag as it is written: `mood: rainy`, or `rainy` for one without a kind. */
export function tagTitle({ kind, name }: TagName): string {
  return kind === '' ? name : `${kind}: ${name}`;
}

/** Reads what was typed; the first colon with something on both sides parts kind and name. */
export function readTagName(typed: string): TagName {
  const text = typed.trim().replace(/\s+/g, ' ');
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const [kind, name] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (kind !== '' && name !== '') return { kind, name };
  }
  return { kind: '', name: text };
}

/** Whether two tags are the same, whatever the case and the accents. */
export function isSameTag(one: TagName, other: TagName): boolean {
  return plain(one.kind) === plain(other.kind) && plain(one.name) === plain(other.name);
}

/** Tags of each kind together, kinds in the order of their first tags. */
export function groupedByKind<Tag extends TagName>(tags: readonly Tag[]): { kind: string; tags: readonly Tag[] }[] {
  return [...Map.groupBy(tags, ({ kind }) => kind)].map(([kind, members]) => ({ kind, tags: members }));
}
