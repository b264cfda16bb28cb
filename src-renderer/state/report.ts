/** @file The one way in which views and states pass on an error that has no better place. */
import { ClientError, isAbort, messageOf } from '../client/index.ts';

/** Makes the function that reports: `show` gets what to say and the error itself. Calls that were given up, and calls while the core is away (the banner says so), are no news. */
export function createReport(show: (message: string, error: unknown) => void): (error: unknown) => void {
  return (error) => {
    if (isAbort(error) || (error instanceof ClientError && error.code === 'CORE_STOPPED')) return;
    show(messageOf(error), error);
  };
}
