/** @file Heads of the chosen encoder: the one that was trained on a person's tags, and those that came with it. */
import type { Api } from '../client/index.ts';
import type { EncoderId, Head, HeadArchitecture, HeadId, HeadLabel, JobId, TagId } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type HeadsApi = { heads: Api['heads']; tags: Pick<Api['tags'], 'changes'> };

/** How a head is trained. */
export type TrainingChoice = { architecture: HeadArchitecture; groupBy: 'artist' | 'album' };

/** A label with its head. */
export type LabelOfHead = { head: Head; label: HeadLabel };

/** Heads of one encoder. */
export class HeadsState {
  readonly #api: HeadsApi;
  #encoderId = $state<EncoderId | null>(null);
  #list = $state.raw<readonly Head[] | null>(null);
  #error = $state.raw<unknown>(null);
  #changesSince = $state(0);

  constructor(api: HeadsApi) {
    this.#api = api;
  }

  /** Null until they are loaded. */
  get list(): readonly Head[] | null {
    return this.#list;
  }

  /** Why they could not be loaded; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  /** The head that was trained last; null before the first training. */
  readonly trained: Head | null = $derived.by(() => this.#list?.find(({ source }) => source === 'trained') ?? null);

  /** Heads that came with the encoder. */
  readonly published: readonly Head[] = $derived.by(() => this.#list?.filter(({ source }) => source === 'published') ?? []);

  /** Changes of tags since the last training, as far as the core remembers them. */
  get changesSince(): number {
    return this.#changesSince;
  }

  /** What the trained head says of a tag; null when it does not know it. */
  ofTag(tagId: TagId): LabelOfHead | null {
    const label = this.trained?.labels.find((one) => one.tagId === tagId);
    return this.trained === null || label === undefined ? null : { head: this.trained, label };
  }

  /** A label by its number; null when it is gone. */
  ofLabel(headId: HeadId, number: number): LabelOfHead | null {
    const head = this.#list?.find(({ id }) => id === headId);
    const label = head?.labels.find((one) => one.label === number);
    return head === undefined || label === undefined ? null : { head, label };
  }

  /** Shows another encoder's heads. */
  async show(encoderId: EncoderId | null): Promise<void> {
    if (encoderId === this.#encoderId) return;
    this.#encoderId = encoderId;
    this.#list = encoderId === null ? [] : null;
    this.#error = null;
    await this.load();
  }

  async load(): Promise<void> {
    const encoderId = this.#encoderId;
    if (encoderId === null) return;
    try {
      const list = await this.#api.heads.list({ encoderId });
      if (this.#encoderId !== encoderId) return;
      this.#list = list;
      this.#error = null;
      await this.countChanges();
    } catch (error) {
      if (this.#encoderId !== encoderId) return;
      this.#error = error;
      if (this.#list !== null) throw error;
    }
  }

  /** Counts what was changed since the last training. */
  async countChanges(): Promise<void> {
    const head = this.trained;
    if (head === null) this.#changesSince = 0;
    else this.#changesSince = (await this.#api.tags.changes()).filter(({ at }) => at > head.createdAt).length;
  }

  /** Begins to train on every tag that has enough examples. */
  async train(choice: TrainingChoice): Promise<JobId | null> {
    if (this.#encoderId === null) return null;
    return (await this.#api.heads.train({ encoderId: this.#encoderId, ...choice })).jobId;
  }
}
