/** @file Closing with a job under way: the one question, and what each answer does. */
import { countOf } from '../../base/index.ts';
import type { RunningJob } from './core-messages.ts';

/** What the person may want. */
export type ClosingChoice = 'keep' | 'pause' | 'stay';

const choices: ClosingChoice[] = ['keep', 'pause', 'stay'];

/** What the dialog shows; the order of the buttons is that of `choices`. */
export type ClosingQuestion = {
  type: 'question';
  message: string;
  detail: string;
  buttons: string[];
  defaultId: number;
  cancelId: number;
};

/** The question for these jobs; null when nothing runs and there is nothing to ask. */
export function closingQuestion(running: RunningJob[]): ClosingQuestion | null {
  const [first] = running;
  if (first === undefined) return null;
  const message = running.length === 1 ? `“${first.title}” is still running.` : `${countOf(running.length, 'job')} are still running.`;
  return {
    type: 'question',
    message,
    detail:
      'Earmark can keep going in the tray with its window closed, or pause now and go on at the next start. Nothing is lost either way.',
    buttons: ['Keep going in the tray', 'Pause and quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
  };
}

/** The choice behind a button; a dialog that was closed means to stay. */
export function closingChoice(button: number): ClosingChoice {
  return choices[button] ?? 'stay';
}

/** What the tray says while the window is closed. */
export function trayText(running: RunningJob[]): string {
  const [first] = running;
  if (first === undefined) return 'Earmark';
  const share = first.fraction === null ? '' : ` ${Math.floor(first.fraction * 100)} %`;
  return `Earmark: ${first.title}${share}${running.length > 1 ? `, and ${running.length - 1} more` : ''}`;
}
