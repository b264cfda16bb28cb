/** @file The Million Song Dataset with its fifty most frequent Last.fm tags (Bertin-Mahieux et al. 2011; split: Lee et al. 2017), by Pons's lists. */
import { AppError } from '../../base/index.ts';
import { defineDataset } from '../define.ts';
import { checkLabelOrder, readPonsLists } from '../pons-lists.ts';
import { tagSets } from '../tag-sets.ts';

const { labels } = tagSets.msd;
const wish = { suffix: 'msd', labels } as const;

/** Million Song Dataset, as a folder with `index_msd.tsv`, `{train,val,test}_gt_msd.tsv` and the audio. */
export const msd = defineDataset({
  name: 'msd',
  title: 'Million Song Dataset, Last.fm tags',
  about: 'Bertin-Mahieux, Ellis, Whitman and Lamere 2011; lists: https://github.com/jordipons/musicnn-training',
  holds: 'Pons’s index_msd.tsv and {train,val,test}_gt_msd.tsv, and the audio where the index says',
  tasks: [{ name: 'top50', title: 'Fifty most frequent tags', kind: 'tags' }],
  splits: [{ name: 'lee', title: 'Lee' }],
  isIn: async (folder) => (await folder.list('')).includes('index_msd.tsv'),
  read: async (folder) => {
    await checkLabelOrder(folder, wish);
    const clips = await readPonsLists(folder, wish);
    if (clips === null) throw new AppError('BAD_INPUT', `${folder.path} has no index_msd.tsv with the paths of its clips.`);
    return {
      ...{ labels, clips, leftOut: [], leastSeconds: null },
      notes: ['The lists do not name artists: it is not known whether one has clips in several parts.'],
      published: { train: 201680, validation: 11774, test: 28435 },
      policies: {
        emptyLabels: 'Clips without one of the fifty tags are no part of the lists.',
        labelOrder: 'Pons’s output_labels_msd.txt, by frequency, frozen.',
        ties: 'As in Pons’s list.',
        aggregation: 'By clip: the mean over its segments, of what the protocol names.',
      },
    };
  },
});
