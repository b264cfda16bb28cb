/**
 * @file Tag sets: what a head that came with its encoder predicts for every segment, kept as an index of its own, so that the Listen view shows tags
 * where it otherwise shows features (Spijkervet 2021, MSc thesis, section 7.4, the second form of Fig. 7.7).
 */
import { checkWeightsHash, hashWeights, readWeightsFile, writeSafetensorsFile } from '../../compute/index.ts';
import { tagSets } from '../../datasets/index.ts';
import type { TagSetName } from '../../datasets/index.ts';
import { AppError, countOf } from '../../base/index.ts';
import type { TagId } from '../../contract/index.ts';
import type { WeightArrays } from '../../learn/index.ts';
import type { Store, StoredEncoder, StoredLabel, TagSetSettings } from '../../store/index.ts';
import type { HeadWorker } from '../processes/head-worker.ts';
import type { Tools } from '../tools.ts';

/** How a person names a head's outputs: a published set, or their own names. */
export type LabelWish = TagSetName | readonly string[] | undefined;

/** Outputs of the heads whose names are known without being told. */
const publishedOutputs = 50;

/**
 * A head's outputs with their names; `kind`: what sort of words they are, where that is known; `tagIds`: the person's own tags that they stand for, where they
 * do.
 */
export type NamedHead = { head: WeightArrays; title: string; labels: readonly string[]; kind?: string; tagIds?: readonly TagId[] };

/**
 * An encoder has one head that came from elsewhere: a second would be shown under the first one's names.
 * @param encoder null where it is not in the library yet
 * @param isNamed a person gave the names
 * @throws AppError BAD_INPUT when it has one with other weights, or other names than those that were given
 */
export function refuseOtherHead(
  { store }: Pick<Tools, 'store'>,
  encoder: StoredEncoder | null,
  named: NamedHead & { isNamed: boolean },
): void {
  const set = encoder === null ? null : store.encoders.tagSetOf(encoder.id);
  if (encoder === null || set === null) return;
  const known = (set.settings as TagSetSettings).labels;
  // Sets of versions that kept no hash of their own bear their encoder's.
  const hasSameWeights =
    [hashWeights(named.head), encoder.weightsSha256].includes(set.weightsSha256) && known.length === named.labels.length;
  if (hasSameWeights && (!named.isNamed || known.join('\n') === named.labels.join('\n'))) return;
  const says = `${encoder.name} has a head already (${set.name}, ${countOf(known.length, 'tag')}), and an encoder has one.`;
  throw new AppError('BAD_INPUT', `${says} Nothing was changed.`, { details: { encoderId: encoder.id } });
}

/** What is said of a head that nobody named. */
export function unnamedHead(outputs: number): string {
  return `Left out: its head of ${countOf(outputs, 'output')}, whose names are not known. Import it again with a list of its tags to have them as columns.`;
}

/**
 * Stores a head beside its encoder; an encoder that has one already keeps its names, unless they are given anew (`isRenamed`), as by another run that came to the
 * same weights.
 */
export async function keepTagSet(
  { store, events }: Tools,
  encoder: StoredEncoder,
  { head, title, labels, kind = '', tagIds }: NamedHead,
  { isRenamed = false }: { isRenamed?: boolean } = {},
): Promise<void> {
  const { sampleRate, cropSamples, origin } = encoder;
  const weightsSha256 = hashWeights(head);
  const known = store.encoders.tagSetOf(encoder.id);
  if (known !== null) store.encoders.setWeightsHash(known.id, weightsSha256);
  const before = known === null ? [] : (known.settings as TagSetSettings).labels;
  const renames = isRenamed && known !== null && before.length === labels.length;
  if (renames) {
    store.encoders.setSettings(known.id, { labels });
    store.encoders.rename(known.id, title);
  }
  const set =
    known ??
    store.encoders.add({
      ...{ name: title, architecture: 'tag-set', settings: { labels }, sampleRate, cropSamples },
      ...{ dimensions: labels.length, source: 'imported', origin, weightsSha256, baseEncoderId: encoder.id },
    });
  await writeSafetensorsFile(store.paths.weights(set.id), head);
  const published = store.heads.list(encoder.id).find((one) => one.source === 'published');
  const named = labels.map((name, label) => ({ ...publishedLabel(label, kind, name), tagId: tagIds?.[label] ?? null }));
  if (published === undefined || (renames && JSON.stringify(published.labels) !== JSON.stringify(named)))
    store.heads.put({
      ...{ encoderId: encoder.id, source: 'published', name: title, architecture: head.has('hidden.weight') ? 'mlp' : 'logistic' },
      ...{ groupedBy: null, examples: 0, seconds: 0, settings: { l2: null, indexed: '' }, lastChangeId: null, weightsSha256: null },
      labels: named,
    });
  events.emit({ type: 'encoders.changed' });
  events.emit({ type: 'heads.changed', encoderId: encoder.id });
}

/**
 * Names the outputs of a head; null without a head, and when nobody gave names and the outputs are not those of a set that is known.
 * @throws AppError BAD_INPUT when the names do not fit the outputs
 */
export function nameHead(head: WeightArrays, labels: LabelWish, title?: string): NamedHead | null {
  const outputs = head.get('fc.weight')?.shape[0];
  if (outputs === undefined && labels === undefined) return null;
  if (outputs === undefined)
    throw new AppError('BAD_INPUT', 'The file holds no head, so there is nothing that tags could name. Name the file of its head, too.');
  if (labels === undefined && outputs !== publishedOutputs) return null;
  const set = typeof labels === 'string' ? tagSets[labels] : tagSets.magnatagatune;
  const known = { ...set, kind: set.title };
  const named = Array.isArray(labels) ? { title: title ?? countOf(outputs, 'tag'), labels: labels as readonly string[] } : known;
  if (named.labels.length === outputs) return { head, ...named };
  const says = `The head gives ${countOf(outputs, 'number')}, and ${countOf(named.labels.length, 'name was', 'names were')} given. Name every output, in order.`;
  throw new AppError('BAD_INPUT', says, { details: { outputs, names: named.labels.length } });
}

/**
 * Reads a tag set's head and compares it with the hash that it was kept under. Sets of versions that kept none bear their encoder's hash instead.
 * @throws AppError WEIGHTS_UNREADABLE
 */
export async function readTagSet(
  { paths }: Pick<Store, 'paths'>,
  encoder: StoredEncoder,
  set: StoredEncoder,
): ReturnType<typeof readWeightsFile> {
  const path = paths.weights(set.id);
  const head = await readWeightsFile(path);
  if (set.weightsSha256 !== encoder.weightsSha256) checkWeightsHash(head, { path, sha256: set.weightsSha256 });
  return head;
}

/** Runs heads; {@link HeadWorker} does. */
export type HeadPredictor = Pick<HeadWorker, 'predict'>;

/**
 * Brings an encoder's tag set up to date with the encoder's index; nothing is decoded again. Outputs are kept between 0 and 1.
 * @returns tracks that were added
 */
export async function fillTagSet(
  { store, events }: Tools,
  predictor: HeadPredictor,
  { encoder, signal }: { encoder: StoredEncoder; signal?: AbortSignal },
): Promise<number> {
  const set = store.encoders.tagSetOf(encoder.id);
  const base = store.index.current(encoder.id);
  if (set === null || base === null) return 0;
  const head = await readTagSet(store, encoder, set);
  const index = store.index.ensure(set.id, base.hopSamples);
  const waiting = store.index.waiting(index.id);
  const writer = store.index.writer(index.id);
  let added = 0;
  try {
    for (const { trackId, audioHash } of waiting) {
      signal?.throwIfAborted();
      const known = store.index.track(base.id, trackId);
      if (known === null || known.segments === 0 || known.audioHash !== audioHash) continue;
      const logits = await predictor.predict(head, store.index.embeddings(encoder.id, trackId));
      writer.begin(trackId, audioHash);
      writer.append(logits.map((logit) => 1 / (1 + Math.exp(-logit))));
      writer.finish({ partial: known.outcome === 'partial', message: known.message });
      added++;
    }
  } finally {
    writer.close();
    events.emit({ type: 'index.changed', encoderId: set.id });
  }
  store.index.compact(index.id);
  return added;
}

/** A label of which nothing was measured here; its outputs are taken as they are. */
function publishedLabel(label: number, kind: string, name: string): StoredLabel {
  const unmeasured = { yes: 0, no: 0, groups: 0, rocAuc: null, averagePrecision: null, chance: null, thresholds: [] };
  return { label, tagId: null, kind, name, ...unmeasured, state: 'ready', message: '', slope: 1, offset: 0 };
}
