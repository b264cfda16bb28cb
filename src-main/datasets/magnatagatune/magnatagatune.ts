/**
 * @file MagnaTagATune (Law et al. 2009): 25 863 clips of 29 seconds, with tags by players of a game. Two splits share its folders and are not comparable:
 * that of Pons (which CLMR and VICMus report) keeps clips without one of the fifty tags, that of Lee (and Won) leaves them out.
 */
import { AppError } from '../../base/index.ts';
import type { DatasetFolder, LeftOut, Part, PartCounts } from '../dataset.ts';
import { defineDataset } from '../define.ts';
import type { NamedClip, SourceReading } from '../define.ts';
import { readTable } from '../delimited.ts';
import { numberIn } from '../number-in.ts';
import { checkLabelOrder, readPonsLists } from '../pons-lists.ts';
import { tagSets } from '../tag-sets.ts';

const { labels } = tagSets.magnatagatune;
const [annotations, clipInfo, index] = ['annotations_final.csv', 'clip_info_final.csv', 'index_mtt.tsv'];

const splits = [
  { name: 'pons', title: 'Pons: all clips, also those without one of the fifty tags' },
  { name: 'lee', title: 'Lee: clips with at least one of the fifty tags' },
] as const;
type Split = (typeof splits)[number]['name'];

/** Counted in the published lists. */
const published: Readonly<Record<Split, PartCounts>> = {
  pons: { train: 18706, validation: 1825, test: 5329 },
  lee: { train: 15244, validation: 1529, test: 4332 },
};

/** Pons, `partition_gt.py`. */
const brokenClips: ReadonlyMap<string, string> = new Map([
  ['35644', 'Its file was published empty.'],
  ['55753', 'Its file was published broken.'],
  ['57881', 'Its file was published broken.'],
]);
/** Lee leaves out clips that are no longer than 29.1 seconds. */
const shortClips: ReadonlySet<string> = new Set(['29', '11268', '11269']);

/** MagnaTagATune, as a folder with its own tables, or with Pons’s lists. */
export const magnatagatune = defineDataset({
  name: 'magnatagatune',
  title: 'MagnaTagATune',
  about: 'Law, West, Mandel, Bay and Downie 2009, https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset',
  holds:
    'annotations_final.csv, clip_info_final.csv and the audio in the folders 0 to f; or, in place of the tables, Pons’s index_mtt.tsv and {train,val,test}_gt_mtt.tsv',
  tasks: [{ name: 'top50', title: 'Fifty most frequent tags', kind: 'tags' }],
  splits,
  isIn: async (folder) => {
    const names = await folder.list('');
    return names.includes(annotations) || names.includes(index);
  },
  read: async (folder, { split }) => {
    await checkLabelOrder(folder, { suffix: 'mtt', labels });
    const rows = (await fromAnnotations(folder)) ?? (await readPonsLists(folder, { suffix: 'mtt', labels }));
    if (rows === null)
      throw new AppError('BAD_INPUT', `${folder.path} has neither ${annotations} nor Pons’s ${index}: one of them must be there.`);
    return readingOf(rows, { split, artists: await artistsIn(folder) });
  },
});

/** A clip before it has a part. `part`: that of Pons’s lists. */
type Clip = { id: string; path: string; part?: Part; answers: readonly number[] };

async function fromAnnotations(folder: DatasetFolder): Promise<Clip[] | null> {
  const rows = await readTable(folder, { path: annotations, columns: ['clip_id', 'mp3_path', ...labels], isQuoted: true });
  if (rows === null) return null;
  const clips: Clip[] = [];
  for await (const { cells } of rows) {
    const answers = labels.map((label) => numberIn(cells[label]));
    clips.push({ id: cells['clip_id'] ?? '', path: cells['mp3_path'] ?? '', answers });
  }
  return clips;
}

/** Artists by clips; null where the table is not there. */
async function artistsIn(folder: DatasetFolder): Promise<ReadonlyMap<string, string> | null> {
  const rows = await readTable(folder, { path: clipInfo, columns: ['clip_id', 'artist'], isQuoted: true });
  if (rows === null) return null;
  const artists = new Map<string, string>();
  for await (const { cells } of rows) if (cells.artist !== '') artists.set(cells.clip_id, cells.artist);
  return artists;
}

/** The folder of a clip decides its part: 0 to b, c, d to f. */
function partOf(path: string): Part | null {
  const folder = /(?:^|\/)([0-9a-f])\/[^/]+$/.exec(path)?.[1];
  if (folder === undefined) return null;
  const place = Number.parseInt(folder, 16);
  return place < 12 ? 'train' : place < 13 ? 'validation' : 'test';
}

/** A clip’s file is named after its piece, and where in it the clip lies. */
const pieceOf = (path: string): string => path.replace(/-\d+-\d+\.mp3$/, '');

function readingOf(
  rows: readonly Clip[],
  { split, artists }: { split: Split; artists: ReadonlyMap<string, string> | null },
): SourceReading {
  const [clips, leftOut]: [NamedClip[], LeftOut[]] = [[], []];
  let withoutTag = 0;
  for (const { id, path, part: listed, answers } of rows) {
    const part = partOf(path);
    const why =
      brokenClips.get(id) ?? whyNotIn(part, listed) ?? (split === 'lee' && shortClips.has(id) ? 'It is too short for this split.' : null);
    if (why !== null || part === null) leftOut.push({ id, path, part, why: why ?? '' });
    else if (split === 'lee' && answers.every((answer) => answer === 0)) withoutTag++;
    else clips.push({ id, path, part, artist: artists?.get(id) ?? null, piece: pieceOf(path), answers });
  }
  return {
    ...{ labels, clips, leftOut, published: published[split], leastSeconds: 29 },
    notes: [
      ...(artists === null ? [`${clipInfo} is not there: it is not known whether an artist has clips in several parts.`] : []),
      ...(withoutTag > 0 ? [`${withoutTag} clips without one of the fifty tags are no part of this split.`] : []),
    ],
    policies: {
      emptyLabels: split === 'pons' ? 'Clips without one of the fifty tags are kept.' : 'Clips without one of the fifty tags are left out.',
      labelOrder: 'Pons’s output_labels_mtt.txt, by frequency, frozen.',
      ties: 'Some tags are equally frequent (995, 644 and 505 clips); their order is that of Pons’s list.',
      aggregation: 'By clip: the mean over its segments, of what the protocol names.',
    },
  };
}

function whyNotIn(part: Part | null, listed: Part | undefined): string | null {
  if (part === null) return 'Its folder is none of 0 to f, which decide what a clip serves for.';
  return listed === undefined || listed === part ? null : 'A list names it for another part than its folder belongs to.';
}
