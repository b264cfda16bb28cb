/** @file From pairs of recordings to groups of tracks: the same recording, and the same performance mastered otherwise. */
import { createHash } from 'node:crypto';
import { defined } from '../../base/index.ts';
import type { DuplicateRelation, TrackId } from '../../contract/index.ts';
import type { StoredDuplicateGroup } from '../../store/index.ts';

/** Two recordings, by number, that were compared: where the second one's sound lies against the first one's, and their differing bits. */
export type RecordingPair = { first: number; second: number; relation: DuplicateRelation; offsetMs: number; bitErrorRate: number };

/** What grouping asks. */
export type GroupSource = {
  /** Tracks of every recording that share its very audio. */
  recordings: readonly { trackIds: readonly TrackId[] }[];
  pairs: readonly RecordingPair[];
  /** Sorts tracks, the best copy first. */
  byQuality(a: TrackId, b: TrackId): number;
  /** Share of differing bits of two recordings that lie so far apart; null when that cannot be told. */
  bitErrors(first: number, second: number, offsetMs: number): number | null;
};

type Member = StoredDuplicateGroup['tracks'][number];

/** Groups of one recording, then groups of one performance, whose tracks are the best copy of each mastering. */
export function groupPairs(source: GroupSource): StoredDuplicateGroup[] {
  const count = source.recordings.length;
  const same = source.pairs.filter(({ relation }) => relation === 'same');
  const ways = new Ways(source.pairs);
  const masterings = components(count, same).map((recordings) => copiesOf(recordings, source));
  const groups = masterings.filter((copies) => copies.length > 1).map((copies) => groupOf('same', copies, { source, ways }));
  const best = new Map(masterings.map((copies) => [defined(copies[0], 'a copy of every mastering').recording, copies[0]]));
  for (const recordings of components(count, source.pairs)) {
    const copies = recordings.map((recording) => best.get(recording)).filter((copy) => copy !== undefined);
    if (copies.length > 1) groups.push(groupOf('master', copies.sort(byQuality(source)), { source, ways }));
  }
  return groups;
}

/** A track of a recording. */
type Copy = { trackId: TrackId; recording: number };

function byQuality({ byQuality: compare }: GroupSource): (a: Copy, b: Copy) => number {
  return (a, b) => compare(a.trackId, b.trackId);
}

/** All tracks of some recordings, the best one first. */
function copiesOf(recordings: readonly number[], source: GroupSource): Copy[] {
  const copies = recordings.flatMap((recording) =>
    (source.recordings[recording]?.trackIds ?? []).map((trackId): Copy => ({ trackId, recording })),
  );
  return copies.sort(byQuality(source));
}

/** The key of a group: the same while the same tracks are in it. */
export function groupKey(relation: DuplicateRelation, trackIds: readonly TrackId[]): string {
  const ids = [...trackIds].sort((a, b) => a - b).join();
  return `${relation}-${createHash('sha256').update(ids).digest('hex').slice(0, 32)}`;
}

function groupOf(
  relation: DuplicateRelation,
  copies: readonly Copy[],
  { source, ways }: { source: GroupSource; ways: Ways },
): StoredDuplicateGroup {
  const { recording: first } = defined(copies[0], 'a copy in the group');
  const reached = ways.from(first);
  const tracks = copies.map(({ trackId, recording }): Member => {
    const way = reached.get(recording);
    if (recording === first || way === undefined) return { trackId, offsetMs: 0, bitErrorRate: 0 };
    const bitErrorRate = source.bitErrors(first, recording, way.offsetMs) ?? way.bitErrorRate;
    return { trackId, offsetMs: Math.round(way.offsetMs), bitErrorRate };
  });
  const key = groupKey(
    relation,
    tracks.map(({ trackId }) => trackId),
  );
  return { key, relation, tracks };
}

/** Recordings that hang together, each group and the whole in the order of their numbers. */
function components(count: number, pairs: readonly RecordingPair[]): number[][] {
  const parents = Int32Array.from({ length: count }, (_, i) => i);
  const rootOf = (recording: number): number => {
    let root = recording;
    while (parents[root] !== root) {
      // Every second one skips its parent, so that the way to the root stays short.
      const skipped = parents[parents[root] as number] as number;
      parents[root] = skipped;
      root = skipped;
    }
    return root;
  };
  for (const { first, second } of pairs) {
    const [a, b] = [rootOf(first), rootOf(second)];
    parents[Math.max(a, b)] = Math.min(a, b);
  }
  const groups = new Map<number, number[]>();
  for (let recording = 0; recording < count; recording++) {
    const root = rootOf(recording);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [recording]);
    else group.push(recording);
  }
  return [...groups.values()];
}

type Reached = Pick<RecordingPair, 'offsetMs' | 'bitErrorRate'>;

/** Ways from recording to recording over the pairs that were compared. */
class Ways {
  readonly #pairs = new Map<number, RecordingPair[]>();

  constructor(pairs: readonly RecordingPair[]) {
    for (const pair of pairs)
      for (const end of [pair.first, pair.second]) {
        const known = this.#pairs.get(end);
        if (known === undefined) this.#pairs.set(end, [pair]);
        else known.push(pair);
      }
  }

  /** Where every recording that can be reached lies against the given one. */
  from(first: number): Map<number, Reached> {
    const reached = new Map<number, Reached>([[first, { offsetMs: 0, bitErrorRate: 0 }]]);
    // A map can be gone through while it grows.
    for (const [recording, { offsetMs }] of reached)
      for (const pair of this.#pairs.get(recording) ?? []) {
        const isForward = pair.first === recording;
        const other = isForward ? pair.second : pair.first;
        if (reached.has(other)) continue;
        reached.set(other, { offsetMs: offsetMs + (isForward ? pair.offsetMs : -pair.offsetMs), bitErrorRate: pair.bitErrorRate });
      }
    return reached;
  }
}
