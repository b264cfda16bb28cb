/** @file The contract carried out: handlers behind validation, errors as stable codes. */
import { implement, ORPCError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { AnyRouter } from '@orpc/server';
import { toAppError } from '../base/index.ts';
import { contract } from '../contract/index.ts';
import type { Handlers } from '../contract/index.ts';
import { isEnvelope } from './envelope.ts';
import { orpcPort } from './port.ts';
import type { Port } from './port.ts';

/** The contract, carried out. */
export type Router = AnyRouter;

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
      group[verb] = implementer[subject]?.[verb]?.handler(guarded(`${subject}.${verb}`, run, report));
    }
    router[subject] = group;
  }
  return router as Router;
}

function guarded(name: string, run: AnyHandler, report: (error: unknown) => void) {
  return async ({ input, signal }: { input: unknown; signal?: AbortSignal }): Promise<unknown> => {
    try {
      return await run(input, signal ?? new AbortController().signal);
    } catch (error) {
      const known = toAppError(error, `carry out ${name}`);
      if (known.code === 'INTERNAL') report(error);
      throw new ORPCError(known.code, { message: known.message, data: { details: known.details }, status: 500 });
    }
  };
}

/** Answers the calls that come over a port until it closes; what is no call is dropped. */
export function servePort(router: Router, port: Port): void {
  new RPCHandler(router).upgrade(orpcPort(callsOf(port)), {});
}

function callsOf(port: Port): Port {
  const onMessage: Port['onMessage'] = (listener) =>
    port.onMessage((message) => {
      if (isEnvelope(message)) listener(message);
    });
  return { send: (message) => port.send(message), onMessage, onClose: (listener) => port.onClose(listener) };
}
