/** @file Pretended writing of tags to files: plans, batches carried out by the fake core's jobs, and the way back. */
import { AppError } from '../../src-main/base/index.ts';
import type { AppEvent, FileChange, Handlers, JobId, Track, Writing, WritingId, WritingWish } from '../../src-main/contract/index.ts';
import type { FakeJobs } from './fake-jobs.ts';
import type { FakeTags } from './fake-tags.ts';

/** What is used of the fake world. */
export type WritingsWorld = { readonly tracks: readonly Track[]; readonly jobs: FakeJobs; emit(event: AppEvent): void };

type Kept = { writing: Writing; files: FileChange[] };

/** All batches. */
export class FakeWritings {
  readonly #world: WritingsWorld;
  readonly #tags: FakeTags;
  readonly #kept = new Map<WritingId, Kept>();

  constructor(world: WritingsWorld, tags: FakeTags) {
    this.#world = world;
    this.#tags = tags;
  }

  handlers(): Handlers['writing'] {
    return {
      plan: (wish) => this.#plan(wish),
      files: ({ writingId, offset, limit }) => {
        const { files } = this.#one(writingId);
        return { total: files.length, rows: files.slice(offset, offset + limit) };
      },
      list: () => [...this.#kept.values()].map(({ writing }) => writing),
      start: ({ writingId }) => ({ jobId: this.#carryOut(writingId, 'planned', 'written') }),
      undo: ({ writingId }) => ({ jobId: this.#carryOut(writingId, 'written', 'undone') }),
      discard: ({ writingId }) => {
        this.#kept.delete(writingId);
        this.#world.emit({ type: 'writing.changed' });
      },
    };
  }

  #plan(wish: WritingWish): Writing {
    const values = wish.tagIds.map((id) => this.#tags.get(id));
    const files = this.#world.tracks.flatMap((track): FileChange[] => {
      const added = values.filter(({ id }) => this.#tags.tracksWith(id).has(track.id));
      if (added.length === 0) return [];
      const before = wish.field === 'genre' && track.genre !== '' ? [track.genre] : [];
      const named = added.map(({ kind, name }) => (wish.withKind && kind !== '' ? `${kind}: ${name}` : name));
      const after = [...new Set(wish.mode === 'add' ? [...before, ...named] : named)];
      const isWritable = track.format !== 'WMA';
      return [
        {
          trackId: track.id,
          path: track.path,
          before,
          after: isWritable ? after : before,
          state: isWritable ? (after.join() === before.join() ? 'unchanged' : 'planned') : 'failed',
          message: isWritable ? '' : 'Earmark does not write tags of WMA files.',
        },
      ];
    });
    const id = (Math.max(0, ...this.#kept.keys()) + 1) as WritingId;
    const writing: Writing = {
      id,
      wish,
      state: 'planned',
      files: files.length,
      written: 0,
      failed: files.filter(({ state }) => state === 'failed').length,
      undone: 0,
      createdAt: this.#tags.now(),
      jobId: null,
    };
    this.#kept.set(id, { writing, files });
    this.#world.emit({ type: 'writing.changed' });
    return writing;
  }

  #carryOut(writingId: WritingId, from: FileChange['state'], to: 'written' | 'undone'): JobId {
    const { files } = this.#one(writingId);
    const waiting = files.filter(({ state }) => state === from);
    const moved = (done: number): void => waiting.slice(0, done).forEach((file) => (file.state = to));
    const jobId = this.#world.jobs.start({
      kind: 'write',
      title: to === 'written' ? 'Writing tags to files' : 'Putting old tags back',
      total: Math.max(1, waiting.length),
      unit: 'files',
      rate: 40,
      failed: 0,
      summary: `${waiting.length} files ${to === 'written' ? 'written' : 'put back'}.`,
      progressed: (done) => {
        moved(done);
        this.#count(writingId, 'running');
      },
      finished: () => this.#count(writingId, to === 'written' ? 'done' : 'undone'),
    });
    this.#count(writingId, 'running', jobId);
    return jobId;
  }

  #count(writingId: WritingId, state: Writing['state'], jobId?: JobId): void {
    const one = this.#one(writingId);
    const undone = one.files.filter((file) => file.state === 'undone').length;
    const written = one.files.filter((file) => file.state === 'written').length;
    one.writing = { ...one.writing, state, written, undone, jobId: jobId ?? one.writing.jobId };
    this.#world.emit({ type: 'writing.changed' });
  }

  #one(writingId: WritingId): Kept {
    const one = this.#kept.get(writingId);
    if (one === undefined) throw new AppError('NOT_FOUND', `There is no batch ${writingId}.`);
    return one;
  }
}
