/** @file The menu of a run: what can be done with it. */
import type { pretraining } from '../../../src-main/contract/index.ts';
import { attempt, dialogs } from '../../state/app.svelte.ts';
import { runs } from '../../state/pretraining.svelte.ts';
import { bestCheckpoint, isResumable, isRunUnderWay } from '../../state/runs.svelte.ts';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { duplicateRun, openRun, removeRun } from './run-actions.ts';

/** @param isShown whether the run's own page is shown, where opening it means nothing */
export function runMenu(run: pretraining.Run, isShown: boolean): MenuEntry[] {
  const entries: MenuEntry[] = isShown ? [] : [{ label: 'Open', icon: 'right', run: () => openRun(run) }];
  if (run.state === 'running' || run.state === 'waiting')
    entries.push({ label: 'Pause', icon: 'pause', run: () => attempt(runs.pause(run)) });
  if (run.state === 'paused' || isResumable(run)) entries.push({ label: 'Resume', icon: 'resume', run: () => attempt(runs.resume(run)) });
  if (isRunUnderWay(run)) entries.push({ label: 'Stop', icon: 'stop', run: () => attempt(runs.stop(run)) });
  else entries.push({ label: 'Train longer…', icon: 'add', run: () => dialogs.open({ kind: 'lengthenRun', run }) });
  entries.push({ label: 'Duplicate settings', icon: 'copy', run: () => duplicateRun(run), separated: true });
  const step = bestCheckpoint(run)?.step ?? run.step;
  entries.push({ label: 'Export…', icon: 'export', run: () => dialogs.open({ kind: 'exportRun', run, step }) });
  entries.push({
    label: 'Remove',
    icon: 'remove',
    run: () => attempt(removeRun(run)),
    disabled: isRunUnderWay(run),
    separated: true,
  });
  return entries;
}
