/** @file Recordings that are in the synthetic library more than once: found by a job, dismissed, and taken back. */
import type { DuplicateGroup, Handlers, Track } from '../../src-main/contract/index.ts';
import type { FakeJobs } from './fake-jobs.ts';

/** What is used of the fake world. */
export type DuplicatesWorld = {
  readonly tracks: readonly Track[];
  readonly jobs: FakeJobs;
  emit(event: { type: 'duplicates.changed' }): void;
};

/** The last search and what was dismissed. */
export class FakeDuplicates {
  readonly #world: DuplicatesWorld;
  readonly #dismissed = new Set<string>();
  #found: { at: number; groups: DuplicateGroup[] } | null = null;

  constructor(world: DuplicatesWorld) {
    this.#world = world;
  }

  handlers(): Handlers['duplicates'] {
    return {
      find: () => ({
        jobId: this.#world.jobs.start({
          kind: 'duplicates',
          title: 'Looking for duplicates',
          total: Math.max(1, this.#world.tracks.length),
          unit: 'tracks',
          rate: 60,
          failed: 0,
          summary: '3 groups of duplicates found.',
          finished: () => {
            this.#found = { at: Date.UTC(2025, 9, 4, 12), groups: groupsOf(this.#world.tracks) };
            this.#world.emit({ type: 'duplicates.changed' });
          },
        }),
      }),
      list: () => this.#found && { ...this.#found, groups: this.#found.groups.filter(({ key }) => !this.#dismissed.has(key)) },
      dismiss: ({ key, dismissed }) => {
        if (dismissed) this.#dismissed.add(key);
        else this.#dismissed.delete(key);
        this.#world.emit({ type: 'duplicates.changed' });
      },
    };
  }
}

function groupsOf(tracks: readonly Track[]): DuplicateGroup[] {
  const sets = [
    { from: 0, count: 3, relation: 'same' as const },
    { from: 12, count: 2, relation: 'same' as const },
    { from: 30, count: 2, relation: 'master' as const },
  ];
  return sets.flatMap(({ from, count, relation }) => {
    const chosen = tracks.slice(from, from + count);
    const first = chosen[0];
    if (first === undefined) return [];
    const members = chosen.map(({ id: trackId, path, format, bitRate, sampleRate }, i) => ({
      ...{ trackId, path, format, bitRate, sampleRate, title: first.title, artist: first.artist, album: first.album },
      durationMs: first.durationMs + i * 3000,
      offsetMs: i * 1480,
      bitErrorRate: i * (relation === 'same' ? 0.021 : 0.19),
    }));
    return [{ key: chosen.map(({ id }) => id).join('-'), relation, tracks: members }];
  });
}
