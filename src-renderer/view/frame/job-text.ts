/** @file What a job says of itself. */
import { waitText } from '../../../src-main/contract/index.ts';
import type { Job, JobProgress } from '../../../src-main/contract/index.ts';
import { countOf, formatCount, formatLength, formatRate, shownName, singularOf } from '../../lib/format.ts';

const endings: Partial<Record<Job['state'], string>> = {
  paused: 'Paused',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted when Earmark ended',
};

/** What it is called: `Scan of /home/ida/Music`. */
export function jobTitle(job: Job): string {
  return shownName(job.title);
}

/** Empty before it knows what there is to do, then `1 204 of 5 000 files · 24 files/s · 3 h of audio · 2 min left`. */
export function jobFigures(job: Job): string {
  return progressFigures(job.progress, job.state === 'running');
}

/** The same of any work that goes on. */
export function progressFigures({ done, total, unit, rate, audioSeconds, secondsLeft, phase }: JobProgress, isRunning = true): string {
  if (done === 0 && total === null) return '';
  const counts =
    total === null ? countOf(done, singularOf(unit), unit) : `${formatCount(done)} of ${countOf(total, singularOf(unit), unit)}`;
  const parts = [phase === undefined ? counts : `${phase} ${counts}`];
  if (isRunning && rate > 0) parts.push(formatRate(rate, unit));
  if (audioSeconds > 0) parts.push(`${formatLength(audioSeconds)} of audio`);
  if (isRunning && secondsLeft !== null) parts.push(`${formatLength(secondsLeft)} left`);
  return parts.join(' · ');
}

/** What it does, or how it ended; empty when its figures say enough. */
export function jobSentence(job: Job): string {
  if (job.state === 'running') return shownName(job.progress.detail);
  if (job.state === 'queued') return shownName(waitText(job));
  const ending = endings[job.state];
  return job.message !== '' ? shownName(job.message) : (ending ?? '');
}

/** `3 files could not be read`; empty when all could. A run leaves tracks out, whatever it counts. */
export function jobFailures(job: Job): string {
  const { failed, unit } = job.progress;
  if (failed === 0) return '';
  if (job.kind === 'pretrain') return `${countOf(failed, 'track was', 'tracks were')} left out`;
  return `${countOf(failed, singularOf(unit), unit)} could not be ${job.kind === 'write' ? 'written' : 'read'}`;
}
