/** @file What a run says of itself. */
import type { pretraining } from '../../../src-main/contract/index.ts';
import { formatCount, formatLength } from '../../lib/format.ts';
import { formatFigure } from '../../lib/figures.ts';

type Run = pretraining.Run;

/** How much of it is done, 0 to 1; null while that is not known. */
export function runShare({ step, totalSteps, settings, activeSeconds, state }: Run): number | null {
  if (state === 'done') return 1;
  if (settings.length.unit === 'minutes') return Math.min(1, activeSeconds / (settings.length.amount * 60));
  return totalSteps === null || totalSteps === 0 ? null : Math.min(1, step / totalSteps);
}

/** Seconds of training that are left; null while that is not known. */
export function secondsLeft(run: Run): number | null {
  if (run.settings.length.unit === 'minutes') return Math.max(0, run.settings.length.amount * 60 - run.activeSeconds);
  const rate = run.last?.stepsPerSecond ?? 0;
  return run.totalSteps === null || rate <= 0 ? null : Math.max(0, run.totalSteps - run.step) / rate;
}

/** `Step 1 204 of 5 000`. */
export function stepText({ step, totalSteps }: Pick<Run, 'step' | 'totalSteps'>): string {
  return totalSteps === null ? `Step ${formatCount(step)}` : `Step ${formatCount(step)} of ${formatCount(totalSteps)}`;
}

/** One sentence for the live region: `Step 1 200 of 5 000, loss 1.42, 12 min left.` */
export function progressSentence(run: Run): string {
  const left = secondsLeft(run);
  const parts = [stepText(run), ...(run.last === null ? [] : [`loss ${formatFigure(run.last.loss)}`])];
  return `${[...parts, ...(left === null ? [] : [`${formatLength(left)} left`])].join(', ')}.`;
}

/** What it trains on: `CPU`, or what was asked for while that is not known. */
export function deviceText({ device, deviceWanted }: Pick<Run, 'device' | 'deviceWanted'>, nameOf: (id: string) => string): string {
  if (device !== null) return nameOf(device);
  return deviceWanted === 'auto' ? 'Automatic' : nameOf(deviceWanted);
}
