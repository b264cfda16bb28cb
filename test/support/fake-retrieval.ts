/** @file The fakes of similar music, duplicates and playlists, connected to the fake world. */
import type { Handlers, TagId, TrackId } from '../../src-main/contract/index.ts';
import { FakeDuplicates } from './fake-duplicates.ts';
import { FakePlaylists } from './fake-playlists.ts';
import { FakeSimilar } from './fake-similar.ts';
import type { FakeWorld } from './fake-world.ts';

/**
 * Handlers of three subjects.
 * @param taggedTracks tracks that carry a tag
 */
export function fakeFinding(
  world: FakeWorld,
  taggedTracks: (tagId: TagId) => readonly TrackId[],
): Pick<Handlers, 'similar' | 'duplicates' | 'playlists'> {
  const similar = new FakeSimilar({
    get tracks() {
      return world.tracks;
    },
    track: (id) => world.track(id),
    encoder: (id) => world.encoder(id),
    taggedTracks,
  });
  const duplicates = new FakeDuplicates({
    get tracks() {
      return world.tracks;
    },
    jobs: world.jobs,
    emit: (event) => world.emit(event),
  });
  const playlists = new FakePlaylists({
    get tracks() {
      return world.tracks;
    },
    track: (id) => world.track(id),
    emit: (event) => world.emit(event),
    similarTo: (query) => similar.near(query),
    passing: (filter) => similar.passing(filter),
  });
  return { similar: similar.handlers(), duplicates: duplicates.handlers(), playlists: playlists.handlers() };
}
