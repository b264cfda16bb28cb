/** @file Which clips an encoder learns from that is trained from scratch, and by which its checkpoint is chosen: none that is judged. Pure. */
import { AppError, countOf } from '../../base/index.ts';
import type { DatasetClip, DatasetReading } from '../../datasets/index.ts';
import type { LabelObjectiveSettings } from '../../learn/index.ts';
import { measuredOf } from '../pretraining/labels/plan-labels.ts';
import type { TrainLabels, TrainTrack } from '../processes/train-messages.ts';

/** What is planned from. `clips`: of the share of labels, with those that validate and are judged; `groups`, `tracks`: of each clip, in their order. */
export type ScratchClips = {
  task: DatasetReading['task'];
  clips: readonly DatasetClip[];
  groups: ArrayLike<number>;
  tracks: readonly (TrainTrack | null)[];
};

/** What a training learns from and is measured by. */
export type ScratchPlan = { labels: TrainLabels; taught: TrainTrack[]; measured: TrainTrack[] };

type Placed = { track: TrainTrack; answers: number[]; group: number };

const fewest = 2;

/**
 * Clips that train, and of those that validate as many as are measured. A file that also serves for a later part is not learnt from.
 * @throws AppError BAD_INPUT where too few clips are left to learn from, or none validates
 */
export function planScratch(
  { task, clips, groups, tracks }: ScratchClips,
  { objective, seed }: { objective: LabelObjectiveSettings; seed: number },
): ScratchPlan {
  const isExclusive = task.kind === 'classes';
  const outputs = task.labels.length;
  const of = (part: DatasetClip['part'], later: ReadonlySet<number>): Map<number, Placed> => {
    const found = new Map<number, Placed>();
    for (const [at, clip] of clips.entries()) {
      const track = tracks[at];
      if (clip.part !== part || track === null || track === undefined || later.has(track.trackId)) continue;
      found.set(track.trackId, { track, answers: answersOf(clip, { isExclusive, outputs }), group: groups[at] ?? at });
    }
    return found;
  };
  const judged = new Set(of('test', new Set()).keys());
  const validated = of('validation', judged);
  const taught = [...of('train', new Set([...judged, ...validated.keys()])).values()];
  checkCounts(taught.length, validated.size);
  const known = (trackId: number): number[] => validated.get(trackId)?.answers ?? [];
  const measured = measuredOf(
    [...validated.values()].map(({ track }) => track),
    { answersOf: ({ trackId }) => known(trackId), labels: outputs, objective, seed },
  );
  const told = measured.map((track): TrainLabels['tracks'][number] => ({
    ...{ trackId: track.trackId, answers: known(track.trackId), role: 'heldOut' },
    group: validated.get(track.trackId)?.group ?? 0,
  }));
  return {
    labels: {
      ...{ names: [...task.labels], isExclusive },
      tracks: [
        ...taught.map(({ track, answers, group }) => ({ trackId: track.trackId, answers, group, role: 'taught' as const })),
        ...told,
      ],
    },
    taught: taught.map(({ track }) => track),
    measured,
  };
}

/** Of classes 1 at the clip’s own. */
function answersOf({ answers }: DatasetClip, { isExclusive, outputs }: { isExclusive: boolean; outputs: number }): number[] {
  return isExclusive ? Array.from({ length: outputs }, (_, at) => (answers[0] === at ? 1 : 0)) : [...answers];
}

function checkCounts(taught: number, validated: number): void {
  if (taught < fewest)
    throw new AppError(
      'BAD_INPUT',
      `${countOf(taught, 'clip')} can be learnt from, and a training from scratch needs ${fewest} at least. Learn from more of the labels, or leave the supervised one out.`,
    );
  if (validated === 0)
    throw new AppError(
      'BAD_INPUT',
      'No clip of this split validates, and what is trained from scratch is chosen by those. Take another split, or leave the supervised one out.',
    );
}
