/** @file The last line of defence of a process that people work in: an exception that nobody caught is told, and the process goes on. */
import { defectLine } from '../base/index.ts';

/**
 * Keeps this process alive from now on. Listeners contain their own exceptions and close what they concern; what comes here was missed.
 * @param tell hears of each defect
 */
export function goOnAfterDefects(tell: (error: unknown) => void): void {
  // A terminal that went away makes every line an error of its own.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
}

/** Tells of a defect in one line on standard error. */
export function tellDefect(error: unknown): void {
  process.stderr.write(`Earmark: ${defectLine(error)}\n`);
}
