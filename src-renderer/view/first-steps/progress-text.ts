/** @file How far a job is, as the first steps say it. */
import { waitText } from '../../../src-main/contract/index.ts';
import type { Job } from '../../../src-main/contract/index.ts';
import { countOf, formatCount, formatLength } from '../../lib/format.ts';
import { isHalted } from '../../state/jobs.svelte.ts';

const fewestDone = 3;

/** `12 of 52 tracks heard, about 20 s left.` */
export function progressText(job: Job, noun: string, done: string): string {
  const { progress } = job;
  if (job.state === 'queued') return `${waitText(job)}.`;
  const count =
    progress.total === null ? countOf(progress.done, noun) : `${formatCount(progress.done)} of ${countOf(progress.total, noun)}`;
  if (isHalted(job)) return `Paused: ${count} ${done}.`;
  // After the first one or two nobody knows how long the others take.
  const left = progress.done < fewestDone ? null : progress.secondsLeft;
  return `${count} ${done}${left === null || left < 1 ? '' : `, about ${formatLength(Math.max(1, left))} left`}.`;
}
