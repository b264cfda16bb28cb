/** @file The contract carried out: handlers behind validation, errors as stable codes. */
import { implement } from '@orpc/server';
import { StandardRPCHandler } from '@orpc/server/standard';
import type { AnyRouter } from '@orpc/server';
import { AppError } from '../base/index.ts';
import { contract } from '../contract/index.ts';
import type { Handlers } from '../contract/index.ts';
import { malformed, toRemote } from './remote-errors.ts';

/** The contract, carried out; `report` hears of defects. */
export type Router = { readonly handler: StandardRPCHandler<Record<never, never>>; readonly report: (error: unknown) => void };

type AnyHandler = (input: unknown, signal: AbortSignal) => unknown;
type Implementer = { handler(run: (options: { input: unknown; signal?: AbortSignal }) => Promise<unknown>): unknown };

/**
 * Puts the handlers behind the contract's schemas.
 * @param handlers one function a procedure
 * @param report hears of defects (errors that no room threw on purpose)
 */
export function createRouter(handlers: Handlers, report: (error: unknown) => void): Router {
  const implementer = implement(contract) as unknown as Record<string, Record<string, Implementer>>;
  const router: Record<string, Record<string, unknown>> = {};
  for (const [subject, procedures] of Object.entries(contract)) {
    const group: Record<string, unknown> = {};
    const own = handlers[subject as keyof Handlers] as unknown as Record<string, AnyHandler>;
    for (const verb of Object.keys(procedures)) {
      const run = own[verb];
      if (run === undefined) throw new Error(`No handler for ${subject}.${verb}`);
      const handle = async ({ input, signal }: { input: unknown; signal?: AbortSignal }): Promise<unknown> =>
        await run(input, signal ?? new AbortController().signal);
      group[verb] = implementer[subject]?.[verb]?.handler(handle);
    }
    router[subject] = group;
  }
  /** Contexts of calls whose message was read: what goes wrong afterwards is not the message's fault. */
  const read = new WeakSet<object>();
  const noteRead = <Options extends { context: object; next(): unknown }>({ context, next }: Options): ReturnType<Options['next']> => {
    read.add(context);
    return next() as ReturnType<Options['next']>;
  };
  const handler = new StandardRPCHandler<Record<never, never>>(router as AnyRouter, {
    interceptors: [checked(report, (context) => read.has(context))],
    clientInterceptors: [noteRead],
  });
  return { handler, report };
}

type Interception = {
  context: object;
  request: { url: URL };
  next(): Promise<{ matched: boolean; response: unknown }>;
};

/** Every call is answered with its result or an error of Earmark's own: also one that names no procedure. */
function checked(report: (error: unknown) => void, wasRead: (context: object) => boolean) {
  return async <Options extends Interception>({ request, context, next }: Options): Promise<Awaited<ReturnType<Options['next']>>> => {
    const name = request.url.pathname.slice(1).replace('/', '.');
    try {
      const result = (await next()) as Awaited<ReturnType<Options['next']>>;
      if (!result.matched) throw new AppError('NOT_FOUND', `There is no procedure ${name}.`);
      return result;
    } catch (error) {
      const isMalformed = !wasRead(context) && !(error instanceof AppError);
      throw isMalformed ? malformed(error, name) : toRemote(error, name, report);
    }
  };
}
