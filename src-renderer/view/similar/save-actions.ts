/** @file What is made of a query and its results: playlists, smart playlists, a radio. */
import type { TrackId } from '../../../src-main/contract/index.ts';
import { ListOrder } from '../../lib/list-order.ts';
import type { PlayableTrack } from '../../lib/playable.ts';
import { encoders } from '../../state/app.svelte.ts';
import { route } from '../../state/app.svelte.ts';
import { playlists, radio, similar, similarPlace, similarQuery } from '../../state/retrieval.svelte.ts';
import { player } from '../../state/listening.svelte.ts';
import { namesOf } from './similar-actions.ts';

const longestName = 200;
const smartLimit = 1000;

function named(name: string): string {
  return name.slice(0, longestName);
}

/** Whether a file is among the examples: the core forgets those when it ends, so no playlist can ask for them. */
export function hasFile(): boolean {
  return [...similarQuery.like, ...similarQuery.unlike].some(({ item }) => item.kind === 'file');
}

/** The tracks of a list of rows, each once. */
function idsOf(rows: readonly { trackId: TrackId }[]): TrackId[] {
  return [...new Set(rows.map(({ trackId }) => trackId))];
}

/** Saves the results as they are now. */
export async function saveResults(): Promise<void> {
  await playlists.create(named(`Like ${namesOf(similarQuery.like)}`), { trackIds: idsOf(similar.answer?.rows ?? []) });
}

/** Saves the query as a playlist that is asked anew each time. */
export async function saveQuery(): Promise<void> {
  const query = similar.query;
  if (query === null) return;
  await playlists.create(named(`Like ${namesOf(similarQuery.like)}, live`), { smart: { kind: 'similar', query } });
}

/** Saves the filter, without any example, as a playlist that is asked anew each time. */
export async function saveFilter(): Promise<void> {
  const smart = { kind: 'filter' as const, filter: similarQuery.filter, sort: null, limit: smartLimit };
  const made = await playlists.create('Filtered tracks', { smart });
  playlists.show(made.id);
  route.go('playlists');
}

/** Saves tracks in their order under a name. */
export async function saveTracks(name: string, rows: readonly { trackId: TrackId }[]): Promise<void> {
  await playlists.create(named(name), { trackIds: rows.map(({ trackId }) => trackId) });
}

/** Plays rows one after the other. */
export function playInOrder(rows: () => readonly PlayableTrack[], at = 0): void {
  const track = rows()[at];
  if (track === undefined) return;
  player.follow(new ListOrder(rows, at));
  player.playTrack(track);
}

/** Plays the results, best first. */
export function playResults(at = 0): void {
  playInOrder(() => (similar.answer?.rows ?? []).map((row) => ({ ...row, id: row.trackId })), at);
}

/** Begins a radio from the examples of the query. */
export async function radioFromQuery(): Promise<void> {
  const encoder = encoders.current;
  const seeds = similarQuery.like;
  if (encoder === null || seeds.length === 0) return;
  similarPlace.go('radio');
  const first = await radio.start({
    encoderId: encoder.id,
    seeds: seeds.map(({ item }) => item),
    title: namesOf(seeds),
    filter: similarQuery.filter,
    perArtist: similarQuery.perArtist,
  });
  if (first !== null) playRadio(0);
}

/** Plays the radio from one of its rows on. */
export function playRadio(at: number): void {
  const playable = radio.playable(at);
  if (playable === null) return;
  player.follow(radio);
  player.playTrack({ id: playable.trackId, title: playable.title, artist: playable.artist, durationMs: playable.durationMs ?? 0 });
}
