/** @file Which tag of the library a head's label stands for now: tags are renamed, removed and made again after a head learnt them. */
import { AppError } from '../../base/index.ts';
import type { Tag } from '../../contract/index.ts';
import { fold, quotedTag, tagKey, tagLabel } from '../../store/index.ts';
import type { Store, StoredLabel } from '../../store/index.ts';

/** What a label says of its tag. */
export type LabelWords = Pick<StoredLabel, 'tagId' | 'kind' | 'name'>;

/** The tags of a library as they are now. */
export class LabelTags {
  readonly #byId: ReadonlyMap<number, Tag>;
  readonly #byWords: ReadonlyMap<string, Tag>;
  readonly #byText: ReadonlyMap<string, Tag>;
  readonly #byName: ReadonlyMap<string, readonly Tag[]>;

  constructor({ tags }: Pick<Store, 'tags'>) {
    const list = tags.list();
    this.#byId = new Map(list.map((tag) => [tag.id, tag]));
    this.#byWords = new Map(list.map((tag) => [tagKey(tag), tag]));
    this.#byText = new Map(list.map((tag) => [fold(tagLabel(tag)), tag]));
    this.#byName = Map.groupBy(list, ({ name }) => fold(name));
  }

  /** Its own tag, whatever that is called now; else the one of its words; for a label without a kind the only one of its name. Null while there is none. */
  of({ tagId, kind, name }: LabelWords): Tag | null {
    const own = tagId === null ? undefined : this.#byId.get(tagId);
    const worded = own ?? this.#byWords.get(tagKey({ kind, name }));
    if (worded !== undefined || kind !== '') return worded ?? null;
    const named = this.#byName.get(fold(name)) ?? [];
    return this.#byText.get(fold(name)) ?? (named.length === 1 ? (named[0] ?? null) : null);
  }

  /** The label with the words of its tag. */
  current<Label extends LabelWords>(label: Label): Label {
    const tag = this.of(label);
    return tag === null ? { ...label, tagId: null } : { ...label, tagId: tag.id, kind: tag.kind, name: tag.name };
  }
}

/** Whether what a person wrote means this label: its name, or its kind and name. */
export function isCalled({ kind, name }: Pick<LabelWords, 'kind' | 'name'>, text: string): boolean {
  return [name, tagLabel({ kind, name })].some((one) => fold(one) === fold(text.trim()));
}

/** What is said of a label whose tag was removed, and what to do. */
export function removedTag({ kind, name }: Pick<LabelWords, 'kind' | 'name'>): AppError {
  const tag = quotedTag({ kind, name });
  return new AppError(
    'NOT_FOUND',
    `The tag ${tag}, which this head learnt, was removed since. Bring it back with Undo (\`earmark tag undo\`), or make a tag ${tag} again: the head then speaks for that one.`,
  );
}
