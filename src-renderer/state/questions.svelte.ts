/** @file "Ask me": tracks whose answer would teach a head most, one after the other. */
import type { Api } from '../client/index.ts';
import type { HeadId, Question, TagAnswer } from '../../src-main/contract/index.ts';
import type { UndoState } from './undo.svelte.ts';

/** What is used of the core. */
type QuestionsApi = { suggest: Pick<Api['suggest'], 'ask' | 'answer'>; tags: Pick<Api['tags'], 'undo'> };

/** What became of a question. */
export type Reply = TagAnswer | 'skipped';

/** Which head asks, about which of its labels (all of them when absent), and how often. */
export type AskWish = { headId: HeadId; labels?: readonly number[]; count: number };

/** A queue of questions. */
export class QuestionsState {
  readonly #api: QuestionsApi;
  readonly #undo: UndoState;
  #wish = $state.raw<AskWish | null>(null);
  #queue = $state.raw<readonly Question[] | null>(null);
  #replies = $state.raw<readonly Reply[]>([]);
  #error = $state.raw<unknown>(null);

  constructor(api: QuestionsApi, undo: UndoState) {
    this.#api = api;
    this.#undo = undo;
  }

  /** Null until the questions are there. */
  get queue(): readonly Question[] | null {
    return this.#queue;
  }

  /** Why there are none; null when there could be. */
  get error(): unknown {
    return this.#error;
  }

  /** How many questions have been answered or skipped. */
  get done(): number {
    return this.#replies.length;
  }

  /** The question that stands; null when all are done. */
  get current(): Question | null {
    return this.#queue?.[this.#replies.length] ?? null;
  }

  /** How many replies were of a sort. */
  count(reply: Reply): number {
    return this.#replies.filter((one) => one === reply).length;
  }

  /** Whether the same was asked for already. */
  isAsking(wish: AskWish): boolean {
    return JSON.stringify(wish) === JSON.stringify(this.#wish);
  }

  /** Asks for new questions; those that were there go. */
  async ask(wish: AskWish): Promise<void> {
    this.#wish = wish;
    this.#queue = null;
    this.#replies = [];
    this.#error = null;
    try {
      const { headId, labels, count } = wish;
      const queue = await this.#api.suggest.ask({ headId, count, ...(labels === undefined ? {} : { labels: [...labels] }) });
      if (this.#wish === wish) this.#queue = queue;
    } catch (error) {
      if (this.#wish === wish) this.#error = error;
    }
  }

  /** Answers, and goes on to the next; a way back is kept. */
  async answer(answer: TagAnswer): Promise<void> {
    const [question, wish, place] = [this.current, this.#wish, this.#replies.length];
    if (question === null || wish === null) return;
    this.#replies = [...this.#replies, answer];
    const goBack = (): void => {
      if (this.#wish === wish) this.#replies = this.#replies.slice(0, place);
    };
    const asked = this.#api.suggest.answer({ headId: wish.headId, label: question.label, trackIds: [question.trackId], answer });
    // The way back is there at once: the hand may be faster than the core.
    const revert = async (): Promise<void> => {
      const change = await asked.then((reply) => reply.change).catch(() => null);
      if (change === null) return;
      await this.#api.tags.undo({ changeId: change.id });
      goBack();
    };
    this.#undo.did(`“${question.title}” answered`, revert, { isQuiet: true });
    try {
      await asked;
    } catch (error) {
      goBack();
      throw error;
    }
  }

  skip(): void {
    if (this.current !== null) this.#replies = [...this.#replies, 'skipped'];
  }

  /** The question before, when it was skipped; an answer is taken back by "Undo". */
  unskip(): boolean {
    if (this.#replies.at(-1) !== 'skipped') return false;
    this.#replies = this.#replies.slice(0, -1);
    return true;
  }
}
