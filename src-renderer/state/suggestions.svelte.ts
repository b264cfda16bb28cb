/**
 * @file Tracks that a head suggests for one label, most probable first. Rows that are answered stay where they are, with their answer, until the
 * list is fetched anew, so that nothing moves under the hand that answers.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { Api } from '../client/index.ts';
import type { Change, HeadId, Suggestion, TagAnswer, Threshold, TrackId } from '../../src-main/contract/index.ts';
import type { UndoState } from './undo.svelte.ts';

/** What is used of the core. */
type SuggestionsApi = {
  suggest: Pick<Api['suggest'], 'tracks' | 'thresholds' | 'answer' | 'acceptAbove'>;
  tags: Pick<Api['tags'], 'undo'>;
};

/** A label of a head. */
export type LabelId = { headId: HeadId; label: number };

const pageRows = 100;
/** Rows are fetched when this few are left below those in sight. */
const reserveRows = 40;
/** The precision that the threshold is first set to, by the lower end of its interval. */
const wantedPrecision = 0.8;

/** Suggestions for one label. */
export class SuggestionsState {
  readonly #api: SuggestionsApi;
  readonly #undo: UndoState;
  #of = $state.raw<LabelId | null>(null);
  #rows = $state.raw<readonly Suggestion[]>([]);
  #unanswered = $state<number | null>(null);
  #thresholds = $state.raw<readonly Threshold[]>([]);
  #chosen = $state<number | null>(null);
  #error = $state.raw<unknown>(null);
  #fresh = $state<number | null>(null);
  readonly #answers = new SvelteMap<TrackId, TagAnswer>();
  #isLoading = false;
  #epoch = 0;

  constructor(api: SuggestionsApi, undo: UndoState) {
    this.#api = api;
    this.#undo = undo;
  }

  get of(): LabelId | null {
    return this.#of;
  }

  /** Rows of the table, also those that are on their way; null before the first answer. */
  get total(): number | null {
    if (this.#unanswered === null) return null;
    const waiting = this.#unanswered - (this.#rows.length - this.#answers.size);
    return this.#rows.length + Math.max(0, Math.min(waiting, pageRows));
  }

  /** Tracks that nobody has answered yet, those that were answered here left out. */
  get unanswered(): number {
    return this.#unanswered ?? 0;
  }

  /** How many were answered since the list was fetched. */
  get answered(): number {
    return this.#answers.size;
  }

  /** How many tracks came since the list was fetched; null for none. */
  get fresh(): number | null {
    return this.#fresh;
  }

  /** Why they could not be fetched; null when they could. */
  get error(): unknown {
    return this.#error;
  }

  /** Probabilities that can be chosen from, ascending. */
  get thresholds(): readonly Threshold[] {
    return this.#thresholds;
  }

  /** The threshold that is set; null while none is known. */
  readonly threshold: Threshold | null = $derived.by(() => this.#thresholds[this.thresholdIndex] ?? null);

  /** Its place among them; −1 while none is known. */
  get thresholdIndex(): number {
    const chosen = this.#chosen;
    if (chosen === null) return firstThreshold(this.#thresholds);
    const at = this.#thresholds.findIndex(({ atLeast }) => atLeast >= chosen);
    return at < 0 ? this.#thresholds.length - 1 : at;
  }

  /** A row with its answer; undefined while it is on its way. */
  at(index: number): Suggestion | undefined {
    const row = this.#rows[index];
    return row === undefined ? undefined : { ...row, answer: this.#answers.get(row.trackId) ?? row.answer };
  }

  /** Shows another label. */
  show(of: LabelId): void {
    if (this.#of?.headId === of.headId && this.#of.label === of.label) return;
    this.#of = of;
    this.#unanswered = null;
    this.#rows = [];
    this.#thresholds = [];
    this.#chosen = null;
    this.refresh();
  }

  /** Fetches anew; what was answered leaves the list. */
  refresh(): void {
    this.#epoch++;
    this.#isLoading = false;
    this.#error = null;
    this.#fresh = null;
    void this.#load(true);
    void this.countAbove();
  }

  /** Tells how far down is looked. */
  want(endRow: number): void {
    if (this.#unanswered === null || endRow + reserveRows < this.#rows.length) return;
    if (this.#unanswered > this.#rows.length - this.#answers.size) void this.#load(false);
  }

  chooseThreshold(index: number): void {
    this.#chosen = this.#thresholds[index]?.atLeast ?? null;
  }

  /** Counts again how many tracks lie above each threshold. */
  async countAbove(): Promise<void> {
    const of = this.#of;
    if (of === null) return;
    try {
      const thresholds = await this.#api.suggest.thresholds({ ...of });
      if (this.#of === of) this.#thresholds = thresholds.toSorted((a, b) => a.atLeast - b.atLeast);
    } catch (error) {
      if (this.#of === of) this.#error = error;
    }
  }

  /** Tracks were indexed: those that are new wait until the list is fetched anew, so that nothing moves under the hand. */
  async countFresh(): Promise<void> {
    const [of, epoch] = [this.#of, this.#epoch];
    if (of === null || this.#unanswered === null) return;
    const { total } = await this.#api.suggest.tracks({ ...of, offset: 0, limit: 0 });
    if (epoch === this.#epoch) this.#fresh = total > this.unanswered ? total - this.unanswered : null;
  }

  /** Accepts or rejects; a rejection teaches the next training. */
  async answer(trackIds: readonly TrackId[], answer: TagAnswer): Promise<void> {
    const of = this.#of;
    const fresh = trackIds.filter((id) => this.#answers.get(id) !== answer);
    if (of === null || fresh.length === 0) return;
    const before = fresh.map((id) => [id, this.#answers.get(id)] as const);
    this.#keep(fresh.map((id) => [id, answer]));
    const asked = this.#api.suggest.answer({ ...of, trackIds: fresh, answer });
    const goBack = (): void => {
      if (this.#of === of) this.#keep(before);
    };
    // The way back of a single answer is there at once: the hand may be faster than the core.
    const isOne = fresh.length === 1;
    const change = asked.then((reply) => reply.change);
    if (isOne) this.#did('Answer given', change, goBack, true);
    try {
      const made = await change;
      if (!isOne && made !== null) this.#did(made.title, change, goBack, false);
    } catch (error) {
      goBack();
      throw error;
    }
  }

  /** Accepts every unanswered track at or above the threshold. */
  async acceptAbove(): Promise<number> {
    const [of, threshold] = [this.#of, this.threshold];
    if (of === null || threshold === null) return 0;
    const { change, tracks } = await this.#api.suggest.acceptAbove({ ...of, atLeast: threshold.atLeast });
    this.refresh();
    if (change !== null) this.#did(change.title, Promise.resolve(change), () => this.refresh(), false);
    return tracks;
  }

  #did(label: string, change: Promise<Change | null>, reverted: () => void, isQuiet: boolean): void {
    const revert = async (): Promise<void> => {
      const made = await change.catch(() => null);
      if (made === null) return;
      await this.#api.tags.undo({ changeId: made.id });
      reverted();
    };
    this.#undo.did(label, revert, { isQuiet });
  }

  #keep(answers: readonly (readonly [TrackId, TagAnswer | undefined])[]): void {
    const answered = this.#answers.size;
    for (const [trackId, answer] of answers)
      if (answer === undefined) this.#answers.delete(trackId);
      else this.#answers.set(trackId, answer);
    if (this.#unanswered !== null) this.#unanswered += answered - this.#answers.size;
  }

  async #load(isAnew: boolean): Promise<void> {
    const of = this.#of;
    if (of === null || this.#isLoading) return;
    this.#isLoading = true;
    const epoch = this.#epoch;
    try {
      const offset = isAnew ? 0 : this.#rows.length - this.#answers.size;
      const { total, rows } = await this.#api.suggest.tracks({ ...of, offset, limit: pageRows });
      if (epoch !== this.#epoch) return;
      if (isAnew) this.#answers.clear();
      const held = isAnew ? [] : this.#rows;
      this.#rows = [...held, ...rows.filter(({ trackId }) => !held.some((row) => row.trackId === trackId))];
      this.#unanswered = total;
    } catch (error) {
      if (epoch === this.#epoch) this.#error = error;
    } finally {
      if (epoch === this.#epoch) this.#isLoading = false;
    }
  }
}

/**
 * The lowest threshold whose precision is certain enough; where none is, the highest of those that are most certain. For heads without
 * measurements, a half.
 */
function firstThreshold(thresholds: readonly Threshold[]): number {
  const certain = thresholds.findIndex(({ low }) => low !== null && low >= wantedPrecision);
  if (certain >= 0) return certain;
  const half = thresholds.findIndex(({ atLeast }) => atLeast >= 0.5);
  if (half >= 0 && thresholds.every(({ low }) => low === null)) return half;
  const best = Math.max(...thresholds.map(({ low }) => low ?? 0));
  return thresholds.findLastIndex(({ low }) => (low ?? 0) >= best);
}
