/** @file Training heads on a person's tags, and the heads that there are. */
import { rm } from 'node:fs/promises';
import { hashWeights, writeSafetensorsFile } from '../../compute/index.ts';
import { AppError, countOf } from '../../base/index.ts';
import type { ChangeId, EncoderId, Head, HeadArchitecture, HeadLabel, Tag, TagId } from '../../contract/index.ts';
import type { WeightArray } from '../../learn/index.ts';
import type { StoredBeside, StoredEncoder, StoredHead, StoredLabel } from '../../store/index.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import { timingOf } from '../listening/listening.ts';
import type { FitHeadOptions, FittedHead, HeadExamples } from '../processes/head-messages.ts';
import type { Tools } from '../tools.ts';
import { gatherExamples } from './examples.ts';
import { besideHead, withColumns } from './head-baselines.ts';
import { readHead } from './head-file.ts';
import { isCalled, LabelTags, removedTag } from './label-tags.ts';
import { judgedLabel } from './label-verdict.ts';
import type { GatheredExamples } from './examples.ts';
import { groupsBy } from './groups.ts';
import type { TrackMeans } from './track-means.ts';

/** What the head process does. */
export type HeadMaker = {
  fit(
    examples: HeadExamples,
    options: FitHeadOptions,
    ways?: { signal?: AbortSignal; onProgress?: (share: number) => void },
  ): Promise<FittedHead>;
  predict(tensors: Map<string, WeightArray>, embeddings: Float32Array): Promise<Float32Array>;
};

/** What is to be trained. */
export type TrainWish = { encoderId: EncoderId; architecture: HeadArchitecture; groupBy: 'artist' | 'album'; tagIds?: TagId[] | undefined };

/** What a training tells scripts. */
export type TrainedHead = { head: number; encoder: number; examples: number; seconds: number; tags: { name: string; state: string }[] };

const folds = 5;
const seed = 1;

/** Use cases of heads. */
export class TagHeads {
  readonly #tools: Tools;
  readonly #maker: HeadMaker;
  readonly #means: TrackMeans;
  readonly #weights = new Map<number, Promise<Map<string, WeightArray>>>();

  constructor(tools: Tools, maker: HeadMaker, means: TrackMeans) {
    this.#tools = tools;
    this.#maker = maker;
    this.#means = means;
    tools.jobs.define('tag', (params, context) => this.#run(params as TrainWish, context));
  }

  /** Heads of an encoder. @throws AppError NOT_FOUND */
  list(encoderId: EncoderId): Head[] {
    const { store } = this.#tools;
    store.encoders.get(encoderId);
    return store.heads.list(encoderId).map((head) => this.#shown(head));
  }

  /** Why there is no trained head in a space, as a sentence. One of another space is of other neurons, and says nothing here. @throws AppError NOT_FOUND */
  unlearnt(encoderId: EncoderId): string {
    const { store } = this.#tools;
    const { name } = store.encoders.get(encoderId);
    const others = store.encoders.listWithSpaces().filter(({ id }) => store.heads.list(id).some(({ source }) => source === 'trained'));
    const elsewhere =
      others.length === 0 ? '' : ` What was learnt with ${others.map((one) => one.name).join(', ')} does not fit its neurons.`;
    return `No tags were learnt with ${name} yet.${elsewhere} Run \`earmark tag train\` for it.`;
  }

  /**
   * The label that a person means; by the name that its tag has now, or had when it was learnt.
   * @throws AppError NOT_FOUND, for a tag that was removed with what to do
   */
  labelNamed(head: Head, text: string): HeadLabel {
    const shown = head.labels.find((label) => isCalled(label, text));
    if (shown !== undefined) return shown;
    const before = this.#tools.store.heads.get(head.id).labels.find((label) => isCalled(label, text));
    const now = head.labels.find(({ tagId }) => tagId !== null && tagId === before?.tagId);
    if (now !== undefined) return now;
    if (before !== undefined) throw removedTag(before);
    throw new AppError('NOT_FOUND', `${head.name} has no tag “${text}”. It has: ${head.labels.map(({ name }) => name).join(', ')}.`);
  }

  /** Trains on every tag, or those named. @throws AppError NOT_FOUND for an encoder or a tag, BAD_INPUT without a tag */
  train(wish: TrainWish): StartedJob {
    const { store, jobs } = this.#tools;
    const { name } = store.encoders.get(wish.encoderId);
    const tags = this.#tagsOf(wish);
    if (tags.length === 0) throw new AppError('BAD_INPUT', 'There is no tag to learn yet. Tag some tracks first.');
    if (this.#means.indexed(wish.encoderId) === '')
      throw new AppError('BAD_INPUT', `${name} has no index yet. Index the library with it, then train.`);
    return jobs.start({ kind: 'tag', title: `Learn ${countOf(tags.length, 'tag')} with ${name}`, params: wish });
  }

  /** A head's weights. @throws AppError when its file is gone, damaged or not what was written */
  weights(head: StoredHead): Promise<Map<string, WeightArray>> {
    const known = this.#weights.get(head.id) ?? readHead(this.#tools.store, head);
    this.#weights.set(head.id, known);
    known.catch(() => this.#weights.delete(head.id));
    return known;
  }

  #tagsOf({ tagIds }: TrainWish): Tag[] {
    const { store } = this.#tools;
    return tagIds === undefined ? store.tags.list() : [...new Set(tagIds)].map((id) => store.tags.get(id));
  }

  #shown(head: StoredHead): Head {
    const { id, encoderId, source, name, architecture, groupedBy, examples, seconds, createdAt, labels } = head;
    const { store } = this.#tools;
    const isTrained = source === 'trained';
    const isStale =
      isTrained && (head.lastChangeId !== store.tags.lastChangeId() || head.settings.indexed !== this.#means.indexed(encoderId));
    const tags = new LabelTags(store);
    const shown = labels.flatMap((stored, column) => {
      const current = tags.current(stored);
      // A tag that was removed since it was learnt is not suggested; one that was renamed has its new name.
      if (isTrained && current.tagId === null) return [];
      const { slope: _, offset: __, thresholds: ___, ...label } = judgedLabel(current, groupedBy);
      const beside = (head.settings.beside ?? []).flatMap(({ name: other, labels: all }) => {
        const own = all[column];
        return own === undefined ? [] : [{ name: other, ...own }];
      });
      return [{ ...label, beside }];
    });
    return { id, encoderId, source, name, architecture, groupedBy, examples, isStale, seconds, createdAt, labels: shown };
  }

  async #run(wish: TrainWish, { signal, report }: JobContext): Promise<JobOutcome> {
    const { store, events } = this.#tools;
    const encoder = store.encoders.get(wish.encoderId);
    const tags = this.#tagsOf(wish);
    const lastChangeId = store.tags.lastChangeId();
    const indexed = this.#means.indexed(encoder.id);
    const tell = (share: number, detail: string): void =>
      report({ done: Math.floor(share * tags.length), total: tags.length, unit: 'tags', audioSeconds: 0, failed: 0, share, detail });
    tell(0, 'Gathering examples');
    const gathered = await this.#gather(encoder, tags, wish.groupBy);
    const others = besideHead(store, encoder);
    const parts = others.length + 1;
    const options = { architecture: wish.architecture, folds, seed, grouping: wish.groupBy };
    const fitted = await this.#maker.fit(gathered.examples, options, {
      ...{ signal, onProgress: (share) => tell(share / parts, 'Training, fold by fold') },
    });
    const beside: StoredBeside[] = [];
    for (const [at, { name, ...other }] of others.entries()) {
      const onProgress = (share: number): void => tell((at + 1 + share) / parts, `${name} beside it`);
      const own = await this.#gather(other.encoder, tags, wish.groupBy);
      // Of other examples it would say nothing of this head.
      if (own.count !== gathered.count) continue;
      const { labels } = await this.#maker.fit(withColumns(own.examples, other.columns), options, { signal, onProgress });
      beside.push({ name, labels: labels.map(({ rocAuc, averagePrecision }) => ({ rocAuc, averagePrecision })) });
    }
    signal.throwIfAborted();
    const head = await this.#keep({ encoder, tags, wish, gathered, fitted, beside, lastChangeId, indexed });
    events.emit({ type: 'heads.changed', encoderId: encoder.id });
    return { message: describe(head), result: resultOf(head) };
  }

  async #gather(encoder: StoredEncoder, tags: readonly Tag[], groupBy: 'artist' | 'album'): Promise<GatheredExamples> {
    const { store } = this.#tools;
    const embeddings = await this.#means.tracks(encoder.id);
    const rowOf = new Map([...embeddings.trackIds].map((trackId, row) => [trackId, row]));
    const { dimensions } = embeddings;
    const timing = timingOf(encoder, store.index.current(encoder.id)?.hopSamples ?? encoder.cropSamples);
    return gatherExamples({
      tags,
      marks: store.tags.allMarks(),
      groupOf: groupsBy(groupBy, store.tracks.columns()),
      dimensions,
      embedding: (trackId, passage) => {
        const row = rowOf.get(trackId);
        if (row === undefined) return null;
        if (passage === null) return embeddings.vectors.subarray(row * dimensions, (row + 1) * dimensions);
        return this.#means.mean(encoder.id, trackId, { ...passage, ...timing });
      },
    });
  }

  async #keep({ encoder, tags, wish, gathered, fitted, beside, lastChangeId, indexed }: Keeping): Promise<StoredHead> {
    const { store } = this.#tools;
    const labels = tags.map(({ id, kind, name }, column): StoredLabel => {
      const { state, message, groups, rocAuc, averagePrecision, chance, calibration, thresholds } =
        fitted.labels[column] ?? missing(column);
      const { yes, no } = gathered.counts[column] ?? { yes: 0, no: 0 };
      const label = state === 'ready' ? column : null;
      return {
        label,
        tagId: id,
        kind,
        name,
        yes,
        no,
        groups,
        rocAuc,
        averagePrecision,
        chance,
        state,
        message,
        ...calibration,
        thresholds,
      };
    });
    const { architecture, groupBy: groupedBy } = wish;
    const { head, replaced } = store.heads.put({
      ...{ encoderId: encoder.id, source: 'trained', name: 'Your tags', architecture, groupedBy, examples: gathered.count },
      ...{ seconds: fitted.seconds, labels, settings: { l2: fitted.l2, indexed, beside }, lastChangeId },
      weightsSha256: hashWeights(fitted.tensors),
    });
    await writeSafetensorsFile(store.paths.head(head.id), fitted.tensors);
    for (const id of replaced) await rm(store.paths.head(id), { force: true });
    return head;
  }
}

type Keeping = {
  encoder: StoredEncoder;
  tags: readonly Tag[];
  wish: TrainWish;
  gathered: GatheredExamples;
  fitted: FittedHead;
  beside: StoredBeside[];
  lastChangeId: ChangeId | null;
  indexed: string;
};

function missing(column: number): never {
  throw new AppError('INTERNAL', `The head process said nothing of label ${column}.`);
}

function describe({ labels, examples }: StoredHead): string {
  const states = labels.map((label) => judgedLabel(label).state);
  const count = (wanted: (typeof states)[number]): number => states.filter((state) => state === wanted).length;
  const [few, unclear] = [count('tooFew'), count('unclear')];
  const fewSays = few === 0 ? '' : ` ${countOf(few, 'has', 'have')} too few examples.`;
  const unclearSays = unclear === 0 ? '' : ` ${unclear} cannot be told from the rest yet.`;
  return `${count('ready')} of ${countOf(labels.length, 'tag')} learnt from ${countOf(examples, 'track or passage', 'tracks and passages')}.${fewSays}${unclearSays}`;
}

function resultOf({ id, encoderId, examples, seconds, labels }: StoredHead): TrainedHead {
  return {
    head: id,
    encoder: encoderId,
    examples,
    seconds,
    tags: labels.map((label) => judgedLabel(label)).map(({ name, state }) => ({ name, state })),
  };
}
