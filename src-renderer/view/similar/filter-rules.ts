/** @file The rules of the filter that are set, in words. */
import { formatDuration, shownName } from '../../lib/format.ts';
import { library } from '../../state/app.svelte.ts';
import { similarQuery, tagWords } from '../../state/retrieval.svelte.ts';

/** A rule, and the way to drop it. */
export type FilterRule = { readonly label: string; readonly drop: () => void };

type Range = { least?: number | undefined; most?: number | undefined };

/** `1990–2005`, `from 1990`, `until 2005`; empty for no range. */
export function rangeText({ least, most }: Range, write: (value: number) => string): string {
  if (least !== undefined && most !== undefined) return `${write(least)}–${write(most)}`;
  if (least !== undefined) return `from ${write(least)}`;
  return most === undefined ? '' : `up to ${write(most)}`;
}

/** Reads the filter; for `$derived`. */
export function filterRules(): FilterRule[] {
  const { tagIds, withoutTagIds, genres, year, durationMs, folderId } = similarQuery.filter;
  const rules: FilterRule[] = [
    ...tagIds.map((tagId) => ({
      label: `with ${tagWords.label(tagId)}`,
      drop: () => similarQuery.setFilter({ tagIds: tagIds.filter((one) => one !== tagId) }),
    })),
    ...withoutTagIds.map((tagId) => ({
      label: `without ${tagWords.label(tagId)}`,
      drop: () => similarQuery.setFilter({ withoutTagIds: withoutTagIds.filter((one) => one !== tagId) }),
    })),
    ...genres.map((genre) => ({
      label: genre,
      drop: () => similarQuery.setFilter({ genres: genres.filter((one) => one !== genre) }),
    })),
  ];
  const years = rangeText(year, String);
  if (years !== '') rules.push({ label: years, drop: () => similarQuery.setFilter({ year: {} }) });
  const lengths = rangeText(durationMs, formatDuration);
  if (lengths !== '') rules.push({ label: `${lengths} long`, drop: () => similarQuery.setFilter({ durationMs: {} }) });
  if (folderId !== undefined) {
    const folder = library.folders?.find(({ id }) => id === folderId);
    rules.push({
      label: `in ${shownName(folder?.path ?? 'a folder that is gone')}`,
      drop: () => similarQuery.setFilter({ folderId: undefined }),
    });
  }
  const { perArtist, perAlbum } = similarQuery;
  if (perArtist !== null) rules.push({ label: `${perArtist} per artist`, drop: () => similarQuery.setCaps({ perArtist: null }) });
  if (perAlbum !== null) rules.push({ label: `${perAlbum} per album`, drop: () => similarQuery.setCaps({ perAlbum: null }) });
  return rules;
}
