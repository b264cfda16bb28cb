/** @file Letters that do something with the rows of a table. The other letters go to the row that begins with them. */
import { keys } from '../../lib/keys.ts';
import { player } from '../../state/listening.svelte.ts';

/** S: more like this; T: tag; W: why. */
const letters = /^[stw]$/i;

/** Shift and an arrow go on in what plays, as they do everywhere; for a grid's `onkey`. */
export function runPlayKey(event: KeyboardEvent): boolean {
  const isPlain = event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!isPlain || (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft')) return false;
  void (event.key === 'ArrowRight' ? player.next() : player.previous());
  return true;
}

/** Runs what a letter means for rows; true when it means something now. For a grid's `onkey`. */
export function runRowKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || !letters.test(event.key)) return false;
  const action = keys.find(event);
  action?.run(event);
  return action !== undefined;
}
