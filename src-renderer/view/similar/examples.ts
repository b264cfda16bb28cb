/** @file Examples of a query: made from tracks, segments, passages and tags, and played. */
import type { Tag, Track, TrackId } from '../../../src-main/contract/index.ts';
import { api } from '../../client/index.ts';
import { formatDuration, shownName } from '../../lib/format.ts';
import { tracks } from '../../state/app.svelte.ts';
import { player } from '../../state/listening.svelte.ts';
import type { Example } from '../../state/similar-query.svelte.ts';
import { tagLabel } from '../../state/tag-words.svelte.ts';
import { selectedRows } from '../../ui/grid/index.ts';
import type { RowRange } from '../../ui/grid/index.ts';
import type { IconName } from '../../ui/icons.ts';

/** Most rows of a table that become examples at once; the core takes no more. */
const mostExamples = 200;

/** A track of the library, as a table knows it. */
export type NamedTrack = { readonly trackId: TrackId; readonly title: string; readonly artist: string };

/** A track as an example. */
export function trackExample({ trackId, title, artist }: NamedTrack): Example {
  return { item: { kind: 'track', trackId }, label: shownName(title), note: artist };
}

/** A stretch of a track as an example; times in ms. */
export function passageExample(track: NamedTrack, startMs: number, endMs: number): Example {
  const note = `${formatDuration(startMs)}–${formatDuration(endMs)}`;
  return { item: { kind: 'passage', trackId: track.trackId, startMs, endMs }, label: shownName(track.title), note };
}

/** A row of the table of segments as an example. */
export function segmentExample(row: NamedTrack & { readonly startMs: number; readonly durationMs: number }): Example {
  return passageExample(row, row.startMs, row.startMs + row.durationMs);
}

/** What carries a tag as an example. */
export function tagExample(tag: Tag): Example {
  return { item: { kind: 'tag', tagId: tag.id }, label: tagLabel(tag), note: '' };
}

/** The icon of an example. */
export function exampleIcon({ item }: Example): IconName {
  if (item.kind === 'passage') return 'passage';
  if (item.kind === 'file') return 'file';
  if (item.kind === 'concept' || item.kind === 'neuron') return 'neuron';
  return item.kind === 'tag' ? 'tags' : 'note';
}

/** Rows of the Library's table as examples, also those that are not held. */
export async function libraryExamples(ranges: readonly RowRange[]): Promise<Example[]> {
  const rows = selectedRows(ranges, mostExamples);
  const held = rows.map((row) => tracks.row(row));
  const found: (Track | undefined)[] = held.every((track) => track !== undefined) ? held : await fetched(ranges);
  return found.flatMap((track) => (track === undefined ? [] : trackExample({ ...track, trackId: track.id })));
}

async function fetched(ranges: readonly RowRange[]): Promise<Track[]> {
  const ids = (await tracks.idsOf(ranges)).slice(0, mostExamples);
  return Promise.all(ids.map((trackId) => api.library.track({ trackId })));
}

/** Whether an example can be heard: a file of a query is not kept, and neither a tag nor a direction is a sound. */
export function canPlay({ item }: Example): boolean {
  return item.kind === 'track' || item.kind === 'passage';
}

/** Plays an example, or pauses it if it is what plays. */
export function playExample({ item, label, note }: Example): void {
  if (item.kind === 'track') {
    if (player.now?.trackId === item.trackId && player.now.segment === null) player.toggle();
    else player.playTrack({ id: item.trackId, title: label, artist: note, durationMs: 0 });
  } else if (item.kind === 'passage') player.playPassage({ ...item, title: label, artist: note });
}
