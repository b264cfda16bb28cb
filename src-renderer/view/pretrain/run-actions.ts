/** @file What can be done with runs from everywhere, and from several pages of Pretrain. */
import type { EncoderId, pretraining } from '../../../src-main/contract/index.ts';
import type { Action } from '../../lib/keys.ts';
import { attempt, encoders, jobs, library, route, undo } from '../../state/app.svelte.ts';
import { form, place, runs } from '../../state/pretraining.svelte.ts';
import { bestCheckpoint } from '../../state/runs.svelte.ts';

type Run = pretraining.Run;

/** Shows a run. */
export function openRun(run: Pick<Run, 'id'>): void {
  place.go({ page: 'run', runId: run.id });
  route.go('pretrain');
}

/** Opens the form with a run's settings. */
export function duplicateRun(run: Run): void {
  form.duplicate(run);
  newRun();
}

/** Opens the form with a run's settings, to begin with a checkpoint's weights. */
export function continueRun(run: Run, step: number): void {
  form.continueFrom(run, step);
  newRun();
}

/** Opens the form. */
export function newRun(): void {
  place.go({ page: 'new' });
  route.go('pretrain');
}

/** Opens the form with what learns from the library in a minute. */
export function learnLibrary(): void {
  form.chooseTime('minute');
  newRun();
}

/** Takes a run away; when it was shown, the list is shown instead. */
export async function removeRun(run: Run): Promise<void> {
  await runs.remove(run);
  if (place.page?.page === 'run' && place.page.runId === run.id) place.go({ page: 'runs' });
}

/** Makes a checkpoint an encoder (without one, the run's best) and chooses it. */
async function chooseEncoderOf(run: Run, step?: number): Promise<EncoderId | null> {
  const at = step ?? bestCheckpoint(run)?.step;
  if (at === undefined) return null;
  const encoderId = await runs.makeEncoder(run.id, at);
  await encoders.load();
  await encoders.choose(encoderId);
  return encoderId;
}

/** Makes a checkpoint an encoder, chooses it, and says so. */
export async function makeEncoder(run: Run, step: number): Promise<void> {
  if ((await chooseEncoderOf(run, step)) !== null)
    undo.say(`“${run.name}”, step ${step}, is now the chosen encoder. Index the library to listen with it.`);
}

/** Begins to index the library with a run's encoder. */
export async function indexWith(run: Run): Promise<void> {
  const encoderId = await chooseEncoderOf(run);
  if (encoderId !== null) await encoders.index(encoderId);
}

/** Shows Listen with a run's encoder. */
export async function listenWith(run: Run): Promise<void> {
  if ((await chooseEncoderOf(run)) !== null) route.go('listen');
}

const group = 'Pretrain';

/** The actions of Pretrain that are offered everywhere. */
export function runActions(): Action[] {
  return [
    ...pageActions(),
    ...currentRunActions(),
    {
      id: 'runs.index',
      label: 'Index my library with the newest run’s encoder',
      group,
      keys: [],
      when: () => newestDone() !== undefined && !jobs.isBusy('index'),
      run: () => {
        const run = newestDone();
        if (run !== undefined) attempt(indexWith(run));
      },
    },
  ];
}

function pageActions(): Action[] {
  return [
    {
      id: 'runs.learnLibrary',
      label: 'Learn my library',
      group,
      keys: [],
      run: learnLibrary,
      when: () => !library.isEmpty,
      alsoCalled: 'train minute own neurons',
    },
    {
      id: 'runs.new',
      label: 'New run: pretrain an encoder',
      group,
      keys: [],
      run: newRun,
      when: () => !library.isEmpty,
      alsoCalled: 'start learn',
    },
    {
      id: 'runs.show',
      label: 'Show the runs',
      group,
      keys: [],
      run: () => {
        place.go({ page: 'runs' });
        route.go('pretrain');
      },
      alsoCalled: 'checkpoints compare',
    },
    {
      id: 'runs.current',
      label: 'Show the run that is under way',
      group,
      keys: [],
      when: () => runs.current !== null,
      run: () => {
        const run = runs.current;
        if (run !== null) openRun(run);
      },
    },
  ];
}

/** What is done to the run that is under way. */
function currentRunActions(): Action[] {
  const onCurrent = (run: (run: Run) => Promise<void>) => (): void => {
    const shown = runs.current;
    if (shown !== null) attempt(run(shown));
  };
  const isIn =
    (...states: pretraining.RunState[]) =>
    (): boolean =>
      states.some((state) => state === runs.current?.state);
  return [
    {
      id: 'runs.pause',
      label: 'Pause the run',
      group,
      keys: [],
      when: isIn('running', 'waiting'),
      run: onCurrent((run) => runs.pause(run)),
    },
    { id: 'runs.resume', label: 'Resume the run', group, keys: [], when: isIn('paused'), run: onCurrent((run) => runs.resume(run)) },
    {
      id: 'runs.stop',
      label: 'Stop the run',
      group,
      keys: [],
      when: isIn('running', 'waiting', 'paused'),
      run: onCurrent((run) => runs.stop(run)),
    },
  ];
}

function newestDone(): Run | undefined {
  return runs.list?.find((run) => run.state === 'done' && run.checkpoints.length > 0);
}
