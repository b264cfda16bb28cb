/** @file Finds the labels that settings name, and plans a run with them. */
import { AppError, defined } from '../../../base/index.ts';
import { pretraining } from '../../../contract/index.ts';
import type { TrackId } from '../../../contract/index.ts';
import type { Store } from '../../../store/index.ts';
import type { TrainTrack } from '../../processes/train-messages.ts';
import { groupsBy } from '../../tagging/groups.ts';
import type { KnownLabels } from './known-labels.ts';
import { labelsOfTags } from './own-labels.ts';
import { planLabels } from './plan-labels.ts';
import type { LabelPlan } from './plan-labels.ts';
import { readTable } from './table-file.ts';
import { labelsOfTable } from './table-labels.ts';

/** Settings with an objective over labels, and the tracks that are chosen. */
export type LabelWish = { settings: pretraining.PretrainSettings; tracks: readonly TrainTrack[] };

/** @throws AppError BAD_INPUT: no labels named, or a table that is none; NOT_FOUND for a tag that is not there; codes of the file system */
export async function findLabels(store: Store, { settings, tracks }: LabelWish): Promise<LabelPlan> {
  const { labels, seed } = settings;
  if (labels === null)
    throw new AppError('BAD_INPUT', 'Nothing says what is to be learnt. Name tags of your library, or a table with labels.');
  const { objective } = settings;
  if (!pretraining.learnsLabels(objective))
    throw new AppError('BAD_INPUT', 'This recipe learns without labels. Leave them out, or choose “Supervised”.');
  const known = await knownLabels(store, { from: labels.from, isExclusive: objective.kind === 'cross-entropy', tracks });
  const groupOf = groupsBy(objective.groupBy, store.tracks.columns());
  return planLabels({ known, objective, seed, tracks, groupOf: (trackId) => groupOf(trackId as TrackId) });
}

type Wish = { from: pretraining.LabelSource; isExclusive: boolean; tracks: readonly TrainTrack[] };

async function knownLabels(store: Store, { from, isExclusive, tracks }: Wish): Promise<KnownLabels> {
  const chosen = new Set(tracks.map(({ trackId }) => trackId));
  if (from.kind === 'tags') {
    const trackIds = [...chosen] as TrackId[];
    return labelsOfTags(store, { tagIds: from.tagIds, isExclusive, trackIds });
  }
  const table = await readTable(from.path);
  const present = store.tracks.audio().filter(({ trackId }) => chosen.has(trackId));
  return labelsOfTable(table, { columns: from.columns, isExclusive, tracks: present });
}

/** Settings whose labels have the names that were found. */
export function withNames(settings: pretraining.PretrainSettings, { labels: { names } }: LabelPlan): pretraining.PretrainSettings {
  return { ...settings, labels: { ...defined(settings.labels, 'labels'), names } };
}
