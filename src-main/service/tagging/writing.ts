/** @file Tags written to files, only when a person asks: plans, batches as jobs, and taking them back. */
import { AppError, countOf } from '../../base/index.ts';
import type { FileChange, Writing, WritingId, WritingWish } from '../../contract/index.ts';
import type { JobContext, JobOutcome, StartedJob } from '../jobs/jobs.ts';
import type { Tools } from '../tools.ts';
import { removeLeftovers } from './leftovers.ts';
import { planWriting } from './writing-plan.ts';
import { runWriting } from './writing-run.ts';
import type { WritingParams, WritingResult } from './writing-run.ts';

const toldEveryMs = 500;

/** Use cases of writing. */
export class TagWriting {
  readonly #tools: Tools;
  #toldAt = 0;

  constructor(tools: Tools) {
    this.#tools = tools;
    const { store, jobs } = tools;
    jobs.define('write', (params, context) => this.#run(params as WritingParams, context), {
      queued: (job, params) => {
        store.writings.setState((params as WritingParams).writingId, 'running', job.id);
        this.#tell();
      },
      ended: (_, params) => this.#settle(params as WritingParams),
    });
  }

  /** Reads the files and keeps what would change. @throws AppError NOT_FOUND, BAD_INPUT */
  async plan(wish: WritingWish, signal: AbortSignal): Promise<Writing> {
    const { store, media, demoDirectory } = this.#tools;
    const files = await planWriting(wish, { store, media, demoDirectory, signal });
    const writing = store.writings.add(wish, files);
    this.#tell();
    return writing;
  }

  /** Batches, newest first. */
  list(): Writing[] {
    return this.#tools.store.writings.list();
  }

  /** Finishes what a former process was killed in: a file that was being written over may be neither old nor new. */
  async finishLeft(): Promise<void> {
    const { writings } = this.#tools.store;
    for (const { id } of writings.list().filter(({ state }) => state === 'partial'))
      await removeLeftovers(writings.filesIn(id, ['planned', 'written', 'undoFailed']).map(({ path }) => path));
  }

  /** A page of a batch's files. @throws AppError NOT_FOUND */
  files(page: { writingId: WritingId; offset: number; limit: number }): { total: number; rows: FileChange[] } {
    return this.#tools.store.writings.files(page.writingId, page);
  }

  /** Writes what was planned and is not written yet. @throws AppError NOT_FOUND, ALREADY_RUNNING, BAD_INPUT when nothing is left */
  start(writingId: WritingId): StartedJob {
    const { state } = this.#idle(writingId);
    const count = this.#tools.store.writings.filesIn(writingId, ['planned']).length;
    if (state === 'undone' || count === 0)
      throw new AppError('BAD_INPUT', 'Nothing is left to be written in this batch. Plan it again to write what is different now.');
    return this.#begin({ writingId, direction: 'write' }, `Write tags to ${countOf(count, 'file')}`);
  }

  /** Puts back the fields' former values. @throws AppError NOT_FOUND, ALREADY_RUNNING, BAD_INPUT when nothing was written */
  undo(writingId: WritingId): StartedJob {
    const { state } = this.#idle(writingId);
    const count = this.#tools.store.writings.filesIn(writingId, ['written', 'undoFailed']).length;
    // A batch that was killed may have written a file that it does not know of.
    if (count === 0 && state !== 'partial') throw new AppError('BAD_INPUT', 'Nothing of this batch is written that could be taken back.');
    return this.#begin({ writingId, direction: 'restore' }, count === 0 ? 'Take back tags' : `Take back tags in ${countOf(count, 'file')}`);
  }

  /** Forgets a plan. @throws AppError NOT_FOUND, ALREADY_RUNNING, BAD_INPUT for a batch that was carried out */
  discard(writingId: WritingId): void {
    if (this.#idle(writingId).state !== 'planned')
      throw new AppError('BAD_INPUT', 'This batch was written, and is kept so that it can be taken back. Only plans can be forgotten.');
    this.#tools.store.writings.remove(writingId);
    this.#tell();
  }

  #idle(writingId: WritingId): Writing {
    const writing = this.#tools.store.writings.get(writingId);
    if (writing.state !== 'running') return writing;
    throw new AppError('ALREADY_RUNNING', 'This batch is being worked on. Wait for that job to end, or cancel it.', {
      details: { writingId },
    });
  }

  #begin(params: WritingParams, title: string): StartedJob {
    return this.#tools.jobs.start({ kind: 'write', title, params });
  }

  async #run(params: WritingParams, context: JobContext): Promise<JobOutcome> {
    const { store, media, demoDirectory } = this.#tools;
    const changed = (): void => {
      if (performance.now() - this.#toldAt > toldEveryMs) this.#tell();
    };
    const result = await runWriting(params, { store, media, demoDirectory, changed }, context);
    return { message: describe(params, result), result };
  }

  #settle({ writingId, direction }: WritingParams): void {
    const { writings } = this.#tools.store;
    const has = (...states: FileChange['state'][]): boolean => writings.filesIn(writingId, states).length > 0;
    const isWhole = direction === 'write' ? !has('planned') : !has('written', 'undoFailed');
    writings.setState(writingId, isWhole ? (direction === 'write' ? 'done' : 'undone') : 'partial');
    this.#tell();
    this.#tools.events.emit({ type: 'library.changed' });
  }

  #tell(): void {
    this.#toldAt = performance.now();
    this.#tools.events.emit({ type: 'writing.changed' });
  }
}

/** What a batch did, as a sentence. */
export function describe({ direction }: Pick<WritingParams, 'direction'>, { changed, failed }: WritingResult): string {
  const done =
    direction === 'write' ? `Tags were written to ${countOf(changed, 'file')}.` : `Tags were put back in ${countOf(changed, 'file')}.`;
  return failed.length === 0 ? done : `${done} ${countOf(failed.length, 'file')} could not be changed.`;
}
