/** @file Showing a track of which only the id is known. */
import type { TrackId } from '../../../src-main/contract/index.ts';
import { api } from '../../client/index.ts';
import { attempt } from '../../state/app.svelte.ts';
import { openTrack } from '../library/track-actions.ts';

/** Fetches a track and shows it in the Library's panel. */
export function openTrackById(trackId: TrackId): void {
  attempt(api.library.track({ trackId }).then(openTrack));
}
