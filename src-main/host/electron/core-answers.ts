/** @file What the core answers when main asks. */
import { AppError, toSystemPath } from '../../base/index.ts';
import { trackIdSchema } from '../../contract/index.ts';
import type { Core } from '../core.ts';
import type { CoreQuestions, RunningJob } from './core-messages.ts';
import type { Answers } from './questions.ts';

const never = new AbortController().signal;

/**
 * @param current the core, once it runs
 * @param end ends the process
 */
export function coreAnswers(current: () => Core | undefined, end: () => void): Answers<CoreQuestions> {
  const running = (): Core => {
    const core = current();
    if (core === undefined) throw new AppError('INTERNAL', 'The core has not started yet. Try again shortly.');
    return core;
  };
  return {
    runningJobs: () => runningJobs(running()),
    pauseAll: async () => {
      await running().pauseAll();
      return null;
    },
    addFolder: async ({ path }) => {
      await running().services.handlers.library.addFolder({ path }, never);
      return null;
    },
    setTheme: async ({ theme }) => {
      await running().services.handlers.settings.set({ theme }, never);
      return null;
    },
    trackFiles: ({ trackIds }) => filesOf(running(), trackIds),
    close: async () => {
      await running().close();
      setImmediate(end);
      return null;
    },
  };
}

/** Files of tracks that are there, in the order asked for; a track that is unknown or missing has none. */
async function filesOf(core: Pick<Core, 'services'>, trackIds: readonly number[]): Promise<string[]> {
  const files = await Promise.all(trackIds.map((id) => fileOf(core, id)));
  return files.filter((file) => file !== null);
}

async function fileOf(core: Pick<Core, 'services'>, id: number): Promise<string | null> {
  try {
    const track = await core.services.handlers.library.track({ trackId: trackIdSchema.parse(id) }, never);
    const path = toSystemPath(track.path);
    // A name that is no text cannot be handed to the system.
    return track.state === 'missing' || typeof path !== 'string' ? null : path;
  } catch {
    return null;
  }
}

/** Jobs that run or wait their turn; a paused one is not lost by closing. */
export function runningJobs(core: Pick<Core, 'activeJobs'>): RunningJob[] {
  return core
    .activeJobs()
    .filter((job) => job.state === 'running' || job.state === 'queued')
    .map(({ title, progress: { done, total } }) => ({ title, fraction: total === null || total === 0 ? null : Math.min(1, done / total) }));
}
