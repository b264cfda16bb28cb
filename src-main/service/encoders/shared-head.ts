/** @file The head that goes along when an encoder is given away: the one that came with it, else the person's own, with its calibration in its weights. */
import type { WeightArray, WeightArrays } from '../../learn/index.ts';
import { tagLabel } from '../../store/index.ts';
import type { Store, StoredEncoder, StoredLabel, TagSetSettings } from '../../store/index.ts';
import { readHead } from '../tagging/head-file.ts';
import { LabelTags } from '../tagging/label-tags.ts';
import type { LabelWords } from '../tagging/label-tags.ts';
import type { Tools } from '../tools.ts';
import { readTagSet } from './tag-set.ts';

/** A head whose outputs are probabilities after a sigmoid. */
export type SharedHead = { title: string; labels: string[]; weights: WeightArrays };

/** Null where the encoder has none. @throws AppError WEIGHTS_UNREADABLE */
export async function sharedHead({ store }: Pick<Tools, 'store'>, encoder: StoredEncoder): Promise<SharedHead | null> {
  const set = store.encoders.tagSetOf(encoder.id);
  const heads = store.heads.list(encoder.id);
  if (set !== null) {
    const published = heads.find(({ source }) => source === 'published')?.labels ?? [];
    const labels = (set.settings as TagSetSettings).labels.map((name, label) => published[label] ?? { tagId: null, kind: '', name });
    return { title: set.name, labels: namesNow(store, labels), weights: await readTagSet(store, encoder, set) };
  }
  const own = heads.find(({ source }) => source === 'trained');
  if (own === undefined) return null;
  const learnt = own.labels.filter(({ label }) => label !== null).toSorted((a, b) => (a.label ?? 0) - (b.label ?? 0));
  return { title: own.name, labels: namesNow(store, learnt), weights: calibrated(await readHead(store, own), learnt) };
}

/** Names that the tags have now, with their kinds where names alone would be the same; those of tags that are gone as they were learnt. */
function namesNow(store: Pick<Store, 'tags'>, labels: readonly LabelWords[]): string[] {
  const tags = new LabelTags(store);
  const words = labels.map((label) => (label.tagId === null ? label : { ...label, ...tags.of(label) }));
  const names = words.map(({ name }) => name);
  return words.map(({ kind, name }) => (names.indexOf(name) === names.lastIndexOf(name) ? name : tagLabel({ kind, name })));
}

/** Slope and offset of each output go into its row of the last layer. */
function calibrated(weights: WeightArrays, labels: readonly StoredLabel[]): WeightArrays {
  const [weight, bias] = [weights.get('fc.weight'), weights.get('fc.bias')];
  if (weight === undefined || bias === undefined) return weights;
  const inputs = weight.shape[1] ?? 0;
  const scaled = (array: WeightArray, width: number, offsets: boolean): WeightArray => ({
    shape: array.shape,
    data: array.data.map((value, i) => {
      const { slope, offset } = labels[Math.floor(i / width)] ?? { slope: 1, offset: 0 };
      return value * slope + (offsets ? offset : 0);
    }),
  });
  const kept = [...weights].filter(([name]) => /^(hidden|fc)\./.test(name));
  return new Map([...kept, ['fc.weight', scaled(weight, inputs, false)], ['fc.bias', scaled(bias, 1, true)]]);
}
