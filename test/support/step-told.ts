/** @file How far the run under way is, as everybody is told. */
import type { Services } from '../../src-main/service/index.ts';

/** The last step of the run that works; 0 while its tracks are decoded, which its job counts as well. */
export function stepTold({ jobs }: Pick<Services, 'jobs'>): number {
  const progress = jobs.list().find(({ kind, state }) => kind === 'pretrain' && state === 'running')?.progress;
  return progress?.unit === 'steps' ? progress.done : 0;
}
