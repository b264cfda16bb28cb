/** @file The page's one player, table of segments, and choice of features, and how events of the core reach them. */
import { api, connection } from '../client/index.ts';
import { debounce } from '../lib/debounce.ts';
import { featureName, firstFeatures } from '../../src-main/contract/index.ts';
import type { EncoderId } from '../../src-main/contract/index.ts';
import { attempt, encoders, jobs, reportError, undo } from './app.svelte.ts';
import { isUnderWay } from './jobs.svelte.ts';
import { FeaturesState } from './features.svelte.ts';
import { FirstFeaturesState } from './first-features.svelte.ts';
import { ListenChoice, freshListenMemory } from './listen-choice.svelte.ts';
import type { ListenMemory } from './listen-choice.svelte.ts';
import { PlayerState, isLoudness } from './player.svelte.ts';
import type { Loudness } from './player.svelte.ts';
import { SegmentsState } from './segments.svelte.ts';
import { keptInSession } from './session.ts';
import { tagLabel } from './tag-words.svelte.ts';
import { tags } from './tagging.svelte.ts';
import { TrackShapeState } from './track-shape.svelte.ts';
import { ViewMemory } from './view-memory.svelte.ts';

/** How loud the player is, from one visit to the next. */
const loudnessMemory = new ViewMemory<Loudness>(api, 'player', { volume: 1, isMuted: false }, reportError);
/** The same for a reload, which may come before the core was told. */
const keptLoudness = keptInSession('player.loudness');

export const player = new PlayerState((loudness) => {
  keptLoudness.write(loudness);
  loudnessMemory.set(loudness);
});

/** Makes the player as loud as it was left. */
export async function recallLoudness(): Promise<void> {
  if (loudnessMemory.isLoaded) return;
  const kept = keptLoudness.read();
  if (isLoudness(kept)) return player.recall(kept);
  await loudnessMemory.load();
  player.recall(loudnessMemory.current);
}
export const segments = new SegmentsState(api.listen);
export const features = new FeaturesState(api.listen, undo, (encoderId, feature) => {
  const encoder = encoders.list?.find(({ id }) => id === encoderId);
  return encoder === undefined ? '' : featureName(encoder.architecture, feature);
});
export const trackShape = new TrackShapeState(api);
export const listenMemory = new ViewMemory<ListenMemory>(api, 'listen', freshListenMemory, reportError);
export const clearestFirst = new FirstFeaturesState(api);
export const choice = new ListenChoice(
  listenMemory,
  () => {
    const encoder = encoders.current;
    if (encoder === null) return null;
    const named = firstFeatures(encoder.architecture);
    const first = named.length > 0 ? named : clearestFirst.of(encoder.id);
    return { encoderId: encoder.id, dimensions: encoder.dimensions, labels: encoder.tagSet?.labels ?? null, first };
  },
  {
    kept: keptInSession('listen.search'),
    ownTags: () => (tags.list ?? []).map((tag) => ({ id: tag.id, name: tagLabel(tag) })),
  },
);

/** Whose columns the Listen view shows: the chosen encoder's, or those of the tag set that came with it. Null without an encoder. */
export function listenedEncoderId(): EncoderId | null {
  const encoder = encoders.current;
  return choice.labels === null ? (encoder?.id ?? null) : (encoder?.tagSet?.encoderId ?? null);
}

/** While tracks are being indexed, the table follows a few times a second at most. */
const indexChanged = debounce(
  () => {
    segments.follow(jobs.isBusy('index'));
    const id = listenedEncoderId();
    if (id !== null) attempt(features.load(id));
  },
  300,
  1500,
);

connection.on('index.changed', ({ encoderId }) => {
  if (encoderId === listenedEncoderId()) indexChanged();
});
connection.on('job.updated', ({ job }) => {
  if (job.kind !== 'index') return;
  if (isUnderWay(job)) segments.keep();
  else indexChanged();
});
/** Labels, columns and rows follow a person's tags; a row that is tagged stays under the hand. */
const tagsChanged = debounce(() => segments.followQuietly(), 200, 1000);
connection.on('tags.changed', () => tagsChanged());
connection.on('heads.changed', () => choice.extras.length > 0 && tagsChanged());
connection.on('feature.noteChanged', (event) => features.heard(event));
connection.onState((state) => {
  if (state === 'open') indexChanged();
});
