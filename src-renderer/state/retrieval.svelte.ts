/** @file The page's one set of states of Similar and its playlists, and how events of the core reach them. */
import { api, connection } from '../client/index.ts';
import { debounce } from '../lib/debounce.ts';
import { attempt, isLibraryAtWork, reportError, settings, undo } from './app.svelte.ts';
import { DuplicatesState } from './duplicates.svelte.ts';
import { player } from './listening.svelte.ts';
import { MusicPathState } from './music-path.svelte.ts';
import { NeuronWords } from './neuron-words.svelte.ts';
import { PassageState } from './passage.svelte.ts';
import { PlaylistsState } from './playlists.svelte.ts';
import { QueryFilesState } from './query-files.svelte.ts';
import { RadioState } from './radio.svelte.ts';
import { keptInSession } from './session.ts';
import { SimilarPlace } from './similar-place.svelte.ts';
import { SimilarQueryState, freshSimilarMemory } from './similar-query.svelte.ts';
import type { SimilarMemory } from './similar-query.svelte.ts';
import { SimilarState } from './similar.svelte.ts';
import { TagWordsState } from './tag-words.svelte.ts';
import { ViewMemory } from './view-memory.svelte.ts';

export const similarMemory = new ViewMemory<SimilarMemory>(api, 'similar', freshSimilarMemory, reportError);
export const similarQuery = new SimilarQueryState(similarMemory, undo, keptInSession('similar.query'));
export const similar = new SimilarState(api);
export const similarPlace = new SimilarPlace();
export const queryFiles = new QueryFilesState(api);
export const musicPath = new MusicPathState(api);
export const radio = new RadioState(api, () => (player.durationMs > 0 ? player.positionMs / player.durationMs : 0));
export const duplicates = new DuplicatesState(api, undo);
export const playlists = new PlaylistsState(api, undo);
export const tagWords = new TagWordsState(api);
export const neuronWords = new NeuronWords(api);
export const passage = new PassageState();

/** What smart playlists and results follow from has changed; answered a few times a second at most. */
const musicChanged = debounce(
  () => {
    similar.follow(isLibraryAtWork());
    if (playlists.open !== null) attempt(playlists.loadRows());
  },
  300,
  1500,
);

connection.on('index.changed', ({ encoderId }) => {
  if (encoderId === settings.encoderId) musicChanged();
});
connection.on('library.changed', () => musicChanged());
connection.on('tags.changed', () => {
  neuronWords.forget();
  attempt(tagWords.loadTags());
  musicChanged();
});
connection.on('duplicates.changed', () => {
  attempt(duplicates.load());
  musicChanged();
});
connection.on('similar.encoding', ({ encoding }) => queryFiles.hear(encoding));
connection.on('playlists.changed', () => {
  attempt(playlists.load());
  if (playlists.open !== null) attempt(playlists.loadRows());
});
connection.onState((state) => {
  queryFiles.hear(null);
  if (state !== 'open') return;
  attempt(playlists.load());
  attempt(tagWords.loadTags());
  attempt(duplicates.load());
  musicChanged();
});
