/** @file Whom the core's own process must not outlive, in each host. */
import { watchParent } from '../base/parent-watch.ts';

/** Names the process that the core belongs to: Electron's main process, or `npm start`. */
export const starterVariable = 'EARMARK_STARTER';

/** Enough to commit what is under way; with the time until the death is noticed, below two seconds. */
const graceMs = 1_400;

/**
 * Ends this process soon after the one that it belongs to. A person's own shell is none: what was started with `nohup` or `&` may outlive it.
 * Under `npm run` the parent is npm (or its shell, which npm alone would leave behind).
 */
export function watchStarter(environment: Record<string, string | undefined> = process.env): void {
  const named = Number(environment[starterVariable] ?? (environment['npm_lifecycle_event'] === undefined ? 0 : process.ppid));
  if (Number.isInteger(named) && named > 1) watchParent(named, { graceMs });
}
