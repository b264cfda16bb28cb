/** @file The fakes of tags, heads, suggestions and writing to files, connected to the fake world. */
import type { Handlers, TagId, TrackId } from '../../src-main/contract/index.ts';
import { FakeHeads } from './fake-heads.ts';
import { FakeTags } from './fake-tags.ts';
import type { FakeWorld } from './fake-world.ts';
import { FakeWritings } from './fake-writings.ts';

/** Handlers of four subjects, and the tracks that carry a tag. */
export type FakeTagging = {
  handlers: Pick<Handlers, 'tags' | 'heads' | 'suggest' | 'writing'>;
  tracksWith(tagId: TagId): ReadonlySet<TrackId>;
};

/** @param isFilled whether there are tags from the start, and a published head */
export function fakeTagging(world: FakeWorld, isFilled: boolean): FakeTagging {
  const around = {
    get tracks() {
      return world.tracks;
    },
    jobs: world.jobs,
    emit: (event: Parameters<FakeWorld['emit']>[0]) => world.emit(event),
    above: (feature: number, atLeast: number) => world.segments.above(feature, atLeast),
  };
  const tags = new FakeTags(around, isFilled);
  const heads = new FakeHeads(around, tags, isFilled);
  const writings = new FakeWritings(around, tags);
  const tracksWith = (tagId: TagId): ReadonlySet<TrackId> => tags.tracksWith(tagId);
  world.tracksWithTag = tracksWith;
  return { handlers: { tags: tags.handlers(), ...heads.handlers(), writing: writings.handlers() }, tracksWith };
}
