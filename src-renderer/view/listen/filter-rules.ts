/** @file The rules of Listen's filter in words, and what can become one. */
import type { SegmentFilter } from '../../../src-main/contract/index.ts';
import { countOf, fileName, shownName } from '../../lib/format.ts';
import { library } from '../../state/app.svelte.ts';
import { choice } from '../../state/listening.svelte.ts';
import { playlists } from '../../state/retrieval.svelte.ts';
import { tagLabel } from '../../state/tag-words.svelte.ts';
import { tags } from '../../state/tagging.svelte.ts';
import type { IconName } from '../../ui/icons.ts';
import type { TypeAheadItem } from '../../ui/type-ahead.ts';

/** A rule that is set, and the way to drop it. */
export type ListenRule = { readonly id: string; readonly label: string; readonly icon: IconName; readonly drop: () => void };

/** Something that can become a rule. */
export type RuleOffer = TypeAheadItem & { readonly add: () => void };

/** Rules whose folder, tag or playlist is still there; undefined where none is set. Lists that are on their way are believed. */
export function knownRules({ folderIds, tagIds, playlistIds }: SegmentFilter): SegmentFilter | undefined {
  const isOf = (list: readonly { id: number }[] | null) => (id: number) => list === null || list.some((one) => one.id === id);
  const known = {
    folderIds: folderIds.filter(isOf(library.folders)),
    tagIds: tagIds.filter(isOf(tags.list)),
    playlistIds: playlistIds.filter(isOf(playlists.list)),
  };
  return known.folderIds.length + known.tagIds.length + known.playlistIds.length === 0 ? undefined : known;
}

/** Rules that are set, in words; reads the states, for `$derived`. */
export function listenRules(): ListenRule[] {
  const { filter } = choice;
  const { onlyTrack } = filter;
  const { folderIds, tagIds, playlistIds } = knownRules(filter.rules) ?? { folderIds: [], tagIds: [], playlistIds: [] };
  return [
    ...folderIds.map((id): ListenRule => {
      const path = library.folders?.find((one) => one.id === id)?.path ?? '';
      return { id: `folder ${id}`, label: fileName(shownName(path)), icon: 'folder', drop: () => filter.dropFolder(id) };
    }),
    ...tagIds.map((id): ListenRule => {
      const tag = tags.get(id);
      return { id: `tag ${id}`, label: tag === undefined ? '' : tagLabel(tag), icon: 'tags', drop: () => filter.dropTag(id) };
    }),
    ...playlistIds.map((id): ListenRule => {
      const name = playlists.list?.find((one) => one.id === id)?.name ?? '';
      return { id: `playlist ${id}`, label: shownName(name), icon: 'playlist', drop: () => filter.dropPlaylist(id) };
    }),
    ...(onlyTrack === null
      ? []
      : [{ id: 'track', label: `only ${onlyTrack.title}`, icon: 'listen' as const, drop: () => filter.showOnly(null) }]),
  ];
}

/** Folders, tags and playlists that are no rules yet. */
export function ruleOffers(): RuleOffer[] {
  const { filter } = choice;
  const { folderIds, tagIds, playlistIds } = filter.rules;
  return [
    ...(tags.list ?? [])
      .filter(({ id }) => !tagIds.includes(id))
      .map((tag): RuleOffer => ({
        ...{ id: `tag ${tag.id}`, label: tagLabel(tag), icon: 'tags', note: countOf(tag.tracks, 'track') },
        add: () => filter.addTag(tag.id),
      })),
    ...(playlists.list ?? [])
      .filter(({ id }) => !playlistIds.includes(id))
      .map(({ id, name, tracks }): RuleOffer => ({
        ...{ id: `playlist ${id}`, label: shownName(name), icon: 'playlist', note: tracks === null ? 'smart' : countOf(tracks, 'track') },
        add: () => filter.addPlaylist(id),
      })),
    ...(library.folders ?? [])
      .filter(({ id }) => !folderIds.includes(id))
      .map(({ id, path, tracks }): RuleOffer => ({
        ...{ id: `folder ${id}`, label: shownName(path), icon: 'folder', note: countOf(tracks, 'track') },
        add: () => filter.addFolder(id),
      })),
  ];
}
