/** @file What a job in the header leads to. */
import type { Job } from '../../../src-main/contract/index.ts';
import { libraryPanel, route } from '../../state/app.svelte.ts';
import { orderedViews } from '../views.ts';

/** The way to what a job works on, where a view has one; null where there is no such place. */
export function openJob(job: Job): (() => void) | null {
  const view = orderedViews.find(({ openJob: own }) => own?.[job.kind] !== undefined);
  return view?.openJob?.[job.kind]?.(job) ?? null;
}

/** Shows what a job could not read or write: a run and a batch list theirs themselves. */
export function showFailures(job: Job): void {
  const open = openJob(job);
  if (open !== null) return open();
  libraryPanel.open('problems');
  route.go('library');
}
