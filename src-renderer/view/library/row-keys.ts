/** @file Letters that do something with the rows of a table. The other letters go to the row that begins with them. */
import { keys } from '../../lib/keys.ts';

/** S: more like this; T: tag; W: why. */
const letters = /^[stw]$/i;

/** Runs what a letter means for rows; true when it means something now. For a grid's `onkey`. */
export function runRowKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || !letters.test(event.key)) return false;
  const action = keys.find(event);
  action?.run(event);
  return action !== undefined;
}
