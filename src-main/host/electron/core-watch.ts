/** @file Tells main what it shows outside the page: the theme, and the jobs under way. */
import type { Core } from '../core.ts';
import { runningJobs } from './core-answers.ts';
import type { FromCore } from './core-messages.ts';

/**
 * Passes on changes until the core closes.
 * @param post sends to main
 * @param report hears when the events break off
 */
export function watchCore(core: Core, post: (message: FromCore) => void, report: (error: unknown) => void): void {
  const watch = async (): Promise<void> => {
    const events = await core.handlers.events.subscribe(undefined, new AbortController().signal);
    post({ type: 'jobs', running: runningJobs(core) });
    for await (const event of events) {
      if (event.type === 'settings.changed' || event.type === 'data.reopened') post({ type: 'theme', theme: core.theme() });
      else if (event.type === 'job.updated') post({ type: 'jobs', running: runningJobs(core) });
    }
  };
  watch().catch(report);
}
