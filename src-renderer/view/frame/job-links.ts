/** @file What a job in the header leads to. */
import type { Job } from '../../../src-main/contract/index.ts';
import { attempt, libraryPanel, route } from '../../state/app.svelte.ts';
import { runs } from '../../state/pretraining.svelte.ts';
import { tagsPlace, writings } from '../../state/tagging.svelte.ts';
import { openRun } from '../pretrain/run-actions.ts';

/** The way to what a job works on; null where there is no such place. */
export function openJob(job: Job): (() => void) | null {
  if (job.kind === 'tag') return () => route.go('tags');
  if (job.kind === 'duplicates') return () => route.go('duplicates');
  if (job.kind === 'write') return () => attempt(openWriting(job));
  const run = job.kind === 'pretrain' ? runs.list?.find(({ jobId }) => jobId === job.id) : undefined;
  return run === undefined ? null : () => openRun(run);
}

/** Shows what a job could not read or write: a run and a batch list theirs themselves. */
export function showFailures(job: Job): void {
  const open = openJob(job);
  if (open !== null) return open();
  libraryPanel.open('problems');
  route.go('library');
}

async function openWriting(job: Job): Promise<void> {
  tagsPlace.go({ page: 'write', tagIds: [] });
  route.go('tags');
  await writings.load();
  const writing = writings.list?.find(({ jobId }) => jobId === job.id);
  if (writing !== undefined) writings.show(writing.id);
}
