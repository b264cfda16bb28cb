/** @file The page's one player, table of segments, and choice of features, and how events of the core reach them. */
import { api, connection } from '../client/index.ts';
import { debounce } from '../lib/debounce.ts';
import { attempt, encoders, reportError, settings, undo } from './app.svelte.ts';
import { FeaturesState } from './features.svelte.ts';
import { ListenChoice, freshListenMemory } from './listen-choice.svelte.ts';
import type { ListenMemory } from './listen-choice.svelte.ts';
import { PlayerState } from './player.svelte.ts';
import { SegmentsState } from './segments.svelte.ts';
import { TrackShapeState } from './track-shape.svelte.ts';
import { ViewMemory } from './view-memory.svelte.ts';

export const player = new PlayerState();
export const segments = new SegmentsState(api.listen);
export const features = new FeaturesState(api.listen, undo);
export const trackShape = new TrackShapeState(api);
export const listenMemory = new ViewMemory<ListenMemory>(api, 'listen', freshListenMemory, reportError);
export const choice = new ListenChoice(listenMemory, () => encoders.current?.dimensions ?? null);

/** While tracks are being indexed, the table follows a few times a second at most. */
const indexChanged = debounce(
  () => {
    segments.refresh();
    if (settings.encoderId !== null) attempt(features.load(settings.encoderId));
  },
  300,
  1500,
);

connection.on('index.changed', ({ encoderId }) => {
  if (encoderId === settings.encoderId) indexChanged();
});
connection.on('feature.noteChanged', (event) => features.heard(event));
connection.onState((state) => {
  if (state === 'open') indexChanged();
});
