/** @file One run of a verb: opens the data directory, carries the verb out, closes, and turns what went wrong into an exit code. */
import { readFileSync } from 'node:fs';
import { AppError, contained, defectLine, isCancelled, toAppError, visibleText } from '../../base/index.ts';
import { createServices } from '../../service/index.ts';
import type { HostActions, JobOutcome, Services } from '../../service/index.ts';
import { defaultDataDirectory } from '../../store/index.ts';
import type { Store } from '../../store/index.ts';
import { waitText } from '../../contract/index.ts';
import type { JobId } from '../../contract/index.ts';
import { sourceEntries } from '../core.ts';
import { demoDirectory } from '../demo-directory.ts';
import { experimentsDirectory } from '../experiments-directory.ts';
import { publishedFrom } from '../published-from.ts';
import { printFailure, processOutput } from './output.ts';
import type { Output } from './output.ts';

/** Options that every verb takes. */
export type CommonOptions = { data?: string; json?: boolean };

/** Exit codes. */
export const exitCodes = { done: 0, failed: 1, badUsage: 2, interrupted: 130 } as const;

/** What a verb works with. `interrupted` fires on Ctrl-C; `interruption` is the message printed then. */
export type Session = { output: Output; interrupted: AbortSignal; interruption: AppError };

const keptSays = 'Interrupted. What was finished is kept; the same command goes on from there.';

/** The program's version. */
export function version(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The data directory that the options name, else the usual one. */
export function dataDirectoryOf(options: CommonOptions): string {
  return options.data ?? defaultDataDirectory();
}

/**
 * Runs a verb and sets the process's exit code.
 * @param goesOn the verb looks after what nobody catches itself; else that ends it, with a sentence
 */
export async function runVerb(
  options: CommonOptions,
  verb: (session: Session) => Promise<void>,
  { goesOn = false }: { goesOn?: boolean } = {},
): Promise<void> {
  const isJson = options.json === true;
  const output = processOutput(isJson);
  const interrupt = new AbortController();
  const session: Session = { output, interrupted: interrupt.signal, interruption: new AppError('CANCELLED', keptSays) };
  const onSignal = (): void => {
    // A second Ctrl-C does not wait.
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
    interrupt.abort();
  };
  // Never taken off: a signal in the last moments must not turn a finished verb into a killed one.
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const fail = (error: unknown): void => {
    output.clear();
    const known = toAppError(error, 'carry this out');
    const isInterrupted = interrupt.signal.aborted || isCancelled(known);
    process.exitCode = isInterrupted ? exitCodes.interrupted : exitCodes.failed;
    printFailure(isInterrupted ? session.interruption : known, isJson);
  };
  if (!goesOn) {
    const end = (error: unknown): void => {
      fail(error);
      process.exit();
    };
    process.on('uncaughtException', end).on('unhandledRejection', end);
  }
  try {
    await verb(session);
    process.exitCode ??= exitCodes.done;
  } catch (error) {
    fail(error);
  }
}

/** What reading the options gives; undefined after saying what is wrong with them, with the exit code of bad usage. */
export function orBadUsage<T>(options: CommonOptions, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    printFailure(toAppError(error, 'read the options'), options.json === true);
    process.exitCode = exitCodes.badUsage;
    return undefined;
  }
}

/** Opens the services for a verb and closes them after it, also when it fails. */
export async function withServices<T>(options: CommonOptions, session: Session, work: (services: Services) => Promise<T>): Promise<T> {
  const host: HostActions = {
    kind: 'serve',
    version: version(),
    chooseFolder: nobody,
    chooseWeights: nobody,
    reveal: async () => undefined,
  };
  const services = createServices({
    ...{ dataDirectory: dataDirectoryOf(options), host, entries: sourceEntries, report },
    publishedFrom: publishedFrom(),
    demoDirectory: demoDirectory(),
    experimentsDirectory: experimentsDirectory(),
  });
  tellNotice(services.store);
  contained(() => services.encoders.ensureBuiltIn(), report)();
  const close = contained(() => services.close(), report);
  session.interrupted.addEventListener('abort', close);
  let failure: { error: unknown } | undefined;
  try {
    return await work(services);
  } catch (error) {
    failure = { error };
    throw error;
  } finally {
    session.interrupted.removeEventListener('abort', close);
    // What went wrong first is what is told.
    if (!session.interrupted.aborted)
      await services.close().catch((error: unknown) => {
        if (failure === undefined) throw error;
      });
  }
}

/** Tells of a defect in one line. What has a sentence of its own (a full disk, for example) is told with the verb's end. */
function report(error: unknown): void {
  if (!(error instanceof AppError) || error.code === 'INTERNAL') process.stderr.write(`Earmark: ${defectLine(error)}\n`);
}

/** Says once, beside the result, what happened when the directory was opened. */
export function tellNotice(store: Pick<Store, 'notice' | 'dismissNotice'>): void {
  const notice = store.notice();
  if (notice === null) return;
  process.stderr.write(`${visibleText(notice)}\n`);
  store.dismissNotice();
}

const nobody = async (): Promise<null> => null;

/** Shows a job's progress until it ends. @returns its result */
export async function follow(
  services: Services,
  session: Session,
  job: { jobId: JobId; settled: Promise<JobOutcome> },
): Promise<JobOutcome> {
  const show = (): void => {
    const live = services.jobs.list().find((one) => one.id === job.jobId);
    if (live !== undefined) session.output.progress(live.title, live.progress, waitText(live));
  };
  const timer = setInterval(contained(show, report), 250);
  try {
    return await job.settled;
  } finally {
    clearInterval(timer);
    session.output.clear();
    // The person was there: nothing is left to be seen in the header. Where even that cannot be written (a full disk), the job's own end is told.
    const dismiss = (): void => services.jobs.dismiss(job.jobId);
    if (!session.interrupted.aborted) contained(dismiss, report)();
  }
}
