/** @file What can be done with a result. */
import type { MarkTarget, SimilarRow, TrackId } from '../../../src-main/contract/index.ts';
import { api } from '../../client/index.ts';
import { countOf, shownName } from '../../lib/format.ts';
import { segmentPlayable, trackPlayable } from '../../lib/playable.ts';
import type { PlayOrder, Playable } from '../../lib/playable.ts';
import { attempt, host, route } from '../../state/app.svelte.ts';
import { similar, similarPlace, similarQuery } from '../../state/retrieval.svelte.ts';
import { choice, player } from '../../state/listening.svelte.ts';
import type { Example } from '../../state/similar-query.svelte.ts';
import type { Taggable } from '../../state/tag-source.svelte.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { listenTo, openTrack } from '../library/track-actions.ts';
import { rowEntries } from '../row-entries.ts';
import { chooseTags } from '../tags/choose-tags.ts';
import type { Point } from '../tags/choose-tags.ts';
import { passageExample, trackExample } from './examples.ts';
import { playResults } from './save-actions.ts';

/** A result as an example: its track, or its passage. */
export function rowExample(row: SimilarRow): Example {
  return row.passage === null ? trackExample(row) : passageExample(row, row.passage.startMs, row.passage.startMs + row.passage.durationMs);
}

function rowPlayable(row: SimilarRow): Playable {
  return row.passage === null ? trackPlayable({ ...row, id: row.trackId }) : segmentPlayable({ ...row, ...row.passage });
}

/** Whether this result is what plays, or is paused. */
export function isPlayed(row: SimilarRow): boolean {
  if (player.now?.trackId !== row.trackId) return false;
  return row.passage === null ? player.now.segment === null : player.now.segment?.number === row.passage.segment;
}

const passageOrder: PlayOrder = {
  neighbour: (now, step) => {
    const rows = similar.answer?.rows ?? [];
    const at = rows.findIndex((row) => row.trackId === now.trackId && row.passage?.segment === now.segment?.number);
    const next = at < 0 ? undefined : rows[at + step];
    return Promise.resolve(next === undefined ? null : rowPlayable(next));
  },
};

/** Plays a result, or pauses it if it is what plays. Tracks go on to the next one; passages play alone. */
export function playRow(row: SimilarRow): void {
  if (isPlayed(row)) return player.toggle();
  if (row.passage === null) return playResults(similar.answer?.rows.indexOf(row) ?? 0);
  player.follow(passageOrder);
  player.playSegment({ ...row, ...row.passage });
}

/** Plays the passage of the query that a result matches. */
export function playQueryPassage(row: SimilarRow): void {
  const { passage } = row;
  if (passage === null || passage.queryStartMs === null || passage.queryTrackId === null) return;
  const trackId = passage.queryTrackId;
  const example = similarQuery.like.find(({ item }) => 'trackId' in item && item.trackId === trackId);
  const endMs = passage.queryStartMs + passage.durationMs;
  player.playPassage({ trackId, title: example?.label ?? '', artist: '', startMs: passage.queryStartMs, endMs });
}

/** Sorts Listen by a neuron, whose column is added where it is not there. */
export function sortListenBy(feature: number): void {
  choice.show('features');
  choice.add(feature);
  choice.sortBy([{ feature, descending: true }]);
}

/** Opens Listen sorted by a neuron. */
export function showNeuron(feature: number): void {
  sortListenBy(feature);
  route.go('listen');
}

/** Shows why a result is near. */
export function explain(row: SimilarRow): void {
  similarPlace.openWhy(true);
  attempt(similar.explain(row));
}

async function withTrack(trackId: TrackId, run: (track: Awaited<ReturnType<typeof api.library.track>>) => void): Promise<void> {
  run(await api.library.track({ trackId }));
}

/** Results as something to tag: their tracks, or their passages. */
export function taggableResults(rows: readonly SimilarRow[]): Taggable {
  const target = ({ trackId, passage }: SimilarRow): MarkTarget =>
    passage === null ? { trackId } : { trackId, startMs: passage.startMs, endMs: passage.startMs + passage.durationMs };
  const [first] = rows;
  const isOne = rows.length === 1 && first !== undefined;
  const what = isOne ? `“${shownName(first.title)}”` : countOf(rows.length, first?.passage === null ? 'track' : 'passage');
  return { what, targets: () => Promise.resolve(rows.map(target)) };
}

/**
 * The context menu of results.
 * @param at where the menu stands
 */
export function resultMenu(row: SimilarRow, selected: readonly SimilarRow[], at: Point): MenuEntry[] {
  const ids = [...new Set(selected.map(({ trackId }) => trackId))];
  return [
    { label: 'Play', icon: 'play', run: () => playRow(row) },
    ...(row.passage?.queryStartMs === undefined || row.passage.queryStartMs === null
      ? []
      : [{ label: 'Play the passage of the query', icon: 'resume' as const, run: () => playQueryPassage(row) }]),
    { label: 'Why is this near?', icon: 'eye', run: () => explain(row) },
    { label: 'Tag…', icon: 'tags', run: () => chooseTags(taggableResults(selected), { x: at.x, y: at.y }), separated: true },
    ...rowEntries({ examples: () => selected.map(rowExample), tracks: ids.length, trackIds: () => Promise.resolve(ids) }),
    { label: 'Show in Listen', icon: 'listen', run: () => attempt(withTrack(row.trackId, listenTo)), separated: true },
    { label: 'Show in Library', icon: 'library', run: () => attempt(withTrack(row.trackId, openTrack)) },
    ...(host.capabilities?.revealsFiles === true
      ? [{ label: 'Show in the file manager', icon: 'folder' as const, run: () => attempt(api.host.revealTrack({ trackId: row.trackId })) }]
      : []),
  ];
}
