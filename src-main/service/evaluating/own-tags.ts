/** @file A person's own tags as a data set: tagged tracks of the library, in folds that never part an artist, drawn anew for every seed. */
import { AppError, countOf } from '../../base/index.ts';
import { ownTags } from '../../contract/index.ts';
import { manifestOf } from '../../datasets/index.ts';
import type { Dataset, DatasetClip, DatasetManifest, DatasetReading } from '../../datasets/index.ts';
import { heads } from '../../learn/index.ts';
import type { Store } from '../../store/index.ts';
import { groupsBy } from '../tagging/groups.ts';

/** So many tags are asked for, the most frequent; a tag on fewer tracks than this is left out. */
const [mostTags, leastTracks] = [50, 5];
/** Folds, and the fewest groups that can be parted into what is learnt from, validated and judged. */
const [wantedFolds, leastGroups] = [5, 3];

/** What evaluations call it. */
export type OwnTagsSet = Pick<Dataset, 'name' | 'title'>;
export const ownTagsSet: OwnTagsSet = { name: ownTags.name, title: ownTags.title };

/** The table of tagged tracks. @throws AppError BAD_INPUT where there is too little to learn and to judge */
export function readOwnTags({ tags, tracks }: Pick<Store, 'tags' | 'tracks'>): DatasetReading {
  const { answers, counts } = answersOf(tags);
  const labels = tags
    .list()
    .filter(({ id }) => (counts.get(id) ?? 0) >= leastTracks)
    .toSorted((a, b) => (counts.get(b.id) ?? 0) - (counts.get(a.id) ?? 0) || a.id - b.id)
    .slice(0, mostTags);
  if (labels.length === 0)
    throw new AppError('BAD_INPUT', `No tag is on ${countOf(leastTracks, 'track')} yet. Tag more, then evaluate on your own tags.`);
  const groupOf = groupsBy('artist', tracks.columns());
  const clips = tracks.audio().flatMap(({ trackId, path }): DatasetClip[] => {
    const own = answers.get(trackId);
    if (own === undefined) return [];
    const group = String(groupOf(trackId));
    return [
      { id: String(trackId), path, part: 'train', group, whole: String(trackId), answers: labels.map(({ id }) => (own.has(id) ? 1 : 0)) },
    ];
  });
  const artists = new Set(clips.map(({ group }) => group)).size;
  if (artists < leastGroups)
    throw new AppError(
      'BAD_INPUT',
      `Tagged tracks are of ${countOf(artists, 'artist')}: ${leastGroups} are the fewest that can be parted. Tag music of others too.`,
    );
  return {
    ...{ dataset: ownTags.name, split: ownTags.split, clips, leftOut: [], published: null, leastSeconds: null },
    task: {
      name: ownTags.task,
      title: ownTags.taskTitle,
      kind: 'tags',
      labels: labels.map(({ kind, name }) => (kind === '' ? name : `${kind}: ${name}`)),
    },
    notes: [
      `Every track is judged once, by probes that learnt from other artists: ${Math.min(wantedFolds, artists)} folds, drawn anew for every seed. More seeds repeat it.`,
      `A track without a tag counts as one that it does not fit, as long as it carries another: forgotten tags make figures lower.`,
    ],
    policies: {
      emptyLabels: 'Tracks that were answered with no alone stay, as examples without a tag; tracks without any answer are left out.',
      labelOrder: `The most frequent first; at most ${mostTags}, each on ${leastTracks} tracks at least.`,
      ties: 'The older tag.',
      aggregation: 'By track: the mean over its segments, of what the protocol names.',
      groups: 'Artists; tracks without one by album.',
    },
  };
}

/** Tags that were put on each answered track, and on how many tracks each is. */
function answersOf(tags: Store['tags']): { answers: Map<number, Set<number>>; counts: Map<number, number> } {
  const answers = new Map<number, Set<number>>();
  const counts = new Map<number, number>();
  for (const { tagId, trackId, startMs, answer } of tags.allMarks()) {
    // A passage says nothing of the whole track.
    if (startMs !== null) continue;
    const own = answers.get(trackId) ?? new Set<number>();
    answers.set(trackId, own);
    if (answer !== 'yes') continue;
    own.add(tagId);
    counts.set(tagId, (counts.get(tagId) ?? 0) + 1);
  }
  return { answers, counts };
}

/** The fold of each clip, for every seed. */
export function ownFolds(reading: DatasetReading, groups: Int32Array, seeds: readonly number[]): Uint8Array[] {
  const labels = reading.task.labels.length;
  const answers = Uint8Array.from(reading.clips.flatMap((clip) => clip.answers));
  const weights = new Float32Array(answers.length).fill(1);
  return seeds.map((seed) =>
    Uint8Array.from(heads.groupedFolds({ labels, answers, weights, groups }, { wanted: wantedFolds, seed }).foldOf),
  );
}

/** What the form is told before an evaluation begins. */
export function ownManifest(reading: DatasetReading, version: string): DatasetManifest {
  return manifestOf(reading, version);
}
