/** @file What can be done with examples from everywhere: find more like them, less like them, and nothing but what is like them. */
import type { TrackId } from '../../../src-main/contract/index.ts';
import type { Action } from '../../lib/keys.ts';
import { countOf } from '../../lib/format.ts';
import { attempt, route } from '../../state/app.svelte.ts';
import { passage, similarPlace, similarQuery } from '../../state/retrieval.svelte.ts';
import { player } from '../../state/listening.svelte.ts';
import type { SimilarPage } from '../../state/similar-place.svelte.ts';
import type { Example } from '../../state/similar-query.svelte.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import type { ExampleSource } from '../view.ts';
import { passageExample, trackExample } from './examples.ts';

const group = 'Similar';

/** Opens a page of Similar. */
export function openSimilar(page: SimilarPage): void {
  similarPlace.go(page);
  route.go('similar');
}

/** Adds examples to the query and shows what is similar. */
export async function moreLike(source: ExampleSource): Promise<void> {
  const examples = await source();
  if (examples.length === 0) return;
  similarQuery.add('like', examples);
  openSimilar('find');
}

/** Adds examples that results are to be unlike. */
export async function lessLike(source: ExampleSource): Promise<void> {
  const examples = await source();
  if (examples.length === 0) return;
  similarQuery.add('unlike', examples);
  openSimilar('find');
}

/** Asks for what is like these alone. */
export async function onlyLike(source: ExampleSource): Promise<void> {
  const examples = await source();
  if (examples.length === 0) return;
  similarQuery.only(examples);
  openSimilar('find');
}

/** Entries for the context menu of a table's rows. */
export function similarEntries(source: ExampleSource): MenuEntry[] {
  const begins = similarQuery.isEmpty;
  return [
    { label: 'More like this', icon: 'similar', run: () => attempt(moreLike(source)) },
    ...(begins
      ? []
      : [
          { label: 'Less like this', icon: 'swap' as const, run: () => attempt(lessLike(source)) },
          { label: 'Only like this', icon: 'search' as const, run: () => attempt(onlyLike(source)) },
        ]),
  ];
}

/** Keys of a table whose rows can be examples; call while the table is shown. */
export function exampleKeys(source: ExampleSource): Action[] {
  return [
    {
      id: 'similar.moreLike',
      label: 'More like the selected rows',
      group,
      keys: ['s'],
      run: () => attempt(moreLike(source)),
      isKeyOnly: true,
    },
    {
      id: 'similar.lessLike',
      label: 'Less like the selected rows',
      group,
      keys: ['Shift+s'],
      run: () => attempt(lessLike(source)),
      when: () => !similarQuery.isEmpty,
      isKeyOnly: true,
    },
  ];
}

/** What plays, as an example. */
function playing(): Example[] {
  const { now } = player;
  return now === null ? [] : [trackExample({ ...now, trackId: now.trackId as TrackId })];
}

/** The passage that is marked on the player's waveform, as an example; none when none is. */
export function markedExample(): Example | null {
  const [marked, { now }] = [passage.passage, player];
  if (marked === null || now === null || now.trackId !== marked.trackId) return null;
  return passageExample({ ...now, trackId: now.trackId as TrackId }, marked.startMs, marked.endMs);
}

/** Asks for passages like the marked one. */
export function findMarked(): void {
  const example = markedExample();
  if (example === null) return;
  similarQuery.setLevel('passages');
  attempt(moreLike(() => [example]));
}

/** Similar's actions that are there in every view. */
export function similarActions(): Action[] {
  return [
    ...playingActions(),
    ...passageActions(),
    ...pageActions(),
    {
      id: 'similar.clear',
      label: 'Begin a new query',
      group,
      keys: [],
      run: () => similarQuery.clear(),
      when: () => !similarQuery.isEmpty,
    },
  ];
}

/** What plays becomes an example. */
function playingActions(): Action[] {
  return [
    {
      id: 'similar.likePlaying',
      label: 'More like what plays',
      group,
      keys: ['s'],
      run: () => attempt(moreLike(playing)),
      when: isPlaying,
      alsoCalled: 'similar find',
    },
    {
      id: 'similar.unlikePlaying',
      label: 'Less like what plays',
      group,
      keys: ['Shift+s'],
      run: () => attempt(lessLike(playing)),
      when: () => isPlaying() && !similarQuery.isEmpty,
    },
  ];
}

function passageActions(): Action[] {
  return [
    { id: 'passage.start', label: 'Mark the beginning of a passage', group, keys: ['['], run: markStart, when: isPlaying },
    { id: 'passage.end', label: 'Mark the end of a passage', group, keys: [']'], run: markEnd, when: isPlaying },
    {
      id: 'passage.find',
      label: 'Find passages like the marked one',
      group,
      keys: [],
      run: findMarked,
      when: () => markedExample() !== null,
    },
  ];
}

function pageActions(): Action[] {
  return [
    { id: 'similar.path', label: 'Path from one track to another', group, keys: [], run: () => openSimilar('path'), alsoCalled: 'journey' },
    { id: 'similar.radio', label: 'Radio', group, keys: [], run: () => openSimilar('radio'), alsoCalled: 'endless' },
  ];
}

function isPlaying(): boolean {
  return player.now !== null;
}

function markStart(): void {
  if (player.now !== null) passage.markStart(player.now.trackId, player.positionMs);
}

function markEnd(): void {
  if (player.now !== null) passage.markEnd(player.now.trackId, player.positionMs);
}

/** The examples of a query in words, for the name of what is saved: `Knolls`, `Knolls and 2 others`. */
export function namesOf(examples: readonly Example[]): string {
  const first = examples[0]?.label ?? '';
  return examples.length <= 1 ? first : `${first} and ${countOf(examples.length - 1, 'other')}`;
}
