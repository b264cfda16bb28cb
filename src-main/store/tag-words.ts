/** @file The words of tags: how what a person typed becomes a kind and a name, and which two of them are the same tag. */
import { AppError } from '../base/index.ts';
import { longestTagName } from '../contract/index.ts';
import type { Tag } from '../contract/index.ts';
import { fold } from './text-keys.ts';

/** A tag's kind (empty without one) and name, as they are kept. */
export type TagWords = Pick<Tag, 'kind' | 'name'>;

/** Blanks, control characters and what no font draws. */
const unseen = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*$/u;
const control = /\p{Cc}/gu;
const longestTitle = 60;

/**
 * Cleans a kind and a name: composed Unicode, no blanks around, one blank for several.
 * @throws AppError BAD_INPUT for a blank name, and for one that is too long
 */
export function tagWords({ kind, name }: TagWords): TagWords {
  const words = { kind: cleanTagText(kind), name: cleanTagText(name) };
  if (unseen.test(words.name)) throw new AppError('BAD_INPUT', 'A tag needs a name that can be seen. Type at least one letter or sign.');
  checkLength('name', words.name);
  checkLength('kind', words.kind);
  return words;
}

/** Like {@link tagWords}, of what a person typed: `mood: rainy` is the kind `mood` and the name `rainy`, where no kind is given. */
export function typedTagWords({ kind, name }: TagWords): TagWords {
  return tagWords(cleanTagText(kind) === '' ? splitAtColon(name) : { kind, name });
}

/** What is the same for two tags that are the same: neither case nor accents, blanks or Unicode's forms make a difference. */
export function tagKey({ kind, name }: TagWords): string {
  return `${fold(kind)}\u0001${fold(name)}`;
}

/** A tag as people write it: `mood: rainy`. */
export function tagLabel({ kind, name }: TagWords): string {
  return kind === '' ? name : `${kind}: ${name}`;
}

/** A tag in a sentence, in quotation marks and cut where it is long. */
export function quotedTag(words: TagWords): string {
  const characters = Array.from(tagLabel(words));
  return characters.length <= longestTitle ? `“${characters.join('')}”` : `“${characters.slice(0, longestTitle - 1).join('')}…”`;
}

/** Composed Unicode, no blanks around, one blank for several; empty when there is nothing to be seen. */
export function cleanTagText(text: string): string {
  const composed = text.toWellFormed().normalize('NFC');
  const trimmed = composed.replace(control, ' ').replace(/\s+/g, ' ').trim();
  return unseen.test(trimmed) ? '' : trimmed;
}

/** Cuts at the first colon that has something on both sides. */
function splitAtColon(text: string): TagWords {
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const [kind, name] = [cleanTagText(text.slice(0, at)), cleanTagText(text.slice(at + 1))];
    if (kind !== '' && name !== '') return { kind, name };
  }
  return { kind: '', name: text };
}

function checkLength(what: string, text: string): void {
  const length = Array.from(text).length;
  if (length > longestTagName)
    throw new AppError(
      'BAD_INPUT',
      `The ${what} of a tag may have ${longestTagName} characters; this one has ${length}: ${quotedTag({ kind: '', name: text })}. Shorten it.`,
      { details: { length, longest: longestTagName } },
    );
}
