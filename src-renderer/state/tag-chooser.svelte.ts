/** @file The chooser that tags what is selected, from any view: what it is about, and which tags that carries already. */
import type { MarkTarget, Tag, TagId } from '../../src-main/contract/index.ts';
import { countAnswers, tracksOf } from '../lib/answer-counts.ts';
import type { AnswerCounts } from '../lib/answer-counts.ts';
import type { TagMarksState } from './tag-marks.svelte.ts';
import type { TagsState } from './tags.svelte.ts';

/** What is to be tagged. */
export type ChooserRequest = {
  /** In words: `“Knolls”`, `12 tracks`, `segment 3 of “Knolls”`. */
  what: string;
  targets: readonly MarkTarget[];
  /** Page coordinates that the chooser stands at; null for the middle of the window. */
  at: { x: number; y: number } | null;
};

/** How a tag stands to what is selected. */
export type TagStanding = 'all' | 'some' | 'none' | 'rejected';

/** Beyond this many targets it is not looked up what they carry. */
const mostLookedUp = 20_000;

/** The open chooser. */
export class TagChooserState {
  readonly #tags: TagsState;
  readonly #marks: Pick<TagMarksState, 'all'>;
  #request = $state.raw<ChooserRequest | null>(null);
  #counts = $state.raw<AnswerCounts | null>(null);

  constructor(tags: TagsState, marks: Pick<TagMarksState, 'all'>) {
    this.#tags = tags;
    this.#marks = marks;
  }

  /** Null when it is closed. */
  get request(): ChooserRequest | null {
    return this.#request;
  }

  /** Whether it is known which tags the targets carry. */
  get isKnown(): boolean {
    return this.#counts !== null;
  }

  /** Opens it; for nothing it stays closed. */
  async open(request: ChooserRequest): Promise<void> {
    if (request.targets.length === 0) return;
    this.#request = request;
    this.#counts = null;
    await this.#look();
  }

  close(): void {
    this.#request = null;
  }

  standing(tagId: TagId): TagStanding {
    const count = this.#request?.targets.length ?? 0;
    const yes = this.#counts?.yes.get(tagId) ?? 0;
    if (yes > 0) return yes >= count ? 'all' : 'some';
    return (this.#counts?.no.get(tagId) ?? 0) >= count && count > 0 ? 'rejected' : 'none';
  }

  /** Puts a tag on all targets; takes it from them when all carry it. */
  async toggle(tagId: TagId): Promise<void> {
    await this.#mark(tagId, this.standing(tagId) === 'all' ? 'none' : 'yes');
  }

  /** Says that a tag does not fit; takes that back when all have that answer. */
  async reject(tagId: TagId): Promise<void> {
    await this.#mark(tagId, this.standing(tagId) === 'rejected' ? 'none' : 'no');
  }

  /** Makes a tag and puts it on all targets. */
  async create(typed: string): Promise<Tag> {
    const request = this.#request;
    const tag = await this.#tags.createOn(typed, request?.targets ?? []);
    await this.#look();
    return tag;
  }

  async #mark(tagId: TagId, answer: 'yes' | 'no' | 'none'): Promise<void> {
    const request = this.#request;
    if (request === null) return;
    await this.#tags.mark([tagId], request.targets, answer);
    await this.#look();
  }

  async #look(): Promise<void> {
    const request = this.#request;
    if (request === null || request.targets.length > mostLookedUp) return;
    const marks = await this.#marks.all(tracksOf(request.targets));
    if (this.#request === request) this.#counts = countAnswers(request.targets, marks);
  }
}
