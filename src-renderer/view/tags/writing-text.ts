/** @file What writing to files is called. */
import type { FileChange, WritableField, Writing } from '../../../src-main/contract/index.ts';
import { countOf } from '../../lib/format.ts';
import { tagTitle } from '../../lib/tag-name.ts';
import { tags } from '../../state/tagging.svelte.ts';

/** Fields that tags are written to. */
export const fieldNames: Record<WritableField, { label: string; note: string }> = {
  genre: { label: 'Genre', note: 'Shown by every player' },
  comment: { label: 'Comment', note: 'Shown by most players and DJ programs' },
  grouping: { label: 'Grouping', note: 'Shown by iTunes, Music and Rekordbox' },
  mood: { label: 'Mood', note: 'Shown by some players' },
  custom: { label: 'A field of its own', note: 'Named by you; other programs leave it alone' },
};

/** What a file's state is called. */
export const fileStates: Record<FileChange['state'], string> = {
  planned: 'To be written',
  written: 'Written',
  unchanged: 'Says so already',
  failed: 'Not written',
  undone: 'Put back',
  undoFailed: 'Not put back',
};

/** A batch in a few words: `rainy, driving → Genre`. */
export function writingTitle({ wish }: Writing): string {
  const names = wish.tagIds.map((id) => tags.get(id)).flatMap((tag) => (tag === undefined ? [] : tagTitle(tag)));
  const words = names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
  const field = wish.field === 'custom' ? (wish.customName ?? fieldNames.custom.label) : fieldNames[wish.field].label;
  return `${words === '' ? countOf(wish.tagIds.length, 'tag') : words} → ${field}`;
}

/** How far a batch came: `214 files written, 2 not`. */
export function writingFigures({ state, files, written, failed, undone }: Writing): string {
  if (state === 'planned') return `${countOf(files, 'file')}, not written yet`;
  if (state === 'undone') return `${countOf(undone, 'file')} put back`;
  const parts = [`${countOf(written, 'file')} written`];
  if (failed > 0) parts.push(`${failed} not`);
  if (undone > 0) parts.push(`${undone} put back`);
  return parts.join(', ');
}

/** Values of a field as they are shown: a dash for none. */
export function fieldText(values: readonly string[]): string {
  return values.length === 0 ? '–' : values.join('; ');
}
